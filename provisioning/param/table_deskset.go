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
	whereRow("echo_cancel", "Acoustic echo cancellation: what the loudspeaker says is taken out of the microphone."),
	whereRow("noise_suppression", "Noise suppression: what hums around the microphone is turned down."),
	whereRow("gain_control", "Automatic gain control: a voice is sent at the same level, near and far from the microphone."),
	sideToneRow("sidetone_handset", "handset", "18"),
	sideToneRow("sidetone_headset", "headset", "24"),
	audioRow("audio_handset", "the handset"),
	audioRow("audio_headset", "the headset"),
	audioRow("audio_speaker", "the speaker"),
	audioRow("audio_ringer", "the ringer"),
}

// toneCountries are those that audio/tone has tones of (a test of phonecore
// compares).
var toneCountries = []string{"US", "UK", "DE", "AT", "CH", "ES", "FR", "IT", "NL"}

func whereRow(name, help string) Param {
	return Param{
		Name: name, Kind: Choice, Choices: []string{"auto", "on", "off"}, Since: ours, defaults: same("auto"),
		Help: help + " auto is on the speaker only.",
	}
}

func sideToneRow(name, role, db string) Param {
	return Param{
		Name: name, Kind: Int, Max: 40, Since: ours, defaults: same(db),
		Help: "How many dB quieter one hears oneself in the " + role + "; 0 is not at all. Left out where its device is the speaker's.",
	}
}

func audioRow(name, role string) Param {
	return Param{
		Name: name, Kind: Text, Max: 600, Local: true, Since: ours,
		Help: "Sound device for " + role + ", by its name, or \"loudspeaker / microphone\"; the system's default if empty.",
	}
}
