package param

// dialogRows say how calls are begun and kept, where RFCs later than the guide
// leave a choice.
var dialogRows = []Param{
	{
		Name: "prack", Kind: Choice, Choices: []string{"off", "supported", "required"}, Since: ours, defaults: same("supported"),
		Help: "Reliable ringing (RFC 3262): unknown, as the other side wants it, or wanted of everybody.",
	},
	{
		Name: "session_expires", Kind: Int, Min: 0, Max: 86_400, beyond: reduce, Unit: "s", Since: ours, defaults: same("1800"),
		Help: "How long a call may go without a sign of life (RFC 4028), as we propose it; 0 proposes nothing.",
	},
	{
		Name: "session_min_se", Kind: Int, Min: 90, Max: 3600, beyond: reduce, Unit: "s", Since: ours, defaults: same("90"),
		Help: "Shortest time between signs of life that is taken from others.",
	},
	{
		Name: "delayed_offer", Kind: Bool, Since: ours, defaults: same("0"),
		Help: "Call without an offer of media: the called side makes it.",
	},
}
