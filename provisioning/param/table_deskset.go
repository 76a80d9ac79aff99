package param

import "slices"

// ours marks what no instrument knows.
const ours = "deskset"

// desksetTable holds our own settings, which flags, environment and settings
// file carry in the same way.
func desksetTable() []Param {
	return slices.Concat(desksetRows, voiceRows, codecRows, featureRows, wayRows, secureRows, perLine(NumLines, wayLineRows...), watchRows, perLine(NumLines, watchLineRows...))
}

var desksetRows = []Param{
	{
		Name: "mac", Kind: Text, Local: true, Since: ours, normal: macAddress,
		Help: "MAC address of the phone, as in the name of its file; the network interface's if empty.",
	},
	{
		Name: "network_interface", Kind: Text, Max: 64, Local: true, Since: ours,
		Help: "Network interface to use; the one of the default route if empty.",
	},
	{
		Name: "firmware_profile", Kind: Choice, Choices: profileNames[:], Local: true, Since: ours, defaults: same("guide"), normal: profileName,
		Help: "Whose defaults apply: the guide's (release 1.0), those of releases 2, 3 (to 7) or 8, or those of a call manager.",
	},
	{
		Name: "sip_transport", Kind: Choice, Choices: []string{"udp", "tcp", "tls"}, Since: ours, defaults: same("udp"),
		Help: "Transport to the proxies.",
	},
	{
		Name: "sip_profile", Kind: Choice, Choices: []string{"modern", "rfc2543"}, Since: ours, defaults: same("modern"),
		Help: "How calls are held and transferred: as today, or as the instruments did (c=0.0.0.0, BYE with Also). What comes is understood either way.",
	},
	{
		Name: "dtmf_info", Kind: Choice, Choices: []string{"never", "fallback", "always"}, Since: ours, defaults: same("never"),
		Help: "Whether digits are sent by SIP INFO: never, where the far side takes no telephone events, always.",
	},
	{
		Name: "tone_country", Kind: Choice, Choices: toneCountries, Since: ours, defaults: same("US"),
		Help: "Country whose dial tone, ringback, busy and other tones are played.",
	},
	audioRow("audio_handset", "the handset"),
	audioRow("audio_headset", "the headset"),
	audioRow("audio_speaker", "the speaker"),
	audioRow("audio_ringer", "the ringer"),
}

// toneCountries are those that audio/tone has tones of (a test of phonecore
// compares).
var toneCountries = []string{"US", "UK", "DE", "AT", "CH", "ES", "FR", "IT", "NL"}

func audioRow(name, role string) Param {
	return Param{
		Name: name, Kind: Text, Max: 600, Local: true, Since: ours,
		Help: "Sound device for " + role + ", by its name, or \"loudspeaker / microphone\"; the system's default if empty.",
	}
}
