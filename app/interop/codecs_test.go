//go:build linux

package interop_test

import (
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
