package param

// voiceRows are what is said of a call's voice, and what is kept of it.
var voiceRows = []Param{
	{
		Name: "rtcp_xr", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether the far side is asked to report how it hears (RTCP-XR).",
	},
}
