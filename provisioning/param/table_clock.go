package param

import "slices"

var clockRows = []Param{
	{
		Name: "sntp_server", Kind: Host, Since: "2.0",
		Help: "Time server.",
	},
	{
		Name: "sntp_mode", Kind: Choice, Choices: []string{"unicast", "multicast", "anycast", "directedbroadcast"},
		Since: "2.0", defaults: same("directedbroadcast"),
		Help: "How the time server is asked.",
	},
	{
		Name: "time_zone", Kind: Choice, Choices: timeZones, Since: "2.0", defaults: same("EST"),
		Help: "Time zone, by its short name; the computer's own until it is set.",
	},
	{
		Name: "time_format_24hr", Kind: Int, Min: 0, Max: 3, Locks: true, Since: "2.0", defaults: same("1"),
		Help: "Clock: 0 twelve hours, 1 twenty-four hours, 2 and 3 the same for good.",
	},
	{
		Name: "date_format", Kind: Choice, Choices: []string{"M/D/Y", "D/M/Y", "Y/M/D", "Y/D/M", "Y-M-D", "YY-M-D"},
		also: []string{"D-M-YY", "D-M-Y", "M-D-Y", "YY/M/D"}, Since: "6.0", defaults: same("M/D/Y"),
		Help: "Order of day, month and year.",
	},
}

var timeZones = []string{
	"IDL", "NT", "AHST", "IMT", "YST", "PST", "MST", "CST", "EST", "AST", "NST", "BST", "AT", "WAT", "GMT", "CET",
	"EET", "BT", "IT", "ZP4", "AFG", "ZP5", "IST", "ZP6", "SUM", "WAST", "HST", "JST", "CAST", "EAST", "EADT", "NZST",
}

var daylightRows = slices.Concat(
	[]Param{
		{
			Name: "dst_offset", Kind: Text, Max: 6, Since: "2.0", defaults: same("1"), normal: dstOffset,
			Help: "Hours that daylight saving adds, -12 to 12, or hours and minutes.",
		},
		{
			Name: "dst_auto_adjust", Kind: Bool, Since: "2.0", defaults: same("1"),
			Help: "Whether the clock follows daylight saving by itself.",
		},
	},
	daylightEdge("start", "April", "1"),
	daylightEdge("stop", "October", "8"),
)

// daylightEdge gives the five parameters of one end of daylight saving.
func daylightEdge(edge, month, week string) []Param {
	name, when := "dst_"+edge+"_", "Daylight saving's "+edge+": "
	return []Param{
		{
			Name: name + "month", Kind: Choice, Choices: months, Since: "2.0", defaults: same(month), normal: nameOrNumber,
			Help: when + "month, by name, three letters or number.",
		},
		{
			Name: name + "day", Kind: Int, Min: 0, Max: 31, Since: "2.0", defaults: same("0"),
			Help: when + "day of the month; 0 goes by weekday and week.",
		},
		{
			Name: name + "day_of_week", Kind: Choice, Choices: weekdays, Since: "2.0", defaults: same("Sunday"), normal: nameOrNumber,
			Help: when + "weekday, by name, three letters or number (1 is Sunday).",
		},
		{
			Name: name + "week_of_month", Kind: Int, Min: 1, Max: 6, also: []string{"8"}, Since: "2.0", defaults: same(week),
			Help: when + "week of the month; 8 is the last.",
		},
		{
			Name: name + "time", Kind: Text, Max: 5, Since: "2.0", defaults: same("02:00"), normal: timeOfDay,
			Help: when + "time of day, hours or hours:minutes.",
		},
	}
}
