package phonecore

import (
	"errors"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// states are the calls' states in order.
func (d *desk) states() (states []call.State) {
	d.on(func() {
		for _, c := range d.phone.calls.All() {
			states = append(states, c.State)
		}
	})
	return states
}

func TestTheSecondLineCanCallTheFirst(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine2)
		d.dial("5551212")
		d.soft("Dial")
		d.wait(time.Second)
		d.expect("incoming", "Call waiting: 5551213")
		d.soft("Answer")
		d.wait(2 * time.Second)
		if got := d.states(); len(got) != 2 || got[0] != call.Held || got[1] != call.Connected {
			t.Fatalf("calls are %v, want the outgoing one held and the answered one connected; %v", got, d.statusTexts())
		}
		d.expect("connected", "Held by the other side")
		d.soft("EndCall")
		d.wait(time.Second)
		d.expect("idle")
	})
}

func TestCallInTheBackgroundThatFailsLeavesTheOtherAlone(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 180)
		second := siptest.NewPeer(t, d.net.Network, "192.0.2.10:5060")
		incoming := second.Request("INVITE", "sip:5551213@"+phoneAddr, siptest.SDP(peerSDP))
		second.SendTo(phoneAddr, incoming)
		second.Await("180")
		d.soft("Answer")
		ok := second.Await("200")
		second.SendTo(phoneAddr, second.Within(incoming, ok, "ACK"))
		peer.Reply(invite, 486)
		d.wait(time.Second)
		if got := d.states(); len(got) != 1 || got[0] != call.Connected {
			t.Fatalf("calls are %v", got)
		}
		d.expectStatus("Call to ada@192.0.2.9:5060: Busy")
		second.SendTo(phoneAddr, second.Within(incoming, ok, "BYE"))
		d.wait(time.Second)
		d.expect("idle")
	})
}

func TestServerThatKeepsQuietIsNamedEarly(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("idle")
		d.wait(quietTime)
		d.expect("idle", "Line 1: no answer yet from 192.0.2.77")
		d.wait(37 * time.Second)
		d.expect("idle", "Line 1: no answer from 192.0.2.77")
	}, withFlags("proxy1_address", "192.0.2.77"))
}

func TestCallWithoutSoundSaysSo(t *testing.T) {
	var notify func(audio.Notice)
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		notify(audio.Notice{Role: audio.RoleSpeaker, Err: errors.New("no card")})
		d.wait(noticeTime) // the remark passes
		d.expect("connected", "no sound: see Status")
		notify(audio.Notice{Role: audio.RoleSpeaker, Device: "USB"})
		d.wait(noticeTime)
		d.expect("connected", "Connected")
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
	}, func(c *Config) {
		engine := c.Audio
		c.Audio = func(n func(audio.Notice)) (audio.Engine, error) {
			notify = n
			return engine(n)
		}
	})
}
