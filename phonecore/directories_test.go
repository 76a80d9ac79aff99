package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/directory"
	"deskset/phonecore/flash"
	"deskset/phonecore/history"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// withBook gives the phone a personal directory.
func withBook(t *testing.T, entries ...directory.Entry) setup {
	t.Helper()
	var b directory.Book
	if r := b.Merge(entries); r.Added != len(entries) {
		t.Fatalf("%+v", r)
	}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Config) {
		if err := c.Flash.Put(directory.Blob, data); err != nil {
			t.Fatal(err)
		}
	}
}

func person(name string, numbers ...string) directory.Entry {
	e := directory.Entry{Name: name}
	for _, n := range numbers {
		e.Numbers = append(e.Numbers, directory.Number{Number: n})
	}
	return e
}

// logged are the calls of a list.
func (d *desk) logged(kind history.Kind) (all []history.Entry) {
	d.on(func() { all = d.phone.history.Entries(kind) })
	return all
}

func TestCallsAreLoggedWithTheirDuration(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		ada := d.peer()
		invite := d.ring(ada) // missed
		ada.SendTo(phoneAddr, cancelOf(ada, invite))
		d.wait(time.Second)
		d.expect("idle", "1 missed call")

		invite = d.ring(ada) // received
		d.soft("Answer")
		ada.SendTo(phoneAddr, ada.Within(invite, ada.Await("200"), "ACK"))
		d.wait(41 * time.Second)
		d.soft("EndCall")

		d.ring(ada) // rejected
		d.soft("Reject")

		d.call(ada) // placed
		d.wait(5 * time.Second)
		d.soft("EndCall")
		d.expect("idle", "1 missed call") // until it is seen

		d.press(view.KeyDirectories)
		d.expect("menu.directories", "Missed Calls", "Personal Directory")
		d.dial("1")
		d.expect("menu.directories.missed", "Ada", "Today at", "Line 1", "Dial|EditDial|Delete|more")
		d.soft("Exit")
		d.expect("idle")
		if n := d.view().Screen.Rows; len(n) > 2 && n[2].Text == "1 missed call" {
			t.Error("the missed call is still shown")
		}
		missed, received, placed := d.logged(history.Missed), d.logged(history.Received), d.logged(history.Placed)
		if len(missed) != 1 || missed[0].Duration != 0 || missed[0].Number != "ada" || missed[0].Line != 1 {
			t.Errorf("missed %+v", missed)
		}
		if len(received) != 1 || received[0].Count != 2 || received[0].Duration != 0 {
			t.Errorf("received %+v", received)
		}
		if len(placed) != 1 || placed[0].Duration != 5*time.Second || placed[0].Number != "sip:ada@"+peerAddr {
			t.Errorf("placed %+v", placed)
		}
	}, withFlash(f))
	log, err := history.Load(f)
	if err != nil || len(log.Entries(history.Placed)) != 1 {
		t.Errorf("in flash: %+v, %v", log, err)
	}
}

func TestCallThatAnotherPhoneTookIsNotMissed(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		ada := d.peer()
		invite := d.ring(ada)
		cancel := cancelOf(ada, invite)
		cancel.Header.Add("Reason", `SIP;cause=200;text="Call completed elsewhere"`)
		ada.SendTo(phoneAddr, cancel)
		d.wait(time.Second)
		if n := len(d.logged(history.Missed)) + len(d.logged(history.Received)); n != 0 {
			t.Errorf("%d calls logged", n)
		}
	})
}

func TestCallsTurnedAwayAreMissed(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		ada := d.peer()
		ada.SendTo(phoneAddr, ada.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP)))
		ada.Await("486")
		d.expect("idle", "1 missed call")
		if len(d.logged(history.Missed)) != 1 {
			t.Error("not logged")
		}
	}, withFlags("dnd_control", "1"))
}

// withCalls gives the phone calls that it has placed.
func withCalls(numbers ...string) setup {
	return func(c *Config) {
		var l history.Log
		for i, n := range numbers {
			l.Add(history.Placed, history.Entry{Line: 2, Number: n, When: time.Date(1999, 12, 31, 23, 0, i, 0, time.UTC)})
		}
		if err := c.Flash.SetCalls(l.Record()); err != nil {
			panic(err)
		}
	}
}

func TestDialFromAList(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("3")
		d.expect("menu.directories.placed", "Yesterday at 23:00", "Line 2")
		d.press(view.KeyScrollDown)
		d.soft("Dial") // by the line of the entry, by the dial plan
		d.expectCalled("sip:0104@192.0.2.1")
		d.on(func() {
			if c := d.phone.calls.Selected(); c == nil || c.Line != 2 {
				t.Errorf("%+v", c)
			}
		})
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("3")
		d.soft("EditDial")
		d.expect("dialling", "9105")
		d.soft("<<")
		d.dial("9")
		d.soft("Dial")
		d.expectCalled("sip:0104@192.0.2.1", "sip:0109@192.0.2.1")
	}, withCalls("9103", "9104", "9105"), withPlan(`MATCH="9..." TIMEOUT="0" REWRITE="0..."`))
}

func TestDeleteAndClear(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("3")
		d.press(view.KeyScrollDown, view.KeyScrollDown)
		d.soft("Delete")
		if got := d.logged(history.Placed); len(got) != 2 || got[1].Number != "2" {
			t.Errorf("%+v", got)
		}
		d.soft("Clear")
		d.expect("menu.question", "Delete all entries of Placed Calls?", "Yes|No")
		d.soft("No")
		d.expect("menu.directories.placed", "3", "2")
		d.soft("Clear")
		d.soft("Yes")
		d.expect("menu.directories.placed", "The list is empty")
		d.soft("Exit")
		d.expect("idle")
	}, withFlash(f), withCalls("1", "2", "3"))
	if log, err := history.Load(f); err != nil || len(log.Entries(history.Placed)) != 0 {
		t.Errorf("in flash: %+v, %v", log, err)
	}
}

func TestCompletion(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.dial("555")
		d.expect("dialling", "3 matches: Ada 5550199")
		d.press(view.KeyScrollDown)
		d.expect("dialling", "1 of 3: Ada 5550199")
		d.press(view.KeyScrollDown, view.KeyScrollDown, view.KeyScrollDown)
		d.expect("dialling", "3 of 3: Bob 5550177")
		d.press(view.KeyScrollUp)
		d.expect("dialling", "2 of 3: 5550144")
		d.dial("0") // what is entered counts again
		d.expect("dialling", "5550", "3 matches: Ada 5550199")
		d.dial("17")
		d.expect("dialling", "1 match: Bob 5550177")
		d.press(view.KeyScrollDown)
		d.soft("Dial")
		d.expectCalled("sip:5550177@192.0.2.1")
		d.expect("calling", "Bob")
	}, withCalls("5550144", "5550199"), withBook(t, person("Ada", "555-0199"), person("Bob", "5550177")))
}

func TestNoCompletionWithoutTheParameter(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.dial("555")
		if len(d.view().Screen.Rows) != 1 {
			t.Error(screenText(d.view().Screen))
		}
	}, withCalls("5550144"), withFlags("autocomplete", "0"))
}

func TestCallerIsNamedByTheDirectory(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		peer := d.peer()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551212@"+phoneAddr,
			siptest.With("From", `<sip:+497215550199@192.0.2.9>;tag=a1`), siptest.SDP(peerSDP)))
		peer.Await("180")
		d.expect("incoming", "From Front desk")
	}, withBook(t, person("Front desk", "0721 5550199")))
}

func TestPersonalDirectoryIsEditedOnThePhone(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("4")
		d.expect("menu.directories.personal", "The list is empty")
		d.soft("New")
		d.soft("Save")
		d.expect("menu.directories.entry", "An entry needs a number")
		d.soft("Edit")
		d.expect("menu.directories.edit")
		d.soft("Alpha")
		d.dial("2")
		d.phone.Type("da")
		d.soft("Validate")
		d.press(view.KeyScrollDown)
		d.soft("Edit")
		d.dial("5550199")
		d.soft("Validate")
		d.expect("menu.directories.entry", "ada", "5550199")
		d.soft("Save")
		d.expect("menu.directories.personal", "ada 5550199")
		d.soft("Dial")
		d.expectCalled("sip:5550199@192.0.2.1")
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("4")
		d.soft("Delete")
		d.expect("menu.question", "Delete ada?")
		d.soft("No")
		d.soft("Exit")
	}, withFlash(f))
	data, err := f.Get(directory.Blob)
	if err != nil {
		t.Fatal(err)
	}
	if book, err := directory.Decode(data); err != nil || len(book.Entries()) != 1 {
		t.Errorf("in flash: %s, %v", data, err)
	}
}

func TestSpeedDialsAreSetOnThePhone(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyDirectories)
		d.dial("5")
		d.expect("menu.directories.speed", "Key 3", "Key 4 Front desk 5550199", "Key 6")
		d.dial("4")
		d.soft("Edit") // the configuration's
		d.expect("menu.directories.speed", "That key is not active here")
		d.dial("3")
		d.soft("Edit")
		d.expect("menu.directories.speed.key")
		d.dial("2")
		d.soft("Edit")
		d.dial("5550123")
		d.soft("Validate")
		d.soft("Save")
		d.press(view.KeyLine3)
		d.expectCalled("sip:5550123@192.0.2.1")
	}, withFlags("speed_line4", "5550199", "speed_label4", "Front desk"))
}
