package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

func TestSpeedDialsOnFreeLineKeys(t *testing.T) {
	flags := withFlags("speed_line4", "5550199", "speed_label4", "Front desk", "speed_line6", "sip:ada@"+peerAddr, "speed_line2", "1")
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		labels := d.view().Screen.Lines
		for i, want := range map[int]view.LineLabel{
			1: {Text: "5551213", Icon: view.IconOnHook}, // a line is stronger
			2: {},
			3: {Text: "Front desk", Icon: view.IconSpeedDial},
			5: {Text: "ada@" + peerAddr, Icon: view.IconSpeedDial},
		} {
			if labels[i] != want {
				t.Errorf("key %d: %+v, want %+v", i+1, labels[i], want)
			}
		}
		d.press(view.KeyLine3)
		d.expect("idle", "That key is not active here")
		ada := d.peer()
		d.press(view.KeyLine6)
		ada.Reply(ada.Await("INVITE"), 200, siptest.SDP(peerSDP))
		ada.Await("ACK")
		d.expect("connected")
		d.press(view.KeyLine4) // the call is held
		hold := ada.Await("INVITE")
		ada.Reply(hold, 200, siptest.SDP(withDirection("recvonly")))
		d.expectCalled("sip:ada@"+peerAddr, "sip:5550199@192.0.2.1")
	}, flags)
}

func TestSpeedDialTakesTheOpenLine(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine2)
		d.dial("55")
		d.press(view.KeyLine4)
		d.expectCalled("sip:5550199@192.0.2.1")
		d.on(func() {
			if c := d.phone.calls.Selected(); c == nil || c.Line != 2 {
				t.Errorf("%+v", c)
			}
		})
	}, withFlags("speed_line4", "5550199"))
}
