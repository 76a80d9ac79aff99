package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/view"
)

// TestCallGivenUpEndsThoughThePeerRingsOn: without a final response the INVITE
// is over 64*T1 after its CANCEL (RFC 3261 section 9.1), whatever else comes.
func TestCallGivenUpEndsThoughThePeerRingsOn(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 180)
		d.wait(time.Second)
		d.press(view.KeySpeaker)
		peer.Reply(peer.Await("CANCEL"), 200)
		peer.Reply(invite, 180)
		d.wait(time.Minute)
		d.on(func() {
			if calls, _ := d.phone.agent.Pending(); calls != 0 {
				t.Errorf("%d calls are left in the signalling", calls)
			}
		})
	})
}
