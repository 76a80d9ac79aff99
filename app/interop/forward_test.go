//go:build linux

package interop_test

import (
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestForwardedByDesksetThroughKamailio: 1003 calls 1001, a phone of ours, which
// is forwarded to baresip: at once, and when it does not answer. The proxy passes
// our 302 on, and the caller's phone calls the next one, saying who sent it (RFC
// 5806).
func TestForwardedByDesksetThroughKamailio(t *testing.T) {
	t.Parallel()
	kamailio, phone, peer := pair(t, interop.BaresipConfig{}, map[string]string{"cfwd_noanswer": "1002", "cfwd_noanswer_time": "5"})
	caller := interop.StartDeskset(t, interop.DesksetConfig{Settings: line(1, kamailio, kamailio.Accounts[2])})
	caller.Do("timeout 20s", "screen idle")
	interop.WaitFor(t, 10*time.Second, "1003 to be registered", func() bool { return len(kamailio.Bindings("1003")) == 1 })

	caller.Do("press speaker 1001 pound")
	phone.Do("screen incoming", "expect 1003")
	peer.Wait("CALL_ESTABLISHED")
	caller.Do("screen connected", "expect Forwarded to 1002", "press speaker", "screen idle")
	phone.Do("screen idle", "expect 1 missed call")

	phone.Do("soft CFwdAll", "press 1002", "soft Validate", "screen idle", "expect Forwarded to 1002")
	caller.Do("press speaker 1001 pound", "screen connected", "expect Forwarded to 1002")
	phone.Do("screen idle")
	caller.Do("press speaker", "screen idle")
	trace := caller.Trace()
	for _, reason := range []string{"no-answer", "unconditional"} {
		if !strings.Contains(trace, ";reason="+reason) {
			t.Errorf("nobody says that the call was sent on: %s", reason)
		}
	}
	caller.Quit()
	phone.Quit()
}

// TestHiddenCallerThroughKamailio: baresip is called by nobody in particular.
func TestHiddenCallerThroughKamailio(t *testing.T) {
	t.Parallel()
	_, phone, peer := pair(t, interop.BaresipConfig{}, map[string]string{"callerid_blocking": "1"})
	phone.Do("press speaker 1002 pound", "screen connected")
	if e := peer.Wait("CALL_ESTABLISHED"); !strings.Contains(e.PeerURI, "anonymous") {
		t.Errorf("baresip is called by %s", e.PeerURI)
	}
	phone.Do("press speaker", "screen idle")
	phone.Quit()
}
