package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

// far is the far side of one call, at an address of its own.
type far struct {
	*siptest.Peer
	d          *desk
	name, addr string
	invite, ok *wire.Message
}

func (d *desk) far(name, host string) *far {
	addr := "192.0.2." + host + ":5060"
	return &far{Peer: siptest.NewPeer(d.t, d.net.Network, addr), d: d, name: name, addr: addr}
}

// called is dialled by the phone, and answers.
func (f *far) called() {
	f.d.t.Helper()
	f.d.phone.Type("sip:" + f.name + "@" + f.addr)
	f.d.soft("Dial")
	f.answers()
}

func (f *far) answers() {
	f.d.t.Helper()
	f.invite = f.Await("INVITE")
	f.Reply(f.invite, 180)
	f.ok = f.Reply(f.invite, 200, siptest.SDP(peerSDP), siptest.With("Supported", "replaces"))
	f.Await("ACK")
}

// calls rings the phone on a line.
func (f *far) calls(user string) {
	f.d.t.Helper()
	f.invite = f.Request("INVITE", "sip:"+user+"@"+phoneAddr,
		siptest.With("From", "<"+f.URI(f.name)+">;tag="+f.name), siptest.SDP(peerSDP))
	f.SendTo(phoneAddr, f.invite)
	f.Await("180")
}

// answered awaits the phone's answer.
func (f *far) answered() {
	f.d.t.Helper()
	f.ok = f.Await("200")
	f.SendTo(phoneAddr, f.Within(f.invite, f.ok, "ACK"))
	f.d.wait(10 * time.Millisecond)
}

// turned awaits the offer of another direction, and agrees.
func (f *far) turned(offer string) {
	f.d.t.Helper()
	m := f.Await("INVITE")
	if !strings.Contains(string(m.Body), "a="+offer) {
		f.d.t.Errorf("%s is offered, want %s:\n%s", f.name, offer, m.Body)
	}
	answer := map[string]string{"sendonly": "recvonly", "sendrecv": "sendrecv"}[offer]
	f.Reply(m, 200, siptest.SDP(withDirection(answer)))
	f.Await("ACK")
	f.d.wait(10 * time.Millisecond)
}

func (f *far) held()    { f.d.t.Helper(); f.turned("sendonly") }
func (f *far) resumed() { f.d.t.Helper(); f.turned("sendrecv") }

// left awaits the phone's BYE.
func (f *far) left() { f.d.t.Helper(); f.Reply(f.Await("BYE"), 200) }

func (f *far) hangsUp() {
	f.SendTo(phoneAddr, f.Within(f.invite, f.ok, "BYE"))
	f.d.wait(10 * time.Millisecond)
}

// bridged checks how many streams hear each other.
func (d *desk) bridged(want int) {
	d.t.Helper()
	if got := len(d.heard().bridged); got != want {
		d.t.Errorf("%d streams are bridged, want %d", got, want)
	}
}

// confer brings Ada and Bob into a conference by Confrn.
func (d *desk) confer() (ada, bob *far) {
	d.t.Helper()
	ada, bob = d.far("ada", "9"), d.far("bob", "10")
	ada.called()
	d.soft("Confrn")
	ada.held()
	d.expect("offhook", "Enter number")
	bob.called()
	d.expect("connected", "Confrn joins both calls", "Confrn|EndCall|Cancel|")
	d.bridged(0)
	d.soft("Confrn")
	ada.resumed()
	d.expect("conference", "Conference", "To ada", "To bob", "Hold|EndCall|RmLast|")
	d.bridged(2)
	return ada, bob
}

func TestConfrnAsksForTheOtherPartyAndJoinsIt(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob := d.confer()
		for i, s := range d.heard().streams {
			if s.last().Direction != audio.SendRecv {
				t.Errorf("stream %d: %v", i, s.last().Direction)
			}
		}
		d.press(view.Key5) // to both
		d.wait(time.Second)
		for i, s := range d.heard().streams {
			if s.digits != "5." {
				t.Errorf("stream %d sent %q", i, s.digits)
			}
		}
		d.press(view.KeyMute)
		if d.bridged(2); !d.heard().muted {
			t.Error("not muted")
		}
		d.wait(65 * time.Second)
		d.expect("conference", "1:0") // the durations of both
		// Both have pages of their own.
		d.press(view.KeyInfo, view.KeyInfo)
		d.expect("menu.call.statistics", "bob")
		d.soft("Back")
		d.press(view.KeyScrollUp, view.KeyInfo, view.KeyInfo)
		d.expect("menu.call.statistics", "ada")
		d.soft("Back")
		d.soft("EndCall")
		ada.left()
		bob.left()
		d.wait(time.Second)
		d.expect("idle")
		d.bridged(0)
	}, withFlags("cnf_join_enable", "0"))
}

func TestHoldAndResumeAreOfTheWholeConference(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob := d.confer()
		d.soft("Hold")
		ada.held()
		bob.held()
		d.expect("held", "Conference on hold")
		d.bridged(0)
		d.soft("Resume")
		ada.resumed()
		bob.resumed()
		d.expect("conference")
		d.bridged(2)
		// One that does not want to be taken back stays on hold, outside.
		d.soft("Hold")
		ada.held()
		bob.held()
		d.soft("Resume")
		ada.resumed()
		bob.Reply(bob.Await("INVITE"), 488)
		d.wait(time.Second)
		d.bridged(0)
		d.press(view.KeyScrollUp)
		d.expect("connected", "Connected")
	})
}

func TestConferenceBecomesACallWhenAPartyLeaves(t *testing.T) {
	for name, leave := range map[string]func(d *desk, bob *far){
		"by hanging up": func(d *desk, bob *far) { bob.hangsUp() },
		"by RmLast":     func(d *desk, bob *far) { d.soft("RmLast"); bob.left() },
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				ada, bob := d.confer()
				leave(d, bob)
				d.wait(time.Second)
				d.expect("connected", "Connected", "To ada")
				d.bridged(0)
				if d.heard().path == audio.PathNone {
					t.Error("the voice path is closed")
				}
				d.soft("EndCall")
				ada.left()
				d.wait(time.Second)
				d.expect("idle")
			})
		})
	}
}

func TestPartyThatHoldsStaysInTheConference(t *testing.T) {
	onDesk(t, func(d *desk) {
		_, bob := d.confer()
		m := bob.Within(bob.invite, bob.ok, "INVITE", siptest.SDP(withDirection("sendonly")))
		bob.SendTo(phoneAddr, m)
		ok := bob.Await("200")
		bob.SendTo(phoneAddr, bob.Within(bob.invite, ok, "ACK", siptest.With("CSeq", strings.Replace(m.Header.Get("CSeq"), "INVITE", "ACK", 1))))
		d.wait(time.Second)
		d.expect("conference", "Held by the other side")
		d.bridged(2)
	})
}

func TestConfrnGivenUpTakesTheFirstCallBack(t *testing.T) {
	for name, giveUp := range map[string]func(d *desk, ada, bob *far){
		"while dialling": func(d *desk, ada, bob *far) { d.soft("EndCall") },
		"by Escape":      func(d *desk, ada, bob *far) { d.phone.Type("\x1b") },
		"while it rings": func(d *desk, ada, bob *far) {
			d.phone.Type("sip:bob@" + bob.addr)
			d.soft("Dial")
			bob.Reply(bob.Await("INVITE"), 180)
			d.wait(10 * time.Millisecond)
			d.soft("EndCall")
			bob.Await("CANCEL")
		},
		"by Cancel":  func(d *desk, ada, bob *far) { bob.called(); d.soft("Cancel"); bob.left() },
		"by EndCall": func(d *desk, ada, bob *far) { bob.called(); d.soft("EndCall"); bob.left() },
		"after busy": func(d *desk, ada, bob *far) {
			d.phone.Type("sip:bob@" + bob.addr)
			d.soft("Dial")
			bob.Reply(bob.Await("INVITE"), 486)
			d.wait(10 * time.Millisecond)
			d.expect("failed", "Busy")
			d.soft("EndCall")
		},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				ada, bob := d.far("ada", "9"), d.far("bob", "10")
				ada.called()
				d.soft("Confrn")
				ada.held()
				giveUp(d, ada, bob)
				ada.resumed()
				d.expect("connected", "To ada", "Connected")
				d.bridged(0)
				if d.heard().path != audio.PathSpeaker {
					t.Errorf("path %v", d.heard().path)
				}
			})
		})
	}
}

func TestFirstPartyThatHangsUpMeanwhileLeavesAnOrdinaryCall(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob := d.far("ada", "9"), d.far("bob", "10")
		ada.called()
		d.soft("Confrn")
		ada.held()
		bob.called()
		ada.hangsUp()
		d.expect("connected", "Connected", "To bob")
		d.soft("Confrn") // asks anew
		bob.held()
		d.expect("offhook")
	})
}

func TestJoinPutsTwoCallsTogetherAndAThird(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob, cid := d.far("ada", "9"), d.far("bob", "10"), d.far("cid", "11")
		ada.called()
		if strings.Contains(screenText(d.view().Screen), "Join") {
			t.Error("Join is shown for one call")
		}
		bob.calls("5551213") // waits
		d.soft("Answer")
		ada.held()
		bob.answered()
		d.soft("Join")
		ada.resumed()
		d.expect("conference")
		d.bridged(2)

		cid.calls("5551212")
		d.press(view.KeyScrollDown)
		d.expect("incoming", "Call waiting: cid")
		d.soft("Answer")
		ada.held()
		bob.held()
		cid.answered()
		d.expect("connected", "From cid")
		d.bridged(0)
		d.press(view.KeyScrollUp) // from the side of the held ones
		d.expect("held", "Conference on hold")
		d.soft("Join")
		ada.resumed()
		bob.resumed()
		d.expect("conference", "ada", "bob", "cid")
		d.bridged(3)
		d.soft("RmLast")
		cid.left()
		d.expect("conference")
		d.bridged(2)
	})
}

// TestWhoLeavesAConferenceConnectsTheOthers: cnf_join_enable, which is on unless
// it is turned off.
func TestWhoLeavesAConferenceConnectsTheOthers(t *testing.T) {
	for name, leave := range map[string]func(d *desk){
		"by EndCall":    func(d *desk) { d.soft("EndCall") },
		"by hanging up": func(d *desk) { d.press(view.KeySpeaker) },
	} {
		for result, line := range map[string]string{"taken": "SIP/2.0 200 OK", "refused": "SIP/2.0 603 Decline"} {
			t.Run(name+", "+result, func(t *testing.T) {
				onDesk(t, func(d *desk) {
					ada, bob := d.confer()
					leave(d)
					refer := ada.Await("REFER")
					if to := refer.Header.Get("Refer-To"); refersTo(refer) != "bob" || !strings.Contains(to, "Replaces=") {
						t.Errorf("Refer-To %q", to)
					}
					ada.Reply(refer, 202)
					d.wait(10 * time.Millisecond)
					d.bridged(0)
					if d.heard().path != audio.PathNone || d.heard().streams[0].last().Direction != audio.Inactive {
						t.Errorf("path %v, media %v", d.heard().path, d.heard().streams[0].last().Direction)
					}
					if result == "taken" { // as replaced
						bob.hangsUp()
						bob.Await("200")
					}
					d.tell(ada.Peer, ada.invite, ada.ok, "terminated", line)
					ada.left()
					if result == "refused" {
						bob.left()
					}
					d.expect("idle")
				})
			})
		}
	}
}

func TestParkTransfersToTheParksNumber(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.far("ada", "9")
		ada.called()
		d.soft("Park")
		ada.held()
		refer := ada.Await("REFER")
		if refersTo(refer) != "700" {
			t.Errorf("Refer-To %q", refer.Header.Get("Refer-To"))
		}
		ada.Reply(refer, 202)
		d.wait(10 * time.Millisecond)
		d.tell(ada.Peer, ada.invite, ada.ok, "terminated", "SIP/2.0 486 Busy Here")
		ada.resumed() // no place is free
		d.expect("connected")
		d.soft("Park")
		ada.held()
		ada.Reply(ada.Await("REFER"), 202)
		d.wait(10 * time.Millisecond)
		d.tell(ada.Peer, ada.invite, ada.ok, "terminated", "SIP/2.0 200 OK")
		ada.left()
		d.expect("idle", "Transferred")
	}, withFlags("park_code", "700"))
}

func TestParkIsNotShownWithoutAPlace(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.far("ada", "9").called()
		if soft := strings.Join(d.softWords(), " "); strings.Contains(soft, "Park") {
			t.Errorf("soft keys %s", soft)
		}
	})
}
