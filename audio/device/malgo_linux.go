//go:build cgo

package device

import "github.com/gen2brain/malgo"

// PulseAudio, which PipeWire speaks too, works at two periods: 3 ms from click
// to click at 5 ms. ALSA writes to the hardware's own ring and wants a third.
var soundSystems = []soundSystem{
	{name: "PulseAudio", backend: malgo.BackendPulseaudio, periods: 2, pulse: true},
	{name: "ALSA", backend: malgo.BackendAlsa, periods: 3},
}
