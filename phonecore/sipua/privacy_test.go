package sipua_test

import (
	"strings"
	"testing"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

// TestHiddenPersonIsNotNamedByWhatIsAnswered: callerid_blocking holds for the
// called side too. What a stranger gets, and what the next target of a call reads
// that is sent on, does not say more than was dialled (RFC 3323 section 4.1; RFC
// 5806 section 4; RFC 7044 section 10.1.2).
func TestHiddenPersonIsNotNamedByWhatIsAnswered(t *testing.T) {
	hidden := identified(sipua.IdentityRules{Hidden: true, RemotePartyID: true})
	for name, forward := range map[string]bool{"answered": false, "sent on": true} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			p := newPhone(t, n, phoneAddr, hidden).set(sipua.Account{Line: 1, User: "1001", DisplayName: "Ada Lovelace", Domain: "192.0.2.11"})
			peer := siptest.NewPeer(t, n, peerAddr)
			want := "180"
			if forward {
				want = "302"
				p.ring = func(c *sipua.Call, _ sipua.Event) bool { return c.Forward("5550199", sipua.DivertAll) != nil }
			}
			peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), siptest.With("Supported", "histinfo")))
			res := peer.Expect(want)
			if strings.Contains(string(res.Encode()), "Lovelace") || res.Header.Has("Remote-Party-ID") {
				t.Errorf("%s: a stranger is told who is called:\n%s", name, res.Encode())
			}
			if h := res.Header.Get("History-Info"); forward && !strings.Contains(h, "Privacy=history") {
				t.Errorf("History-Info: %s", h)
			}
		})
	}
}
