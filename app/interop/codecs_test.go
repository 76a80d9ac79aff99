//go:build linux

package interop_test

import (
	"strings"
	"testing"

	"deskset/app/interop"
)

// TestEveryCodecWithBaresip: calls both ways in each codec that both have;
// baresip takes that one only, Deskset offers all with that one preferred, or
// answers an offer of that one.
func TestEveryCodecWithBaresip(t *testing.T) {
	for _, codec := range []struct{ deskset, baresip, shown string }{
		{"g722", "G722/16000/1", "G722"},
		{"opus", "opus/48000/2", "opus"},
	} {
		t.Run(codec.deskset, func(t *testing.T) {
			t.Parallel()
			_, phone, peer := pair(t, interop.BaresipConfig{Codecs: codec.baresip}, map[string]string{"preferred_codec": codec.deskset})
			phone.Do("press handset 1002 pound", "screen connected", "expect 1002")
			peer.Wait("CALL_ESTABLISHED")
			phone.Do("press info info", "screen menu.call.statistics", "expect "+codec.shown+", 20 ms", "soft Back")
			talk(spoken)
			phone.Do("press handset", "screen idle")
			peer.Wait("CALL_CLOSED")
			phone.Quit()
			heardEachOther(t, phone, peer)
		})
		t.Run(codec.deskset+" answered", func(t *testing.T) {
			t.Parallel()
			kamailio, phone, peer := pair(t, interop.BaresipConfig{Codecs: codec.baresip}, nil)
			peer.Dial("sip:1001@" + kamailio.Realm)
			phone.Do("screen incoming", "expect 1002", "press handset", "screen connected")
			peer.Wait("CALL_ESTABLISHED")
			phone.Do("press info info", "screen menu.call.statistics", "expect "+codec.shown+", 20 ms", "soft Back")
			talk(spoken)
			peer.Hangup()
			phone.Do("screen idle")
			phone.Quit()
			heardEachOther(t, phone, peer)
		})
	}
}

// TestReportsShareThePortWithBaresip: RTP and RTCP go through one port (RFC
// 5761), and each hears from the other how its voice arrives.
func TestReportsShareThePortWithBaresip(t *testing.T) {
	kamailio, phone, peer := pair(t, interop.BaresipConfig{Mux: true}, nil)
	peer.Dial("sip:1001@" + kamailio.Realm)
	phone.Do("screen incoming", "press handset", "screen connected", "press info info", "screen menu.call.statistics", "timeout 30s", "expect Far lost 0")
	if n := strings.Count(phone.Trace(), "a=rtcp-mux"); n != 2 {
		t.Errorf("a=rtcp-mux in %d messages, want one in its offer and one in our answer", n)
	}
	phone.Do("soft Back", "press handset", "screen idle")
	peer.Wait("CALL_CLOSED")
	phone.Quit()
	heardEachOther(t, phone, peer)
}
