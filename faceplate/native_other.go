//go:build !windows && !(linux && cgo)

package faceplate

import (
	"image"

	"fyne.io/fyne/v2"
)

// nativePosition asks where the window is; here nobody says.
func nativePosition(fyne.Window) (x, y int, ok bool) { return 0, 0, false }

// nativeDesktop gives the area of all screens; here nobody says.
func nativeDesktop() (area image.Rectangle, ok bool) { return image.Rectangle{}, false }
