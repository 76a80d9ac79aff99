//go:build cgo

package device

import "github.com/gen2brain/malgo"

var soundSystems = []soundSystem{
	{name: "Core Audio", backend: malgo.BackendCoreaudio, periods: 3},
}
