package phonecore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/dialoginfo"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

// watched is the server's side of one lamp.
type watched struct {
	*mailbox
	sub, ok *wire.Message
	version int
}

// watch accepts the subscription that comes.
func (m *mailbox) watch() *watched {
	m.d.t.Helper()
	w := &watched{mailbox: m, sub: m.Await("SUBSCRIBE")}
	w.ok = m.Reply(w.sub, 200, siptest.With("Expires", "3600"))
	return w
}

// tell sends a document with one dialog, "" for none, and awaits the answer.
func (w *watched) tell(kind, direction, state string) {
	w.d.t.Helper()
	body := fmt.Sprintf(`<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="%s" entity="sip:x">`, w.version, kind)
	if state != "" {
		body += `<dialog id="1" direction="` + direction + `"><state>` + state + `</state></dialog>`
	}
	w.version++
	w.send("active", body+"</dialog-info>")
	w.Await("200")
	w.d.wait(10 * time.Millisecond)
}

func (w *watched) send(state, body string) {
	w.SendTo(phoneAddr, w.Within(w.sub, w.ok, "NOTIFY", siptest.With("Event", "dialog"), siptest.With("Subscription-State", state),
		func(m *wire.Message) { m.SetBody(dialoginfo.MIME, []byte(body)) }))
}

func (d *desk) lamp(key int, want view.Icon) {
	d.t.Helper()
	if got := d.view().Screen.Lines[key-1]; got.Icon != want || got.Blink != (want == view.IconRinging) {
		d.t.Errorf("key %d shows icon %d, blinking %v; want icon %d", key, got.Icon, got.Blink, want)
	}
}

func TestBusyLampFollowsTheWatchedNumber(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		w := m.watch()
		for _, want := range []string{"SUBSCRIBE sip:201@192.0.2.3", "Event: dialog\r\n", "Accept: application/dialog-info+xml\r\n"} {
			if !strings.Contains(string(w.sub.Encode()), want) {
				t.Errorf("lacks %s:\n%s", want, w.sub.Encode())
			}
		}
		m.d.expect("idle", "Ada")
		m.d.lamp(3, view.IconSpeedDial) // nothing is known yet
		for _, step := range []struct {
			kind, direction, state string
			icon                   view.Icon
		}{
			{"full", "", "", view.IconOnHook},
			{"partial", "recipient", "early", view.IconRinging},
			{"partial", "recipient", "confirmed", view.IconOffHook},
			{"partial", "recipient", "terminated", view.IconOnHook},
			{"full", "initiator", "trying", view.IconOffHook},
			{"full", "", "", view.IconOnHook},
		} {
			w.tell(step.kind, step.direction, step.state)
			m.d.lamp(3, step.icon)
		}
		// A document is lost: the phone asks for everything, but not again and again.
		w.version += 2
		w.tell("partial", "recipient", "early")
		m.d.lamp(3, view.IconRinging)
		again := m.Await("SUBSCRIBE")
		m.Reply(again, 200, siptest.With("Expires", "3600"))
		w.version += 2
		w.tell("partial", "recipient", "terminated")
		m.Quiet(10 * time.Second)
		// What is no document changes nothing.
		w.send("active", "<html>")
		m.Await("200")
		m.d.lamp(3, view.IconOnHook)
		w.send("terminated;reason=noresource", "")
		m.Await("200")
		m.d.wait(time.Second)
		m.d.lamp(3, view.IconSpeedDial)
		m.d.press(view.KeyLine3)
		if invite := m.Await("INVITE"); !strings.Contains(invite.RequestURI, "201@") {
			t.Errorf("the key calls %s", invite.RequestURI)
		}
	}, "speed_line3", "201", "speed_label3", "Ada")
}

func TestServerThatTellsNobodyIsNotAskedAgain(t *testing.T) {
	for _, status := range []int{403, 404, 489} {
		withMailbox(t, func(m *mailbox) {
			m.registered()
			m.Reply(m.Await("SUBSCRIBE"), status)
			m.Quiet(4 * time.Minute)
			m.d.lamp(3, view.IconSpeedDial)
			for _, s := range m.d.statusTexts() {
				if strings.Contains(s, "201") {
					t.Errorf("it is made much of: %s", s)
				}
			}
		}, "speed_line3", "201")
	}
}

func TestSpeedDialThatIsNotToBeWatched(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		w := m.watch()
		if !strings.Contains(string(w.sub.Encode()), "sip:202@") {
			t.Errorf("watches\n%s", w.sub.Encode())
		}
		w.tell("full", "", "")
		m.Quiet(4 * time.Minute)
	}, "speed_line3", "201", "speed_watch3", "0", "speed_line4", "202")
}

func TestRingingExtensionIsPickedUpByItsKeyAndBySoftKey(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		w := m.watch()
		soft := func() string { return strings.Join(m.d.softWords(), " ") }
		w.tell("full", "", "")
		if strings.Contains(soft(), "PickUp") {
			t.Errorf("nothing rings, yet: %s", soft())
		}
		w.tell("full", "recipient", "early")
		m.d.soft("PickUp")
		if invite := m.Await("INVITE"); !strings.Contains(invite.RequestURI, "**201@") {
			t.Errorf("PickUp calls %s", invite.RequestURI)
		} else {
			m.Reply(invite, 486)
		}
		m.d.wait(time.Second)
		m.d.soft("EndCall")
		m.d.press(view.KeyLine3)
		if invite := m.Await("INVITE"); !strings.Contains(invite.RequestURI, "**201@") {
			t.Errorf("the key calls %s", invite.RequestURI)
		}
	}, "speed_line3", "201", "pickup_directed_code", "**")
}

// softWords are all soft keys of the screen, those behind "more" as well.
func (d *desk) softWords() (words []string) {
	d.on(func() {
		d.phone.softCells()
		for _, c := range d.phone.softKeys() {
			words = append(words, c.label)
		}
	})
	return words
}
