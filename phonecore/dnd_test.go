package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/text"
)

// TestDoNotDisturbByFile: dnd_control 0 and 1 may be changed on the phone, 2 and
// 3 not (reference section 3). The call is in the list of those that were missed.
func TestDoNotDisturbByFile(t *testing.T) {
	for value, c := range map[string]struct{ first, afterKey string }{
		"0": {"180", "486"}, "1": {"486", "180"}, "2": {"180", "180"}, "3": {"486", "486"},
	} {
		onDesk(t, func(d *desk) {
			peer := d.peer()
			peer.SendTo(phoneAddr, cancelled(d, peer, c.first))
			d.wait(time.Second)
			if c.first == "486" {
				d.expect("idle", "Do not disturb is on", "1 missed call")
			}
			d.on(d.phone.toggleDND)
			if value >= "2" {
				d.expect("idle", text.Get(text.LockedByFile))
			}
			callsUs(peer)
			peer.Await(c.afterKey)
		}, withFlags("dnd_control", value))
	}
}

// cancelled calls the phone, waits for what it says, and gives the CANCEL.
func cancelled(d *desk, peer *siptest.Peer, want string) *wire.Message {
	d.t.Helper()
	invite := callsUs(peer)
	peer.Await(want)
	return cancelOf(peer, invite)
}
