package phonecore

import (
	"maps"
	"sync/atomic"
	"testing"
	"time"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// laptop is where the host of these tests is: eight hours west of Greenwich.
var laptop = time.FixedZone("laptop", -8*60*60)

// withWallClock starts the wall clock at an instant, on a host in laptop's zone.
func withWallClock(at time.Time) setup {
	return func(c *Config) {
		began := time.Now()
		c.Now = func() time.Time { return at.Add(time.Since(began)).In(laptop) }
	}
}

// common is twoLines with more lines in SIPDefault.cnf.
func common(lines string) setup {
	more := maps.Clone(twoLines)
	more["SIPDefault.cnf"] += lines
	return withFiles(more)
}

func (d *desk) expectClock(want string) {
	d.t.Helper()
	if got := d.view().Screen.Status.Left; got != want {
		d.t.Errorf("the status row shows %q, want %q", got, want)
	}
}

const centralEurope = `
time_zone: CET
time_format_24hr: 0
date_format: D-M-YY
dst_start_month: March
dst_start_week_of_month: 8
dst_start_time: 2
dst_stop_month: October
dst_stop_time: 3
`

// TestClockFollowsTheParameters crosses the start of daylight saving, wherever
// the host is.
func TestClockFollowsTheParameters(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.expectClock("1:58a 29-03-2026")
		ada := d.peer()
		invite := d.ring(ada) // missed
		ada.SendTo(phoneAddr, cancelOf(ada, invite))
		d.wait(2 * time.Minute)
		d.expectClock("3:00a 29-03-2026")

		d.press(view.KeySettings)
		d.item(text.Get(text.MenuStatus))
		d.soft("Select")
		d.item(text.Get(text.MenuStatusMessages))
		d.soft("Select")
		d.expect("menu.status.messages", "1:58:00a ")
		d.press(view.KeySettings)
		d.press(view.KeyDirectories, view.Key1)
		d.expect("menu.directories.missed", text.Get(text.DirToday, "1:58a"))
		d.wait(22 * time.Hour)
		d.expect("menu.directories.missed", text.Get(text.DirYesterday, "1:58a"))
		d.wait(48 * time.Hour)
		d.expect("menu.directories.missed", text.Get(text.DirDate, "29-03-2026", "1:58a"))
	}, common(centralEurope), withWallClock(time.Date(2026, 3, 29, 0, 58, 0, 0, time.UTC)))
}

// TestClockIsTheHostsUntilSomebodySetsTheZone: first nobody does, then a person
// on the phone.
func TestClockIsTheHostsUntilSomebodySetsTheZone(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.expectClock("04:00 01/15/26")
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.item(text.Get(text.GroupClock))
		d.soft("Select")
		d.soft("Change") // from EST to the next
		d.soft("Back")
		d.soft("Save")
		d.wait(time.Second)
		if zone := d.param("time_zone"); zone != "AST" {
			t.Fatalf("time_zone is %q", zone)
		}
		d.press(view.KeySettings)
		d.expectClock("08:00 01/15/26")
	}, withFiles(noPhoneFile), withWallClock(time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)))
}

// TestBadZoneIsTold: a zone that nobody knows leaves the host's.
func TestBadZoneIsTold(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.expectClock("04:00 01/15/26")
		d.expectStatus("time_zone")
	}, common("time_zone: America/Sao_Paulo\n"), withWallClock(time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)))
}

// wall is a clock on the wall, which sleep makes jump.
type wall struct {
	at, began time.Time
	slept     atomic.Int64
	reads     atomic.Int64 // each view that is made reads it
}

func (w *wall) time() time.Time {
	return w.at.Add(time.Since(w.began) + time.Duration(w.slept.Load()))
}

// TestClockIsRightOnceTheHostIsAwake: timers stand still while it sleeps, the
// wall clock does not, so the turn of the minute is at another time than thought.
func TestClockIsRightOnceTheHostIsAwake(t *testing.T) {
	w := &wall{at: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)}
	movable(t, func(d *desk, move func(string)) {
		d.wait(20 * time.Second)
		w.slept.Add(int64(time.Hour + 25*time.Second))
		move("")
		for range 120 {
			d.wait(time.Second)
			var shown string
			d.on(func() { shown = d.phone.last.Screen.Status.Left })
			if want := w.time().Format("15:04 01/02/06"); shown != want {
				t.Fatalf("the face shows %q at %q", shown, want)
			}
		}
	}, func(c *Config) { w.began, c.Now = time.Now(), w.time })
}
