package sipua_test

import (
	"strings"
	"testing"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// TestServerAtAPortRecognisesItself: where the domain is only the server's
// address, a party's own address has no port; a Request-URI of it must have the
// server's, whoever names it, or the server takes it for somebody else's.
func TestServerAtAPortRecognisesItself(t *testing.T) {
	const want = "sip:carol@192.0.2.12:5070"
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr)
		p.set(sipua.Account{Line: 1, User: "1001", Proxy: "192.0.2.12", ProxyPort: 5070})
		server := siptest.NewPeer(t, n, "192.0.2.12:5070")
		other := p.dial("carol@192.0.2.12")
		invite := server.Expect("INVITE")
		if invite.RequestURI != want || invite.To().URI != "sip:carol@192.0.2.12" {
			t.Errorf("dialled: %s, To %s", invite.RequestURI, invite.To().URI)
		}
		server.Reply(invite, 302, siptest.With("Contact", "<sip:dave@192.0.2.12>"))
		server.Expect("ACK")
		if invite = server.Expect("INVITE"); invite.RequestURI != "sip:dave@192.0.2.12:5070" {
			t.Errorf("redirected: %s", invite.RequestURI)
		}
		server.Reply(invite, 200, siptest.SDP(peerSDP()), siptest.With("Supported", "replaces"))
		server.Expect("ACK")

		p.follows()
		c, in, ok := incomingCall(t, p, server)
		p.do(func() {
			if err := c.TransferTo(other); err != nil {
				t.Error(err)
			}
		})
		refer := server.Expect("REFER")
		server.Reply(refer, 603)
		if u, err := wire.ParseURI(refer.Address("Refer-To").URI); err != nil || u.Bare().String() != want || !strings.HasPrefix(u.Headers, "Replaces=") {
			t.Errorf("handed on: %s", refer.Header.Get("Refer-To"))
		}
		server.SendTo(phoneAddr, server.Within(in, ok, "REFER", siptest.With("Refer-To", "<sip:carol@192.0.2.12>")))
		if invite = server.Await("INVITE"); invite.RequestURI != want {
			t.Errorf("sent on: %s", invite.RequestURI)
		}
	})
}
