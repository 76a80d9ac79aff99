package clock

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same rules on every machine

	"deskset/provisioning/cnf"
	"deskset/provisioning/param"
)

// parameters merges the lines of a SIPDefault.cnf and of the phone's own file.
func parameters(t *testing.T, common []string, own ...string) *param.Set {
	t.Helper()
	file := func(name string, lines []string) cnf.File {
		return cnf.Parse(name, []byte(strings.Join(lines, "\n")+"\n"))
	}
	set, problems := param.Merge(param.ProfileGuide,
		file("SIPDefault.cnf", common).Layer(param.FromDefaultFile), file("SIP00503EFFD842.cnf", own).Layer(param.FromPhoneFile))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lines makes parameters of "month day-of-week week time" for both edges.
func lines(zone, start, stop string) []string {
	all := []string{"time_zone: " + zone}
	for edge, rule := range map[string]string{"start": start, "stop": stop} {
		words := strings.Fields(rule)
		for i, name := range []string{"month", "day_of_week", "week_of_month", "time"} {
			all = append(all, "dst_"+edge+"_"+name+": "+words[i])
		}
	}
	return all
}

// TestAgainstTimeZones compares every half hour of eleven years with the rules
// that the world has agreed on.
func TestAgainstTimeZones(t *testing.T) {
	for _, c := range []struct {
		place string
		lines []string
	}{
		{"Europe/Berlin", lines("CET", "March Sunday 8 2", "October Sunday 8 03:00")},
		{"Europe/Athens", lines("EET", "Mar 1 8 03/00", "10 Sun 8 4")},
		{"Europe/London", lines("GMT", "3 Sun 8 1", "Oct Sun 8 2")},
		{"America/New_York", lines("EST", "Mar Sun 2 02:00", "Nov Sun 1 02:00")},
		{"America/St_Johns", lines("NST", "Mar Sun 2 02:00", "Nov Sun 1 02:00")},
		{"America/Anchorage", lines("YST", "Mar Sun 2 02:00", "Nov Sun 1 02:00")},
		{"Australia/Sydney", lines("EAST", "October Sunday 1 02:00", "April Sunday 1 03:00")},
		{"Australia/Adelaide", lines("CAST", "October Sunday 1 02:00", "April Sunday 1 03:00")},
		{"Pacific/Auckland", lines("NZST", "September Sunday 8 2", "April Sunday 1 3")},
		{"Pacific/Honolulu", []string{"time_zone: AHST", "dst_auto_adjust: 0"}},
		{"Pacific/Marquesas", []string{"time_zone: IMT", "dst_auto_adjust: 0"}},
		{"America/Phoenix", []string{"time_zone: MST", "dst_offset: 0"}},
		{"Asia/Kabul", []string{"time_zone: AFG", "dst_auto_adjust: 0"}},
		{"Asia/Kolkata", []string{"time_zone: IST", "dst_auto_adjust: 0"}},
		{"Asia/Hong_Kong", []string{"time_zone: HST", "dst_auto_adjust: 0"}},
		{"Asia/Tokyo", []string{"time_zone: JST", "dst_auto_adjust: 0"}},
		{"Etc/GMT+12", []string{"time_zone: IDL", "dst_auto_adjust: 0"}},
	} {
		t.Run(c.place, func(t *testing.T) {
			t.Parallel()
			there, host := location(t, c.place), location(t, "America/Los_Angeles")
			clock := New(parameters(t, c.lines), host)
			end := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
			for at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(30 * time.Minute) {
				got, want := clock.Local(at).Format(time.DateTime), at.In(there).Format(time.DateTime)
				if got != want {
					t.Fatalf("%v is %s, want %s", at, got, want)
				}
			}
		})
	}
}

func TestEdges(t *testing.T) {
	us := lines("EST", "Mar Sun 2 02:00", "Nov Sun 1 02:00")
	for _, c := range []struct {
		name   string
		common []string
		own    string
		// at is UTC, want what the clock says.
		at, want string
	}{
		{"before the gap", us, "", "2026-03-08 06:59:59", "2026-03-08 01:59:59"},
		{"after the gap", us, "", "2026-03-08 07:00:00", "2026-03-08 03:00:00"},
		{"overlap, first time", us, "", "2026-11-01 05:59:59", "2026-11-01 01:59:59"},
		{"overlap, second time", us, "", "2026-11-01 06:00:00", "2026-11-01 01:00:00"},
		{"overlap, over", us, "", "2026-11-01 07:00:00", "2026-11-01 02:00:00"},
		{"the instruments' rule, winter", []string{"time_zone: EST"}, "", "2026-04-05 06:59:59", "2026-04-05 01:59:59"},
		{"the instruments' rule, summer", []string{"time_zone: EST"}, "", "2026-04-05 07:00:00", "2026-04-05 03:00:00"},
		{"half an hour", us, "dst_offset: 00/30", "2026-03-08 07:00:00", "2026-03-08 02:30:00"},
		{"half an hour back", us, "dst_offset: -0:30", "2026-07-01 12:00:00", "2026-07-01 06:30:00"},
		{"two hours", us, "dst_offset: 2", "2026-07-01 12:00:00", "2026-07-01 09:00:00"},
		{"by day, before", us, "dst_start_day: 15", "2026-03-15 06:59:59", "2026-03-15 01:59:59"},
		{"by day, after", us, "dst_start_day: 15", "2026-03-15 07:00:00", "2026-03-15 03:00:00"},
		{"by a day that February lacks", us, "dst_start_month: 2\ndst_start_day: 31", "2026-02-28 07:00:00", "2026-02-28 03:00:00"},
		{"by a day of a leap year", us, "dst_start_month: 2\ndst_start_day: 31", "2028-02-29 06:59:59", "2028-02-29 01:59:59"},
		{"fifth week of a month with four", us, "dst_start_week_of_month: 5\ndst_start_month: 4", "2026-04-26 07:00:00", "2026-04-26 03:00:00"},
		{"sixth week", us, "dst_start_week_of_month: 6", "2026-03-29 07:00:00", "2026-03-29 03:00:00"},
		{"another weekday", us, "dst_start_day_of_week: Thu", "2026-03-12 07:00:00", "2026-03-12 03:00:00"},
		{"stop in the first minutes of a year",
			lines("GMT", "Oct Sun 8 1", "Jan Sun 1 00:30"), "dst_stop_day: 1", "2025-12-31 23:29:59", "2026-01-01 00:29:59"},
		{"stop in the first minutes of a year, over",
			lines("GMT", "Oct Sun 8 1", "Jan Sun 1 00:30"), "dst_stop_day: 1", "2025-12-31 23:30:00", "2025-12-31 23:30:00"},
		{"start and stop on one day", lines("GMT", "Jun Sun 1 02:00", "Jun Sun 1 03:00"), "", "2026-06-07 02:00:00", "2026-06-07 02:00:00"},
		{"auto adjust off", us, "dst_auto_adjust: 0", "2026-07-01 12:00:00", "2026-07-01 07:00:00"},
	} {
		at, err := time.Parse(time.DateTime, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := New(parameters(t, c.common, c.own), time.UTC).Local(at).Format(time.DateTime); got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.name, c.at, got, c.want)
		}
	}
}

// TestHostZone: the host's zone with its own rules until somebody sets time_zone.
func TestHostZone(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	summer := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	defaults, _ := param.Merge(param.ProfileGuide)
	stored, _ := param.Merge(param.ProfileGuide, param.FlashLayer(map[string]string{"time_zone": "GMT", "dst_auto_adjust": "0"}))
	for _, c := range []struct {
		name string
		set  *param.Set
		want string
	}{
		{"nobody", defaults, "14:00"},
		{"reset by a file", parameters(t, nil, "time_zone:"), "14:00"},
		{"only its daylight saving", parameters(t, nil, "dst_auto_adjust: 0", "dst_offset: 3"), "14:00"},
		{"a file, to the default", parameters(t, nil, "time_zone: EST"), "08:00"},
		{"flash", stored, "12:00"},
	} {
		if got := New(c.set, berlin).Time(summer); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestZonesRise(t *testing.T) {
	p, _ := param.Lookup("time_zone")
	if len(minutesEast) != len(p.Choices) {
		t.Errorf("%d offsets for %d zones", len(minutesEast), len(p.Choices))
	}
	last := -13 * 60
	for _, name := range p.Choices {
		east, ok := minutesEast[name]
		if !ok || east <= last {
			t.Errorf("%s is %d minutes east, found %v; the one before is %d", name, east, ok, last)
		}
		last = east
	}
}

func TestFormat(t *testing.T) {
	morning := time.Date(2026, 11, 3, 10, 45, 7, 0, time.UTC)
	for _, c := range []struct{ line, want string }{
		{"time_format_24hr: 0", "10:45a 11/03/26"},
		{"time_format_24hr: 1", "10:45 11/03/26"},
		{"time_format_24hr: 2", "10:45a 11/03/26"},
		{"time_format_24hr: 3", "10:45 11/03/26"},
		{"date_format: D/M/Y", "10:45 03/11/26"},
		{"date_format: Y/M/D", "10:45 26/11/03"},
		{"date_format: Y/D/M", "10:45 26/03/11"},
		{"date_format: Y-M-D", "10:45 26-11-03"},
		{"date_format: YY-M-D", "10:45 2026-11-03"},
		{"date_format: D-M-YY", "10:45 03-11-2026"},
		{"date_format: D-M-Y", "10:45 03-11-26"},
		{"date_format: M-D-Y", "10:45 11-03-26"},
		{"date_format: YY/M/D", "10:45 2026/11/03"},
	} {
		if got := New(parameters(t, nil, c.line), time.UTC).Format(morning); got != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
	twelve := New(parameters(t, nil, "time_format_24hr: 0"), time.UTC)
	for hour, want := range map[int]string{0: "12:45:07a", 1: "1:45:07a", 12: "12:45:07p", 23: "11:45:07p"} {
		if got := twelve.Stamp(time.Date(2026, 11, 3, hour, 45, 7, 0, time.UTC)); got != want {
			t.Errorf("hour %d: %q, want %q", hour, got, want)
		}
	}
}
