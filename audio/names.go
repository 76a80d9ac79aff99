package audio

import "strings"

// halves parts the loudspeaker from the microphone in the settings' "headset" or
// "loudspeaker / microphone".
const halves = " / "

// DeviceHalf is the loudspeaker's or the microphone's part of such a text. A
// device's own name may hold the mark too ("HDMI / DisplayPort"): who looks a
// device up tries the whole text first.
func DeviceHalf(text string, capture bool) string {
	playback, microphone, both := strings.Cut(text, halves)
	if capture && both {
		return strings.TrimSpace(microphone)
	}
	return strings.TrimSpace(playback)
}
