//go:build cgo && !linux && !windows && !darwin

package device

import "github.com/gen2brain/malgo"

// The BSDs.
var soundSystems = []soundSystem{
	{name: "PulseAudio", backend: malgo.BackendPulseaudio, periods: 2, pulse: true, hides: pulseDummy},
	{name: "sndio", backend: malgo.BackendSndio, periods: 3},
	{name: "audio(4)", backend: malgo.BackendAudio4, periods: 3},
	{name: "OSS", backend: malgo.BackendOss, periods: 3},
}
