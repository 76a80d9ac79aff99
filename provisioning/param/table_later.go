package param

import "slices"

// laterTable holds what releases 2.0 to 8.x added (the reference, section 3).
// Since is the release that Cisco's commented sample gives; where only files
// in the field tell, it is the later of the candidates.
func laterTable() []Param {
	return slices.Concat(
		callRows,
		perLine(0, laterLineRows...),
		clockRows,
		daylightRows,
		serverRows,
		natRows,
		perLine(0, callManagerRows...),
		phoneRows,
		serviceRows,
	)
}

// Switches of the form "0 off, 1 on, 2 off and locked, 3 on and locked": the
// locked ones cannot be changed on the phone.
var callRows = []Param{
	{
		Name: "dtmf_avt_payload", Kind: Int, Min: 96, Max: 127, Since: "2.0", defaults: same("101"),
		Help: "RTP payload type of telephone events in our offers.",
	},
	{
		Name: "dnd_control", Kind: Int, Min: 0, Max: 3, Since: "2.0", defaults: same("0"),
		Help: "Do not disturb: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "callerid_blocking", Kind: Int, Min: 0, Max: 3, Since: "2.0", defaults: same("0"),
		Help: "Hiding our own number: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "anonymous_call_block", Kind: Int, Min: 0, Max: 3, Since: "2.0", defaults: same("0"),
		Help: "Refusing callers without a number: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "call_waiting", Kind: Int, Min: 0, Max: 3, Since: "3.0", defaults: same("1"),
		Help: "Calls during a call: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "enable_vad", Kind: Bool, Since: "2.1", defaults: same("0"),
		Help: "Whether silence is not sent.",
	},
	{
		Name: "cnf_join_enable", Kind: Bool, Since: "3.0", defaults: same("1"),
		Help: "Whether the others stay connected when who joined a conference leaves.",
	},
	{
		Name: "semi_attended_transfer", Kind: Bool, Since: "3.1", defaults: same("1"),
		Help: "Whether a call can be transferred while the target still rings.",
	},
	{
		Name: "call_hold_ringback", Kind: Int, Min: 0, Max: 3, Since: "4.4", defaults: same("0"),
		Help: "Ringing as a reminder of a held call after hanging up: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "autocomplete", Kind: Bool, Since: "4.0", defaults: same("1"),
		Help: "Whether numbers are completed from those dialled before.",
	},
	{
		Name: "auto_answer", Kind: Int, Min: 0, Max: 63, Since: "7.0", defaults: same("0"),
		Help: "Lines that answer by themselves: 1 for line 1, 2 for line 2, 4 for line 3 and so on, added up.",
	},
	{
		Name: "stutter_msg_waiting", Kind: Bool, Since: "6.0", defaults: same("0"),
		Help: "Whether the dial tone stutters while messages wait.",
	},
	{
		Name: "call_stats", Kind: Bool, Since: "6.0", defaults: same("0"),
		Help: "Whether voice statistics are sent at the end of a call.",
	},
	{
		Name: "local_cfwd_enable", Kind: Bool, Since: "7.0", defaults: same("1"),
		Help: "Whether calls can be forwarded on the phone.",
	},
	{
		Name: "cfwd_url", Kind: URI, Max: 255, Since: "7.0",
		Help: "Where calls are forwarded to.",
	},
	{
		Name: "remote_party_id", Kind: Bool, Since: "4.0", defaults: same("0"),
		Help: "Whether the caller is taken from Remote-Party-ID.",
	},
	{
		Name: "user_info", Kind: Choice, Choices: []string{"none", "phone", "ip"}, Since: "3.0", defaults: same("none"),
		Help: "The user parameter of our addresses in REGISTER.",
	},
	{
		Name: "dial_template", Kind: Text, Max: 64, Since: "2.0", defaults: same("dialplan"),
		Help: "Name of the dial plan's file without .xml.",
	},
}

var laterLineRows = []Param{
	{
		Name: "line*_displayname", Menu: "Display Name", Kind: Text, Max: 64, PhoneOnly: true, Since: "2.0",
		Help: "Name that others see when line * calls.",
	},
	{
		Name: "speed_line*", Kind: URI, Max: 255, Since: "7.0",
		Help: "Number that line key * dials if the key has no line.",
	},
	{
		Name: "speed_label*", Kind: Text, Max: 64, Since: "7.0",
		Help: "Label of the speed dial on line key *.",
	},
}

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
		Help: "Time zone, by its short name.",
	},
	{
		Name: "time_format_24hr", Kind: Int, Min: 0, Max: 3, Since: "2.0", defaults: same("1"),
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

var serverRows = []Param{
	{
		Name: "timer_register_delta", Kind: Int, Min: 0, Max: 32_767, Unit: "s", Since: "7.0", defaults: same("5"),
		Help: "How long before its end a registration is refreshed.",
	},
	{
		Name: "proxy_backup", Kind: Host, Since: "2.1",
		Help: "Proxy for line 1's calls when proxy1_address fails.",
	},
	portRow("proxy_backup_port", "2.1", "Port of proxy_backup."),
	{
		Name: "proxy_emergency", Kind: Host, Since: "2.1",
		Help: "Proxy for numbers that the dial plan routes to emergency.",
	},
	portRow("proxy_emergency_port", "2.1", "Port of proxy_emergency."),
	{
		Name: "outbound_proxy", Kind: Host, Since: "2.2",
		Help: "Proxy through which all requests go.",
	},
	portRow("outbound_proxy_port", "2.2", "Port of outbound_proxy."),
}

func portRow(name, since, help string) Param {
	return Param{
		Name: name, Kind: Int, Min: 1025, Max: 65535, low: 1, high: 65535, Since: since, defaults: same("5060"), Help: help,
	}
}

var natRows = []Param{
	{
		Name: "nat_enable", Kind: Bool, Since: "2.2", defaults: same("0"),
		Help: "Whether nat_address stands in for our own in SIP and SDP.",
	},
	{
		Name: "nat_address", Kind: Host, Since: "2.2",
		Help: "Address of the router as the other side sees it.",
	},
	{
		Name: "nat_received_processing", Kind: Bool, Since: "2.2", defaults: same("0"),
		Help: "Whether our Contact follows the address that the server saw.",
	},
	{
		// 0 is ours: any free port, for several phones on one machine.
		Name: "voip_control_port", Kind: Int, Min: 1025, Max: 65535, also: []string{"0"}, Since: "2.2", defaults: same("5060"),
		Help: "Port on which the phone listens for SIP; 0 takes any free one.",
	},
	{
		Name: "start_media_port", Kind: Int, Min: 16384, Max: 32766, beyond: clamp, Since: "2.2", defaults: same("16384"), normal: mediaPort,
		Help: "Lowest port for voice.",
	},
	{
		Name: "end_media_port", Kind: Int, Min: 16384, Max: 32766, beyond: clamp, Since: "2.2", defaults: same("32766"), normal: mediaPort,
		Help: "Highest port for voice.",
	},
}

var callManagerRows = []Param{
	{
		Name: "call_manager*_addr", Kind: Host, Since: "8.0",
		Help: "Call manager *, asked where a proxy is USECALLMANAGER.",
	},
	portRow("call_manager*_sip_port", "8.0", "Port of call manager *."),
}

var phoneRows = []Param{
	{
		Name: "phone_label", Kind: Text, Max: 11, beyond: reduce, Since: "2.0",
		Help: "Text at the upper right of the display.",
	},
	{
		Name: "language", Kind: Text, Max: 32, Since: "2.0", defaults: same("english"),
		Help: "Language of the display; reserved.",
	},
	{
		Name: "tftp_cfg_dir", Kind: Text, Max: 64, Since: "2.0",
		Help: "Directory of the phone-specific files on the TFTP server.",
	},
	{
		Name: "sync", Kind: Text, Max: 32, Since: "2.0", defaults: same("1"),
		Help: "Compared with syncinfo.xml before a restart on request.",
	},
	{
		Name: "phone_prompt", Kind: Text, Max: 15, beyond: reduce, Since: "3.0", defaults: same("SIP Phone"),
		Help: "Prompt of the remote console.",
	},
	{
		Name: "phone_password", Kind: Secret, Max: 31, Since: "3.0", defaults: same("cisco"),
		Help: "Password that unlocks the settings and the remote console.",
	},
	{
		Name: "telnet_level", Kind: Int, Min: 0, Max: 2, Since: "3.1", defaults: same("0"),
		Help: "Remote console: 0 off, 1 on, 2 privileged.",
	},
	{
		Name: "network_media_type", Kind: Choice, Choices: []string{"Auto", "Full100", "Full10", "Half100", "Half10"},
		Since: "4.0", defaults: same("Auto"),
		Help: "Speed and duplex of the network port.",
	},
	{
		Name: "network_port2_type", Kind: Choice, Choices: []string{"Hub/Switch", "PC"}, Since: "4.0", defaults: same("Hub/Switch"),
		Help: "What is plugged into the access port.",
	},
	{
		Name: "domain_name", Kind: Host, Since: "7.0",
		Help: "DNS domain of the phone.",
	},
}

var serviceRows = []Param{
	{
		Name: "services_url", Kind: URI, Max: 255, Since: "4.0",
		Help: "What the services key opens.",
	},
	{
		Name: "directory_url", Kind: URI, Max: 255, Since: "4.0",
		Help: "External directory of the directories key.",
	},
	{
		Name: "logo_url", Kind: URI, Max: 255, Since: "4.0",
		Help: "Picture for the idle display.",
	},
	{
		Name: "http_proxy_addr", Kind: Host, Since: "4.0",
		Help: "HTTP proxy for services and directory.",
	},
	{
		Name: "http_proxy_port", Kind: Int, Min: 1, Max: 65535, Since: "4.0", defaults: same("80"),
		Help: "Port of the HTTP proxy.",
	},
	{
		Name: "dyn_dns_addr_1", Kind: Host, Since: "4.0",
		Help: "DNS server that replaces the first one.",
	},
	{
		Name: "dyn_dns_addr_2", Kind: Host, Since: "4.0",
		Help: "DNS server that replaces the second one.",
	},
	{
		Name: "dyn_tftp_addr", Kind: Host, Since: "4.0",
		Help: "TFTP server from which the configuration is requested again.",
	},
}
