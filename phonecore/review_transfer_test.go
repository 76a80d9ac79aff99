package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// TestReplacedWhileBeingTransferred: a far side that we have told to call somebody
// else is itself replaced. Nothing more will be heard of the transfer: it must not
// be waited for, and the call is there again.
func TestReplacedWhileBeingTransferred(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		d.soft("BlndXfr")
		d.holds(ada, "sendonly")
		d.dial("5551299")
		d.soft("Dial")
		ada.Reply(ada.Await("REFER"), 202)
		d.wait(10 * time.Millisecond)
		invite := carol.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP), siptest.With("From", `"Carol" <sip:carol@192.0.2.13>;tag=c1`),
			siptest.With("Replaces", first.CallID()+";to-tag="+ok.To().Tag()+";from-tag="+ok.From().Tag()))
		carol.SendTo(phoneAddr, invite)
		res := carol.Await("200")
		carol.SendTo(phoneAddr, carol.Within(invite, res, "ACK"))
		ada.Reply(ada.Await("BYE"), 200)
		d.holds(carol, "sendrecv")
		d.wait(10 * time.Millisecond)
		d.expect("connected", "From Carol", "Transfer failed")
		d.soft("BlndXfr") // and she can be transferred
		d.holds(carol, "sendonly")
		d.expect("offhook", "Transfer to")
	})
}

// TestConferenceThatWasLeftIsOverWhenItsFirstPartyHangsUp: the other one is not
// kept on hold for ever by a phone that nobody uses.
func TestConferenceThatWasLeftIsOverWhenItsFirstPartyHangsUp(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob := d.confer()
		d.soft("EndCall")
		ada.Reply(ada.Await("REFER"), 202)
		ada.hangsUp()
		ada.Await("200")
		d.wait(leaveTime) // bob may be replaced in this time
		bob.left()
		d.wait(10 * time.Millisecond)
		d.expect("idle")
	})
}

// TestHeldConferenceThatIsEndedOpensNoMicrophone: EndCall connects with the call
// that is left only where a person was talking (guide 1-9).
func TestHeldConferenceThatIsEndedOpensNoMicrophone(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, bob := d.confer()
		cid := d.far("cid", "14")
		d.soft("Hold")
		ada.held()
		bob.held()
		d.soft("NewCall")
		cid.called()
		d.soft("Hold")
		cid.held()
		d.press(view.KeyScrollUp)
		d.soft("EndCall")
		ada.Reply(ada.Await("REFER"), 202)
		d.wait(time.Second)
		if h := d.heard(); h.path != audio.PathNone {
			t.Errorf("path %v\n%s", h.path, screenText(d.view().Screen))
		}
		d.expect("held")
	})
}

// TestWhoTakesOverMayKeepBackWhoItIs: the row says what it says of a call that
// rings.
func TestWhoTakesOverMayKeepBackWhoItIs(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		carol.SendTo(phoneAddr, carol.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP),
			siptest.With("From", `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=c1`),
			siptest.With("Replaces", first.CallID()+";to-tag="+ok.To().Tag()+";from-tag="+ok.From().Tag())))
		carol.Await("200")
		ada.Reply(ada.Await("BYE"), 200)
		d.wait(10 * time.Millisecond)
		d.expect("connected", "From "+text.Get(text.AnonymousParty))
		if s := screenText(d.view().Screen); strings.Contains(s, "anonymous") {
			t.Errorf("%s", s)
		}
	})
}
