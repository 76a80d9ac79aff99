package faceplate

import (
	"image"
	"syscall"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

var (
	user32         = syscall.NewLazyDLL("user32.dll")
	clientToScreen = user32.NewProc("ClientToScreen")
	systemMetrics  = user32.NewProc("GetSystemMetrics")
)

// nativePosition asks where the window's content is, in the measure of
// desktop.Window.RequestPosition.
func nativePosition(win fyne.Window) (x, y int, ok bool) {
	native, is := win.(driver.NativeWindow)
	if !is {
		return 0, 0, false
	}
	native.RunNative(func(context any) {
		c, is := context.(driver.WindowsWindowContext)
		if !is || c.HWND == 0 {
			return
		}
		var p struct{ x, y int32 }
		r, _, _ := clientToScreen.Call(c.HWND, uintptr(unsafe.Pointer(&p)))
		x, y, ok = int(p.x), int(p.y), r != 0
	})
	return x, y, ok
}

// The virtual screen: all monitors (winuser.h).
const (
	smXVirtualScreen  = 76
	smYVirtualScreen  = 77
	smCXVirtualScreen = 78
	smCYVirtualScreen = 79
)

// nativeDesktop gives the area of all screens in the same measure.
func nativeDesktop() (area image.Rectangle, ok bool) {
	metric := func(index uintptr) int {
		v, _, _ := systemMetrics.Call(index)
		return int(int32(v))
	}
	x, y := metric(smXVirtualScreen), metric(smYVirtualScreen)
	area = image.Rect(x, y, x+metric(smCXVirtualScreen), y+metric(smCYVirtualScreen))
	return area, !area.Empty()
}
