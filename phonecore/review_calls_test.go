package phonecore

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
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

// TestDigitsAreNotLogged: in a call they may be a PIN.
func TestDigitsAreNotLogged(t *testing.T) {
	var log bytes.Buffer
	onDesk(t, func(d *desk) {
		d.call(d.peer())
		log.Reset()
		d.press(view.Key7, view.Key3, view.KeyMute)
	}, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if s := log.String(); strings.Contains(s, "key=7") || strings.Contains(s, "key=3") || !strings.Contains(s, "key=mute") {
		t.Errorf("log:\n%s", s)
	}
}

// TestRingingAfterEarlyMediaKeepsIt is the policy of RFC 3960 section 3.2.
func TestRingingAfterEarlyMediaKeepsIt(t *testing.T) {
	for name, want := range map[string]tone.Name{"media comes": tone.None, "nothing comes": tone.Ringback} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				peer := d.peer()
				d.phone.Type("sip:ada@" + peerAddr)
				d.soft("Dial")
				invite := peer.Await("INVITE")
				peer.Reply(invite, 183, siptest.SDP(peerSDP))
				d.wait(time.Second)
				if want == tone.None {
					d.on(func() { d.voice.streams[0].received = 50 })
				}
				peer.Reply(invite, 180)
				d.wait(time.Second)
				d.expect("ringout")
				if got := d.heard().tone; got != want {
					t.Errorf("tone %v, want %v", got, want)
				}
			})
		})
	}
}

func TestRefusedResumeLeavesTheCallOnHold(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		d.soft("Hold")
		peer.Reply(peer.Await("INVITE"), 200, siptest.SDP(withDirection("recvonly")))
		peer.Await("ACK")
		d.soft("Resume")
		peer.Reply(peer.Await("INVITE"), 488)
		d.wait(time.Second)
		d.expect("held", "No codec in common")
		if d.heard().path != audio.PathNone || d.heard().streams[0].last().Direction != audio.Inactive {
			t.Errorf("path %v, direction %v", d.heard().path, d.heard().streams[0].last().Direction)
		}
		d.soft("Resume")
		peer.Reply(peer.Await("INVITE"), 200, siptest.SDP(withDirection("sendrecv")))
		d.wait(time.Second)
		d.expect("connected")
	})
}

func TestRedirectedCallNoLongerRings(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 180)
		d.wait(time.Second)
		d.expect("ringout")
		peer.Reply(invite, 302, siptest.With("Contact", "<sip:bob@192.0.2.77>"))
		d.wait(time.Second)
		d.expect("calling")
		if d.heard().tone != tone.None {
			t.Errorf("tone %v", d.heard().tone)
		}
	})
}

func TestNumberWithoutAServerIsNotCalledABadAddress(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.dial("5551299")
		d.soft("Dial")
		d.expect("failed", "No server is set")
	}, withFiles(files{"SIP00503EFFD842.cnf": "line1_name: 5551212\n"}))
}

func TestCallThatComesWhileDiallingIsHeardAndCanBeAnswered(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeyHandset, view.Key1)
		peer := d.peer()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551213@"+phoneAddr, siptest.SDP(peerSDP)))
		peer.Await("180")
		d.expect("dialling", "From Peer")
		if got := d.heard().tone; got != tone.CallWaiting {
			t.Errorf("tone %v, want call waiting", got)
		}
		d.press(view.KeyLine2)
		peer.Await("200")
		d.expect("connected")
		if d.heard().path != audio.PathHandset || d.heard().tone != tone.None {
			t.Errorf("path %v, tone %v", d.heard().path, d.heard().tone)
		}
	})
}
