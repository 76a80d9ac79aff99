package param

// featureRows are call features that the guide's releases left to the network,
// and what our phone can do by itself.
var featureRows = []Param{
	{
		Name: "cfwd_busy", Kind: URI, Max: 255, Since: ours,
		Help: "Where calls are forwarded to while the phone is busy or not to be disturbed.",
	},
	{
		Name: "cfwd_noanswer", Kind: URI, Max: 255, Since: ours,
		Help: "Where calls are forwarded to that nobody answers.",
	},
	{
		Name: "cfwd_noanswer_time", Kind: Int, Min: 5, Max: 180, beyond: clamp, Unit: "s", Since: ours, defaults: same("20"),
		Help: "How long the phone rings before cfwd_noanswer.",
	},
	{
		Name: "ring_timeout", Kind: Int, Min: 10, Max: 600, beyond: clamp, Unit: "s", Since: ours, defaults: same("180"),
		Help: "How long the phone rings before the caller is told that nobody answers.",
	},
	{
		Name: "remote_auto_answer", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether the line's own server may have a call answered at once (Answer-Mode, Call-Info, Alert-Info).",
	},
	{
		Name: "ring_internal", Kind: Text, Max: 32, Since: ours,
		Help: "Ring for calls that the server calls internal; that of the line if empty.",
	},
	{
		Name: "ring_external", Kind: Text, Max: 32, Since: ours,
		Help: "Ring for calls that the server calls external; that of the line if empty.",
	},
	{
		Name: "pickup_code", Kind: URI, Max: 64, Since: ours,
		Help: "What the soft key PickUp dials; there is none if empty.",
	},
	{
		Name: "park_code", Kind: URI, Max: 64, Since: ours,
		Help: "Where the soft key Park transfers a call to; there is none if empty.",
	},
}
