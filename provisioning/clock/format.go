package clock

import (
	"strings"
	"time"
)

// Format is time and date as the status row shows them: 10:45a 11/21/26.
func (c Clock) Format(t time.Time) string { return c.Time(t) + " " + c.Date(t) }

// Time is the time of day as time_format_24hr wants it: 14:05 or 2:05p.
func (c Clock) Time(t time.Time) string { return c.text(t, c.clock) }

// Stamp is Time with seconds: 14:05:09 or 2:05:09p.
func (c Clock) Stamp(t time.Time) string { return c.text(t, c.stamp) }

// Date is the date as date_format wants it.
func (c Clock) Date(t time.Time) string { return c.text(t, c.date) }

// text cuts pm to p, for which package time has no layout.
func (c Clock) text(t time.Time, layout string) string {
	return strings.TrimSuffix(c.Local(t).Format(layout), "m")
}

// dateParts are the letters of date_format as layouts of package time. The
// reference has Y-M-D beside YY-M-D and shows M/D/Y with two digits for the
// year, which leaves four for YY.
var dateParts = strings.NewReplacer("YY", "2006", "Y", "06", "M", "01", "D", "02")

// setLayouts takes time_format_24hr, whose 2 and 3 are 0 and 1 that nobody can
// change on the phone, and date_format.
func (c *Clock) setLayouts(hours int, date string) {
	c.clock, c.stamp, c.date = "15:04", "15:04:05", dateParts.Replace(date)
	if hours%2 == 0 {
		c.clock, c.stamp = "3:04pm", "3:04:05pm"
	}
}
