package param

// callRows: how calls behave.
var callRows = []Param{
	{
		Name: "dtmf_avt_payload", XML: "sipProfile/dtmfAvtPayload",
		Kind: Int, Min: 96, Max: 127, Since: "2.0", defaults: same("101"),
		Help: "RTP payload type of telephone events in our offers.",
	},
	{
		Name: "dnd_control", XML: "sipProfile/sipCallFeatures/dndControl",
		Kind: Int, Min: 0, Max: 3, Locks: true, Since: "2.0", defaults: same("0"),
		Help: "Do not disturb: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "callerid_blocking", XML: "sipProfile/sipCallFeatures/callerIdBlocking",
		Kind: Int, Min: 0, Max: 3, Locks: true, Since: "2.0", defaults: same("0"),
		Help: "Hiding our own number: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "anonymous_call_block", XML: "sipProfile/sipCallFeatures/anonymousCallBlock",
		Kind: Int, Min: 0, Max: 3, Locks: true, Since: "2.0", defaults: same("0"),
		Help: "Refusing callers without a number: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "call_waiting", Kind: Int, Min: 0, Max: 3, Locks: true, Since: "3.0", defaults: same("1"),
		Help: "Calls during a call: 0 off, 1 on, 2 off for good, 3 on for good.",
	},
	{
		Name: "enable_vad", XML: "sipProfile/enableVad",
		Kind: Bool, Since: "2.1", defaults: same("0"),
		Help: "Whether silence is not sent.",
	},
	{
		Name: "cnf_join_enable", XML: "sipProfile/sipCallFeatures/cnfJoinEnabled",
		Kind: Bool, Since: "3.0", defaults: same("1"),
		Help: "Whether the others stay connected when who joined a conference leaves.",
	},
	{
		Name: "semi_attended_transfer", XML: "sipProfile/sipCallFeatures/semiAttendedTransfer",
		Kind: Bool, Since: "3.1", defaults: same("1"),
		Help: "Whether a call can be transferred while the target still rings.",
	},
	{
		Name: "call_hold_ringback", XML: "sipProfile/sipCallFeatures/callHoldRingback",
		Kind: Int, Min: 0, Max: 3, Locks: true, Since: "4.4",
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
		Name: "stutter_msg_waiting", XML: "sipProfile/stutterMsgWaiting",
		Kind: Bool, Since: "6.0", defaults: same("0"),
		Help: "Whether the dial tone stutters while messages wait.",
	},
	{
		Name: "call_stats", XML: "sipProfile/callStats",
		Kind: Bool, Since: "6.0",
		Help: "Whether voice statistics are sent at the end of a call.",
	},
	{
		Name: "local_cfwd_enable", XML: "sipProfile/sipCallFeatures/localCfwdEnable",
		Kind: Bool, Since: "7.0", defaults: same("1"),
		Help: "Whether calls can be forwarded on the phone.",
	},
	{
		Name: "cfwd_url", XML: "sipProfile/sipCallFeatures/callForwardURI",
		Kind: URI, Max: 255, Since: "7.0",
		Help: "What the soft key CFwdAll calls where the server forwards; empty: the phone does it itself.",
	},
	{
		Name: "remote_party_id", XML: "sipProfile/sipStack/remotePartyID",
		Kind: Bool, Since: "4.0",
		Help: "Whether Remote-Party-ID is sent, and believed if it comes from the line's server.",
	},
	{
		Name: "user_info", XML: "sipProfile/sipStack/userInfo",
		Kind: Choice, Choices: []string{"none", "phone", "ip"}, Since: "3.0", defaults: same("none"),
		Help: "The user parameter of our addresses in REGISTER.",
	},
	{
		Name: "dial_template", XML: "sipProfile/dialTemplate",
		Kind: Text, Max: 64, Since: "2.0", defaults: same("dialplan"), normal: dialTemplate,
		Help: "Name of the dial plan's file without .xml.",
	},
}

var laterLineRows = []Param{
	{
		Name: "line*_displayname", XML: "line/displayName",
		Menu: "Display Name", Kind: Text, Max: 64, PhoneOnly: true, Since: "2.0",
		Help: "Name that others see when line * calls.",
	},
	{
		Name: "speed_line*", XML: "line/speedDialNumber",
		Kind: URI, Max: 255, Since: "7.0",
		Help: "Number that line key * dials if the key has no line.",
	},
	{
		Name: "speed_label*", XML: "line/featureLabel",
		Kind: Text, Max: 64, Since: "7.0",
		Help: "Label of the speed dial on line key *.",
	},
}
