package param

import "slices"

// guideTable is Table 3-1 of the guide with the explanations that follow it.
// The numbers of the lines and their names are those of release 2.0, which
// took them from two to six.
func guideTable() []Param {
	return slices.Concat(
		[]Param{{
			Name: "image_version", XML: "loadInformation",
			Kind: Text, Max: 64, Since: "1.0", normal: imageName,
			Help: "Name of the firmware image that the phone should run, without extension.",
		}},
		perLine(1, proxyRows...),
		mediaRows,
		timerRows,
		perLine(2, lineRows...),
		perLine(2, userRows...),
	)
}

var proxyRows = []Param{
	{
		Name: "proxy*_address", XML: "line/proxy",
		Menu: "Proxy Address", Kind: Host, Since: "1.0",
		Help: "SIP proxy of line *; a line without one of its own uses proxy1_address.",
	},
	{
		// The later samples allow 1025 to 65535 only; plenty of servers
		// listen below.
		Name: "proxy*_port", XML: "line/port",
		Menu: "Proxy Port", Kind: Int, Min: 1025, Max: 65535, low: 1, high: 65535,
		Since: "1.0", defaults: same("5060"),
		Help: "Port of the SIP proxy of line *.",
	},
}

var mediaRows = []Param{
	{
		Name: "tos_media", Kind: Int, Min: 0, Max: 5, Since: "1.0", defaults: same("5"),
		Help: "IP precedence of the voice packets.",
	},
	{
		// Release 2.0 took none as well: no preference.
		Name: "preferred_codec", XML: "sipProfile/preferredCodec",
		Menu: "Preferred Codec", Kind: Choice,
		Choices: codecNames, wanted: codecNames[:3], also: []string{"none"},
		Since: "1.0",
		Help:  "Codec to offer first in a call.",
	},
	{
		Name: "dtmf_inband", Kind: Bool, Since: "1.0", defaults: same("1"),
		Help: "Whether digits are sent as tones in the voice.",
	},
	{
		Name: "dtmf_db_level", XML: "sipProfile/dtmfDbLevel",
		Kind: Int, Min: 1, Max: 5, Since: "1.0", defaults: same("3"),
		Help: "Level of in-band digits: 1 is 6 dB below nominal, 3 nominal, 5 is 6 dB above.",
	},
	{
		Name: "dtmf_outofband", XML: "sipProfile/dtmfOutofBand",
		Menu: "Out of Band DTMF", Kind: Choice,
		Choices: []string{"none", "avt", "avt_always"}, Since: "1.0", defaults: same("avt"),
		Help: "Whether digits are sent as telephone events: never, if the far side asks for it, always.",
	},
}

// The guide allows "any positive integer" for these. The upper ends are ours,
// so that no file can make the phone repeat a packet for days; what is above
// is lowered to them.
var timerRows = []Param{
	{
		Name: "timer_t1", XML: "sipProfile/sipStack/timerT1",
		Kind: Int, Min: 1, Max: 60_000, beyond: reduce, Unit: "ms", Since: "1.0", defaults: same("500"),
		Help: "First interval between repetitions of a SIP request.",
	},
	{
		Name: "timer_t2", XML: "sipProfile/sipStack/timerT2",
		Kind: Int, Min: 1, Max: 600_000, beyond: reduce, Unit: "ms", Since: "1.0", defaults: same("4000"),
		Help: "Longest interval between repetitions of a SIP request; more than timer_t1.",
	},
	{
		Name: "timer_invite_expires", XML: "sipProfile/sipStack/timerInviteExpires",
		Kind: Int, Min: 1, Max: 86_400, beyond: reduce, Unit: "s", Since: "1.0", defaults: same("180"),
		Help: "How long a call may go unanswered.",
	},
	{
		Name: "sip_retx", XML: "sipProfile/sipStack/sipRetx",
		Kind: Int, Min: 1, Max: 100, beyond: reduce, Since: "1.0",
		Help: "How often a SIP request other than INVITE is repeated at most.",
	},
	{
		Name: "sip_invite_retx", XML: "sipProfile/sipStack/sipInviteRetx",
		Kind: Int, Min: 1, Max: 100, beyond: reduce, Since: "1.0",
		Help: "How often an INVITE is repeated at most.",
	},
	{
		Name: "proxy_register", XML: "sipProfile/sipProxies/registerWithProxy",
		Menu: "Register with Proxy", Kind: Bool, Since: "1.0",
		Help: "Whether the lines register with their proxies.",
	},
	{
		Name: "timer_register_expires", XML: "sipProfile/sipStack/timerRegisterExpires",
		Menu: "Register Expires", Kind: Int, Min: 1, Max: 3_932_100, beyond: reduce,
		Unit: "s", Since: "1.0", defaults: same("3600"),
		Help: "How long a registration lasts before it is refreshed.",
	},
	{
		Name: "messages_uri", Menu: "Messages URI", Kind: URI, Max: 255, Since: "1.0",
		Help: "Number or address that the messages key calls.",
	},
}

var lineRows = []Param{
	{
		Name: "line*_name", XML: "line/name",
		Menu: "Name", Kind: Text, Max: 128, PhoneOnly: true, Since: "1.0", normal: lineName,
		Help: "Number or user name under which line * registers.",
	},
	{
		Name: "line*_shortname", XML: "line/featureLabel",
		Menu: "Shortname", Kind: Text, Max: 64, PhoneOnly: true, Since: "1.0",
		Help: "Label of line * on the display; its name if empty.",
	},
	{
		Name: "line*_authname", XML: "line/authName",
		Menu: "Authentication Name", Kind: Text, Max: 128, PhoneOnly: true, Since: "1.0",
		Help: "Name with which line * answers challenges; SIP and the MAC address if empty.",
	},
	{
		Name: "line*_password", XML: "line/authPassword",
		Menu: "Authentication Password", Kind: Secret, Max: 128, PhoneOnly: true, Since: "1.0",
		Help: "Password with which line * answers challenges; SIP and the MAC address if empty.",
	},
}

// The instrument dropped these with release 2.0; they do no harm on six lines.
var userRows = []Param{
	{
		Name: "user*_name", Menu: "User Name", Kind: Text, Max: 128, PhoneOnly: true, Since: "1.0", Until: "2.0",
		Help: "User in the From of calls on line *; the line's name if empty.",
	},
	{
		Name: "user*_authname", Menu: "User Authentication Name", Kind: Text, Max: 128, PhoneOnly: true, Since: "1.0", Until: "2.0",
		Help: "Name with which calls on line * answer challenges; line*_authname if empty.",
	},
	{
		Name: "user*_password", Menu: "User Password", Kind: Secret, Max: 128, PhoneOnly: true, Since: "1.0", Until: "2.0",
		Help: "Password with which calls on line * answer challenges; line*_password if empty.",
	},
}
