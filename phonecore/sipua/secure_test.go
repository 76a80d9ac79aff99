package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

// TestKeysGoByTLSOnly: a line whose server is reached by TLS calls an address
// that is not: the way of the call counts, not that of the line.
func TestKeysGoByTLSOnly(t *testing.T) {
	line := func(e sdp.Encryption) sipua.Account {
		return sipua.Account{Line: 1, User: "1001", Domain: "example.com", Proxy: "192.0.2.1", Network: transport.TLS, Encryption: e, KeysNeedTLS: true}
	}
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(line(sdp.EncryptionOptional))
		peer := siptest.NewPeer(t, n, peerAddr)
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		if strings.Contains(string(invite.Body), "crypto") {
			t.Errorf("keys in the clear:\n%s", invite.Body)
		}
		peer.Reply(invite, 486)
		peer.Expect("ACK")
	})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(line(sdp.EncryptionRequired))
		peer := siptest.NewPeer(t, n, peerAddr)
		p.do(func() {
			if _, err := p.agent.Dial(1, "sip:peer@192.0.2.12", media()); err == nil {
				t.Error("a call is made")
			}
		})
		peer.Quiet(time.Minute)
	})
}
