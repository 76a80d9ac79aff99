package sipua_test

import (
	"net/netip"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

// The messages that other phones did not survive: ours answers, rings and
// forgets, be it idle, ringing or in a call, be they of a stranger or of the
// far side of the call.
func TestMessagesThatBroughtOtherPhonesDown(t *testing.T) {
	for _, state := range []string{"idle", "ringing", "connected", "within the call"} {
		for i, attack := range siptest.Attacks(siptest.Victim{}) {
			t.Run(state+"/"+attack.Name, func(t *testing.T) {
				virtual(t, func(t *testing.T, n *siptest.Network) { attacked(t, n, state, i) })
			})
		}
	}
}

func attacked(t *testing.T, n *siptest.Network, state string, attack int) {
	const stranger = "192.0.2.66:5060"
	p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
	peer := siptest.NewPeer(t, n, peerAddr)
	v := siptest.Victim{User: "1001", Host: "192.0.2.11", From: stranger}
	bye := func() {}
	switch state {
	case "ringing":
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		peer.Expect("180")
	case "connected", "within the call":
		call, invite, ok := incomingCall(t, p, peer)
		if state == "within the call" {
			v.From, v.CallID, v.LocalTag, v.PeerTag = peerAddr, call.ID(), ok.To().Tag(), "peer"
		}
		bye = func() {
			peer.Drain()
			m := peer.Within(invite, ok, "BYE")
			m.Header.Set("CSeq", "9999 BYE")
			peer.SendTo(phoneAddr, m)
			if got := peer.Next(); state == "connected" && siptest.Kind(got) != "200" {
				t.Errorf("the call has been lost: BYE is answered by %d", got.Status)
			}
		}
	}
	from := peer.Transport
	if v.CallID == "" {
		from = n.Transport(stranger)
	}
	to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
	datagrams := siptest.Attacks(v)[attack].Datagrams
	before := len(n.Log())
	for _, data := range datagrams {
		if err := from.SendRaw(to, []byte(data), nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Millisecond)
	if sent := len(n.Log()) - before; sent > 4*len(datagrams) {
		t.Errorf("%d datagrams made %d", len(datagrams), sent-len(datagrams))
	}
	bye()
	time.Sleep(15 * time.Minute)
	unharmed(t, n, p, phoneAddr)
}

func TestAttacksAreMany(t *testing.T) {
	sum := 0
	for _, a := range siptest.Attacks(siptest.Victim{User: "1001", Host: "h", From: "f"}) {
		sum += len(a.Datagrams)
	}
	if sum < 2000 {
		t.Errorf("only %d", sum)
	}
}
