package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

const carolAddr = "192.0.2.13:5060"

func (d *desk) carol() *siptest.Peer { return siptest.NewPeer(d.t, d.net.Network, carolAddr) }

// talk makes a call from the peer to the phone and puts it through.
func (d *desk) talk(peer *siptest.Peer) (invite, ok *wire.Message) {
	d.t.Helper()
	invite = d.ring(peer)
	d.soft("Answer")
	ok = peer.Await("200")
	peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
	d.wait(10 * time.Millisecond)
	d.expect("connected", "From Ada")
	return invite, ok
}

// holds lets a peer agree to being held, or taken back.
func (d *desk) holds(peer *siptest.Peer, direction string) {
	d.t.Helper()
	invite := peer.Await("INVITE")
	if !strings.Contains(string(invite.Body), "a="+direction) {
		d.t.Errorf("re-INVITE without %s:\n%s", direction, invite.Body)
	}
	answer := map[string]string{"sendonly": "recvonly", "sendrecv": "sendrecv"}[direction]
	peer.Reply(invite, 200, siptest.SDP(withDirection(answer)))
	peer.Await("ACK")
}

// tell lets the peer report how its transfer goes.
func (d *desk) tell(peer *siptest.Peer, invite, ok *wire.Message, state, line string) {
	d.t.Helper()
	peer.SendTo(phoneAddr, peer.Within(invite, ok, "NOTIFY", siptest.With("Event", "refer"), siptest.With("Subscription-State", state),
		func(m *wire.Message) { m.SetBody("message/sipfrag;version=2.0", []byte(line+"\r\n")) }))
	peer.Await("200")
	d.wait(10 * time.Millisecond)
}

// consult presses Trnsfer and calls Carol, who answers or only rings.
func (d *desk) consult(ada, carol *siptest.Peer, answers bool) (invite, ok *wire.Message) {
	d.t.Helper()
	d.soft("Trnsfer")
	d.holds(ada, "sendonly")
	d.expect("offhook", "Transfer to", "From Ada", "Redial|Cancel|Alpha")
	d.phone.Type("sip:carol@" + carolAddr)
	d.soft("Dial")
	invite = carol.Await("INVITE")
	carol.Reply(invite, 180)
	d.wait(100 * time.Millisecond)
	d.expect("ringout", "To carol", "From Ada", "Trnsfer|EndCall|Cancel")
	if answers {
		ok = carol.Reply(invite, 200, siptest.SDP(strings.ReplaceAll(peerSDP, "192.0.2.9", "192.0.2.13")), siptest.With("Supported", "replaces"))
		carol.Await("ACK")
		d.wait(10 * time.Millisecond)
		d.expect("connected", "Trnsfer puts them through", "Trnsfer|EndCall|Cancel")
	}
	return invite, ok
}

func refersTo(m *wire.Message) string {
	u, _ := wire.ParseURI(m.Address("Refer-To").URI)
	return u.UserText()
}

func TestAttendedTransfer(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		d.consult(ada, carol, true)
		d.soft("Trnsfer")
		refer := ada.Await("REFER")
		if refersTo(refer) != "carol" || !strings.Contains(refer.Header.Get("Refer-To"), "Replaces=") {
			t.Errorf("Refer-To %q", refer.Header.Get("Refer-To"))
		}
		ada.Reply(refer, 202)
		d.wait(10 * time.Millisecond)
		d.expect("held", "Transferring")
		d.tell(ada, first, ok, "active", "SIP/2.0 180 Ringing")
		d.expect("held", "Transferring: it rings")
		d.tell(ada, first, ok, "terminated", "SIP/2.0 200 OK")
		d.expect("idle", "Transferred")
		ada.Reply(ada.Await("BYE"), 200)
		carol.Reply(carol.Await("BYE"), 200)
		d.expectStatus("Transfer of Ada: Transferred")
		if d.heard().path != audio.PathNone {
			t.Errorf("path %v", d.heard().path)
		}
	})
}

// TestTransferWhileTheTargetRings: semi_attended_transfer, of release 3.1. The
// call that rings is given up, and made by the far side.
func TestTransferWhileTheTargetRings(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		d.consult(ada, carol, false)
		d.soft("Trnsfer")
		carol.Await("CANCEL")
		refer := ada.Await("REFER")
		if refer.Header.Get("Refer-To") != "<sip:carol@"+carolAddr+">" {
			t.Errorf("Refer-To %q", refer.Header.Get("Refer-To"))
		}
		ada.Reply(refer, 202)
		d.tell(ada, first, ok, "terminated", "SIP/2.0 200 OK")
		d.expect("idle", "Transferred")
	})
}

func TestNoTransferWhileTheTargetRings(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		d.talk(ada)
		d.soft("Trnsfer")
		d.holds(ada, "sendonly")
		d.phone.Type("sip:carol@" + carolAddr)
		d.soft("Dial")
		carol.Reply(carol.Await("INVITE"), 180)
		d.wait(100 * time.Millisecond)
		d.expect("ringout", "EndCall|Cancel")
		if s := d.view().Screen.Soft; strings.Contains(strings.Join(s[:], "|"), "Trnsfer") {
			t.Errorf("soft keys %q", s)
		}
	}, withFlags("semi_attended_transfer", "0"))
}

func TestBlindTransfer(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		first, ok := d.talk(ada)
		d.soft("BlndXfr")
		d.holds(ada, "sendonly")
		d.expect("offhook", "Transfer to")
		if d.heard().tone != tone.Dial {
			t.Errorf("tone %v", d.heard().tone)
		}
		d.dial("5551299")
		d.soft("Dial")
		refer := ada.Await("REFER")
		if refer.Header.Get("Refer-To") != "<sip:5551299@192.0.2.1>" || refer.Header.Get("Referred-By") == "" {
			t.Errorf("REFER:\n%s", refer.Encode())
		}
		d.expect("held", "Transferring", "|EndCall||")
		ada.Reply(refer, 202)
		d.tell(ada, first, ok, "terminated", "SIP/2.0 200 OK")
		ada.Reply(ada.Await("BYE"), 200)
		d.expect("idle", "Transferred")
		if n := d.net.calls("5551299"); n != 0 {
			t.Errorf("the phone itself has called %d times", n)
		}
	})
}

// TestTransferThatFailsComesBack: whatever goes wrong, the person is talking to
// the first party again and reads why. Nobody is transferred another way: a BYE
// with Also could only lose the caller.
func TestTransferThatFailsComesBack(t *testing.T) {
	for name, test := range map[string]struct {
		reply  int
		notify string
		wait   time.Duration
		want   string
	}{
		"not known":   {reply: 501, want: "They cannot be transferred"},
		"not allowed": {reply: 405, want: "They cannot be transferred"},
		"declined":    {reply: 603, want: "Declined"},
		"busy":        {reply: 202, notify: "SIP/2.0 486 Busy Here", want: "Busy"},
		"no such":     {reply: 202, notify: "SIP/2.0 404 Not Found", want: "Not found"},
		"no NOTIFY":   {reply: 202, wait: 33 * time.Second, want: "Nothing heard of it"},
		"no more":     {reply: 202, notify: "SIP/2.0 180 Ringing", wait: 211 * time.Second, want: "Nothing heard of it"},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				ada := d.peer()
				first, ok := d.talk(ada)
				d.soft("BlndXfr")
				d.holds(ada, "sendonly")
				d.dial("5551299")
				d.soft("Dial")
				ada.Reply(ada.Await("REFER"), test.reply)
				d.wait(10 * time.Millisecond)
				if test.notify != "" {
					d.tell(ada, first, ok, "active", test.notify)
				}
				d.wait(test.wait)
				d.holds(ada, "sendrecv")
				d.wait(10 * time.Millisecond)
				d.expect("connected", "Transfer failed", test.want)
				d.expectStatus("Transfer of Ada: " + test.want)
				if s := d.heard().streams[0].last(); s.Direction != audio.SendRecv {
					t.Errorf("direction %v", s.Direction)
				}
				d.soft("EndCall")
				ada.Reply(ada.Await("BYE"), 200)
				d.expect("idle")
			})
		})
	}
}

func TestTransferToASilentPeer(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		d.talk(ada)
		d.soft("BlndXfr")
		d.holds(ada, "sendonly")
		d.dial("5551299")
		d.soft("Dial")
		d.wait(2 * time.Minute)
		d.expectStatus("Transfer of Ada: No answer from the server")
	})
}

// TestTransferIsLeftOrEnds: EndCall does not wait for the news; a far side that
// hangs up ends it too.
func TestTransferIsLeftOrEnds(t *testing.T) {
	for _, byPeer := range []bool{true, false} {
		onDesk(t, func(d *desk) {
			ada := d.peer()
			first, ok := d.talk(ada)
			d.soft("BlndXfr")
			d.holds(ada, "sendonly")
			d.dial("5551299")
			d.soft("Dial")
			ada.Reply(ada.Await("REFER"), 202)
			d.wait(time.Second)
			if byPeer {
				ada.SendTo(phoneAddr, ada.Within(first, ok, "BYE"))
				ada.Await("200")
			} else {
				d.soft("EndCall")
				ada.Reply(ada.Await("BYE"), 200)
			}
			d.wait(time.Second)
			d.expect("idle")
			d.talk(ada) // and a new one may begin
			d.soft("Trnsfer")
			d.expect("offhook", "Transfer to")
		})
	}
}

// TestTransferIsCancelled: in the entry, while it rings, while talking, and when
// the other party hangs up.
func TestTransferIsCancelled(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		d.talk(ada)
		d.soft("Trnsfer")
		d.holds(ada, "sendonly")
		d.soft("Cancel")
		d.holds(ada, "sendrecv")
		d.expect("connected", "From Ada")

		invite, _ := d.consult(ada, carol, false)
		d.soft("Cancel")
		carol.Reply(carol.Await("CANCEL"), 200)
		carol.Reply(invite, 487)
		d.holds(ada, "sendrecv")
		d.expect("connected", "From Ada", "Hold|EndCall|Trnsfer")

		d.consult(ada, carol, true)
		d.soft("Cancel")
		carol.Reply(carol.Await("BYE"), 200)
		d.holds(ada, "sendrecv")
		d.expect("connected", "From Ada")

		invite, ok := d.consult(ada, carol, true)
		carol.SendTo(phoneAddr, carol.Within(invite, ok, "BYE"))
		carol.Await("200")
		d.wait(time.Second)
		d.expect("held", "From Ada", "Resume|NewCall|EndCall")
	})
}

// TestTransferOfAHeldCallToAnother: two calls that are there already.
func TestTransferOfAHeldCallToAnother(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		d.talk(ada)
		d.soft("Hold")
		d.holds(ada, "sendonly")
		d.soft("NewCall")
		d.phone.Type("sip:carol@" + carolAddr)
		d.soft("Dial")
		invite := carol.Await("INVITE")
		carol.Reply(invite, 200, siptest.SDP(peerSDP), siptest.With("Supported", "replaces"))
		carol.Await("ACK")
		d.wait(10 * time.Millisecond)
		d.press(view.KeyScrollUp)
		d.expect("held", "From Ada", "To carol")
		d.soft("Trnsfer")
		d.holds(carol, "sendonly")
		d.expect("offhook", "Transfer to", "Redial|Cancel|Trnsfer|Alpha")
		d.soft("Trnsfer")
		refer := ada.Await("REFER")
		if refersTo(refer) != "carol" || !strings.Contains(refer.Header.Get("Refer-To"), "Replaces=") {
			t.Errorf("Refer-To %q", refer.Header.Get("Refer-To"))
		}
		// Refused: both calls are still there.
		ada.Reply(refer, 603)
		d.wait(10 * time.Millisecond)
		d.expect("held", "From Ada", "Declined", "To carol", "Transfer failed")
	})
}

// TestTransferAsInTheGuide: B-35, steps 12 to 15, with sip_profile rfc2543.
func TestTransferAsInTheGuide(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		d.talk(ada)
		d.soft("Trnsfer")
		if hold := ada.Await("INVITE"); !strings.Contains(string(hold.Body), "c=IN IP4 0.0.0.0") {
			t.Errorf("hold by\n%s", hold.Body)
		} else {
			ada.Reply(hold, 200, siptest.SDP(peerSDP))
			ada.Await("ACK")
		}
		d.phone.Type("sip:carol@" + carolAddr)
		d.soft("Dial")
		carol.Reply(carol.Await("INVITE"), 200, siptest.SDP(peerSDP))
		carol.Await("ACK")
		d.wait(10 * time.Millisecond)
		d.soft("Trnsfer")
		carol.Reply(carol.Await("BYE"), 200)
		bye := ada.Await("BYE")
		if bye.Header.Get("Also") != "<sip:carol@"+carolAddr+">" {
			t.Errorf("Also %q", bye.Header.Get("Also"))
		}
		ada.Reply(bye, 200)
		d.wait(10 * time.Millisecond)
		d.expect("idle", "Transferred")
	}, withFlags("sip_profile", "rfc2543"))
}

// TestAttendedTransferRefused: the person goes on talking to Carol, and Ada is
// still on hold.
func TestAttendedTransferRefused(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		d.talk(ada)
		d.consult(ada, carol, true)
		d.soft("Trnsfer")
		ada.Reply(ada.Await("REFER"), 603)
		d.wait(10 * time.Millisecond)
		d.expect("held", "From Ada", "Declined", "To carol", "Transfer failed", "Resume|NewCall|EndCall|more")
		if s := d.heard().streams[1].last(); s.Direction != audio.SendRecv {
			t.Errorf("Carol hears %v", s.Direction)
		}
		d.soft("Resume")
		d.holds(carol, "sendonly")
		d.holds(ada, "sendrecv")
		d.expect("connected", "From Ada")
	})
}

// TestTransferFromHold: a call that is on hold anyway is transferred like any
// other, and stays on hold if the person thinks better of it.
func TestTransferFromHold(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		first, ok := d.talk(ada)
		d.soft("Hold")
		d.holds(ada, "sendonly")
		d.soft("Trnsfer")
		d.expect("offhook", "Transfer to")
		d.soft("Cancel")
		d.expect("held", "From Ada")
		d.soft("Trnsfer")
		d.press(view.KeySpeaker) // hanging up ends the entry
		d.expect("held", "From Ada")
		d.soft("Trnsfer")
		d.phone.Type("sip:carol@" + carolAddr)
		d.soft("Dial")
		carol := d.carol()
		carol.Await("INVITE")
		d.soft("Trnsfer") // nobody rings yet
		ada.Reply(ada.Await("REFER"), 202)
		d.tell(ada, first, ok, "terminated", "SIP/2.0 200 OK")
		d.expect("idle", "Transferred")
	})
}
