package clock

import (
	"cmp"
	"strings"
	"time"

	"deskset/provisioning/param"
)

// saving is when daylight saving holds, the same in every year.
type saving struct {
	// standard is the zone without it, zone with it.
	standard, zone *time.Location
	start, stop    edge
}

// savingOf gives nil if the clock is not to follow daylight saving.
func savingOf(set *param.Set, standard *time.Location) *saving {
	adds := offset(set.Text("dst_offset"))
	if adds == 0 || !set.Bool("dst_auto_adjust") {
		return nil
	}
	_, seconds := time.Time{}.In(standard).Zone()
	return &saving{
		standard: standard,
		zone:     time.FixedZone(standard.String(), seconds+int(adds/time.Second)),
		start:    edgeOf(set, "dst_start_"),
		stop:     edgeOf(set, "dst_stop_"),
	}
}

// offset reads a dst_offset as the table leaves it: -1, 0:30.
func offset(text string) time.Duration {
	hours, minutes, _ := strings.Cut(text, ":")
	d, err := time.ParseDuration(hours + "h" + cmp.Or(minutes, "0") + "m")
	if err != nil {
		return 0
	}
	return d
}

// holds tells whether the edge that t follows is a start. It may be one of the
// year before, and an edge in the first hours of a year may lie in the year
// before by standard time. In the south the start follows the stop, which needs
// no rule of its own here. Of a start and a stop in one instant the stop counts.
func (s *saving) holds(t time.Time) bool {
	var last time.Time
	on := false
	this := t.In(s.standard).Year()
	for year := this - 1; year <= this+1; year++ {
		// Each edge is given by the clock that people look at until then.
		start := s.start.in(year, s.standard)
		stop := s.stop.in(year, s.zone)
		if !start.After(t) && start.After(last) {
			last, on = start, true
		}
		if !stop.After(t) && !stop.Before(last) {
			last, on = stop, false
		}
	}
	return on
}

// edge is an end of daylight saving.
type edge struct {
	month time.Month
	// day of the month; 0 goes by weekday and week.
	day     int
	weekday time.Weekday
	// week of the month, from 1; see dayIn.
	week         int
	hour, minute int
}

func edgeOf(set *param.Set, prefix string) edge {
	e := edge{day: set.Int(prefix + "day"), week: set.Int(prefix + "week_of_month")}
	if at, err := time.Parse("January 15:04", set.Text(prefix+"month")+" "+set.Text(prefix+"time")); err == nil {
		e.month, e.hour, e.minute = at.Month(), at.Hour(), at.Minute()
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if day.String() == set.Text(prefix+"day_of_week") {
			e.weekday = day
		}
	}
	return e
}

// in is the instant of the edge in a year, by the clock of a zone.
func (e edge) in(year int, zone *time.Location) time.Time {
	return time.Date(year, e.month, e.dayIn(year), e.hour, e.minute, 0, 0, zone)
}

// dayIn is the day of the month in a year. Week 2 of Sunday is the second
// Sunday. A week that the month does not have is its last: the 8 that stands
// for it, and often 5 and 6. So is a day beyond the month's end.
func (e edge) dayIn(year int) int {
	last := time.Date(year, e.month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if e.day > 0 {
		return min(e.day, last)
	}
	first := time.Date(year, e.month, 1, 0, 0, 0, 0, time.UTC).Weekday()
	day := 1 + int(e.weekday-first+7)%7 + 7*(e.week-1)
	for day > last {
		day -= 7
	}
	return day
}
