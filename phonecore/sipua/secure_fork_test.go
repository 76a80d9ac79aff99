package sipua_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
)

// TestForkedEarlyMediaHaveTheirOwnKeys: two phones behind one number play early
// media, each under a key of its own; ours is the same for both, as the offer
// was.
func TestForkedEarlyMediaHaveTheirOwnKeys(t *testing.T) {
	answering(t, func(t *testing.T, _ *siptest.Network, p *phone, peer *siptest.Peer) {
		acc := plain(1, "1001")
		acc.Encryption = sdp.EncryptionRequired
		p.set(acc)
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		keyOf := func(b string) string { return strings.Repeat(b, 30) }
		answer := func(b string) siptest.Option {
			line := "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" + base64.StdEncoding.EncodeToString([]byte(keyOf(b)))
			return siptest.SDP(strings.Replace(peerSDP(line), "RTP/AVP", "RTP/SAVP", 1))
		}
		heard := func(b string, state sipua.CallState) {
			t.Helper()
			time.Sleep(time.Second)
			e := p.last()
			if e.State != state || e.Media == nil || e.Media.Crypto == nil || string(e.Media.Crypto.Receive) != keyOf(b) {
				t.Fatalf("%s: %+v", b, e)
			}
			ours := base64.StdEncoding.EncodeToString([]byte(e.Media.Crypto.Send))
			if !strings.Contains(string(invite.Body), fmt.Sprint("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:", ours)) {
				t.Errorf("%s: our key is not that of the offer", b)
			}
		}
		for _, b := range []string{"a", "b"} {
			peer.Reply(invite, 183, branch(invite, b), answer(b))
			heard(b, sipua.CallProgress)
		}
		peer.Reply(invite, 200, branch(invite, "a"), answer("a"))
		peer.Expect("ACK")
		heard("a", sipua.CallConnected)
	})
}
