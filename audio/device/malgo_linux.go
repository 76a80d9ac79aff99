//go:build cgo

package device

import (
	"strings"

	"github.com/gen2brain/malgo"
)

// PulseAudio, which PipeWire speaks too, holds one period whatever the number is:
// 3 ms from click to click at 5 ms. The number bounds what it keeps when we are
// late; what is beyond, of a microphone, is lost. ALSA writes to the hardware's
// own ring and wants a third.
var soundSystems = []soundSystem{
	{name: "PulseAudio", backend: malgo.BackendPulseaudio, periods: 8, pulse: true, hides: pulseDummy},
	{name: "ALSA", backend: malgo.BackendAlsa, periods: 3, prepare: quietALSA, hides: alsaPlugin},
}

// alsaPlugin tells what ALSA lists beside its cards (":0,0") and what the
// system is set up to use: rate converters, mixers, and a device that discards
// what it is given.
func alsaPlugin(id string) bool {
	return !strings.HasPrefix(id, ":") && id != "default" && id != "pipewire"
}
