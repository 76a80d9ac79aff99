package param

// voiceRows are what is said of a call's voice, and what is kept of it.
var voiceRows = []Param{
	{
		Name: "rtcp_xr", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether the far side is asked to report how it hears (RTCP-XR).",
	},
	{
		Name: "record_calls", Kind: Choice, Choices: []string{"off", "on_demand", "all"}, Since: ours, defaults: same("off"),
		Help: "Whether calls may be recorded: never, by the soft key Record, all of them. The law of many countries asks for the consent of everybody in the call.",
	},
	{
		Name: "record_format", Kind: Choice, Choices: []string{"wav", "opus"}, Since: ours, defaults: same("wav"),
		Help: "Format of recordings: WAV (16-bit, 16 kHz, 3.8 MB a minute) or Opus (Ogg, 0.6 MB a minute).",
	},
	{
		Name: "record_tone", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether a tone tells everybody each 15 s that the call is recorded.",
	},
	{
		Name: "record_folder", Kind: Text, Max: 255, Local: true, Since: ours,
		Help: "Folder for recordings; one beside the phone's flash if empty.",
	},
	{
		Name: "record_limit", Kind: Int, Min: 1, Max: 4000, beyond: clamp, Unit: "MB", Since: ours, defaults: same("500"),
		Help: "Size at which a recording ends.",
	},
}
