// Package clock is the clock on the wall as the parameters want it: time_zone,
// dst_*, time_format_24hr and date_format (reference, section 3).
//
//	c := clock.New(params, time.Local)
//	fmt.Println(c.Format(time.Now())) // 10:45a 11/21/26
//
// What time it is, the host knows: its clock is taken as right. Where the phone
// is, the parameters decide only if a file, a flag or a person has set
// time_zone. As long as nobody has, the zone of the host with its own rules of
// daylight saving is a better guess than the instruments' EST: the laptop of
// somebody who works far away is right. A zone by name has no rules of its
// own; daylight saving then is what dst_* says, in every year alike.
//
// zones.go has the offsets, daylight.go the rules, format.go the texts.
package clock

import (
	"time"

	"deskset/provisioning/param"
)

// Clock turns instants into local time and text. It does not change once made.
type Clock struct {
	// standard is the zone without daylight saving; the host's zone looks
	// after it by itself.
	standard *time.Location
	saving   *saving // nil for none
	// clock, stamp and date are layouts of package time.
	clock, stamp, date string
}

// New makes the clock of a set of parameters. The host's zone is used where
// time_zone is at its default.
func New(set *param.Set, host *time.Location) Clock {
	c := Clock{standard: host}
	c.setLayouts(set.Int("time_format_24hr"), set.Text("date_format"))
	if name := set.Text("time_zone"); set.IsSet("time_zone") {
		c.standard = time.FixedZone(name, minutesEast[name]*60)
		c.saving = savingOf(set, c.standard)
	}
	return c
}

// Local is t in the phone's zone, daylight saving included.
func (c Clock) Local(t time.Time) time.Time {
	if c.saving != nil && c.saving.holds(t) {
		return t.In(c.saving.zone)
	}
	return t.In(c.standard)
}
