//go:build linux && cgo

package faceplate

import (
	"image"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/ebitengine/purego"
)

// xlib is what of Xlib the face needs. It is loaded when it is first used and
// not linked, so that the program runs where there is Wayland alone.
type xlib struct {
	open      func(name *byte) uintptr
	close     func(display uintptr) int32
	root      func(display uintptr) uintptr
	width     func(display uintptr, screen int32) int32
	height    func(display uintptr, screen int32) int32
	translate func(display, from, to uintptr, x, y int32, outX, outY *int32, child *uintptr) int32
}

var loadXlib = sync.OnceValue(func() *xlib {
	lib, err := purego.Dlopen("libX11.so.6", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil
	}
	x := &xlib{}
	for name, f := range map[string]any{
		"XOpenDisplay": &x.open, "XCloseDisplay": &x.close, "XDefaultRootWindow": &x.root,
		"XDisplayWidth": &x.width, "XDisplayHeight": &x.height, "XTranslateCoordinates": &x.translate,
	} {
		address, err := purego.Dlsym(lib, name)
		if err != nil {
			return nil
		}
		purego.RegisterFunc(f, address)
	}
	return x
})

// withDisplay runs f on a connection of its own to the X server, if there is
// one.
func withDisplay(f func(x *xlib, display uintptr)) {
	x := loadXlib()
	if x == nil {
		return
	}
	if display := x.open(nil); display != 0 {
		f(x, display)
		x.close(display)
	}
}

// nativePosition asks where the window's content is, in the measure of
// desktop.Window.RequestPosition; ok is false where the window system does not
// say, as Wayland does not.
func nativePosition(win fyne.Window) (x, y int, ok bool) {
	native, is := win.(driver.NativeWindow)
	if !is {
		return 0, 0, false
	}
	native.RunNative(func(context any) {
		c, is := context.(driver.X11WindowContext)
		if !is || c.WindowHandle == 0 {
			return
		}
		withDisplay(func(lib *xlib, display uintptr) {
			var px, py int32
			var child uintptr
			ok = lib.translate(display, c.WindowHandle, lib.root(display), 0, 0, &px, &py, &child) != 0
			x, y = int(px), int(py)
		})
	})
	return x, y, ok
}

// nativeDesktop gives the area of all screens in the same measure.
func nativeDesktop() (area image.Rectangle, ok bool) {
	withDisplay(func(lib *xlib, display uintptr) {
		area = image.Rect(0, 0, int(lib.width(display, 0)), int(lib.height(display, 0)))
		ok = !area.Empty()
	})
	return area, ok
}
