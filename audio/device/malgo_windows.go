//go:build cgo

package device

import "github.com/gen2brain/malgo"

var soundSystems = []soundSystem{
	{name: "WASAPI", backend: malgo.BackendWasapi, periods: 3},
	{name: "DirectSound", backend: malgo.BackendDsound, periods: 3},
	{name: "WinMM", backend: malgo.BackendWinmm, periods: 3},
}
