package sipua_test

import (
	"slices"
	"strings"
	"testing"

	"deskset/audio/codec"
	"deskset/phonecore/sipua/siptest"
)

// 488 and 606: who chokes on a codec without a payload type of its own is
// offered the others, once.
func TestCodecsWithoutNumbersAreGivenUp(t *testing.T) {
	names := codec.Names()
	dynamic := slices.ContainsFunc(names, func(n codec.Name) bool {
		info, _ := codec.Lookup(n)
		return !info.Static
	})
	for _, status := range []int{488, 606} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			p.do(func() {
				if _, err := p.agent.Dial(1, "sip:peer@192.0.2.12", media(names...)); err != nil {
					t.Error(err)
				}
			})
			peer.Reply(peer.Expect("INVITE"), status)
			peer.Expect("ACK")
			if dynamic {
				again := peer.Expect("INVITE")
				if body := string(again.Body); !strings.Contains(body, "PCMU/8000") || strings.Contains(body, "a=rtpmap:96 ") {
					t.Errorf("%s", body)
				}
				peer.Reply(again, status)
				peer.Expect("ACK")
			}
			p.wantEnd(status, true)
		})
	}
}
