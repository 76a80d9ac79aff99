package faceplate

import (
	"sync/atomic"

	"fyne.io/fyne/v2"

	"deskset/phonecore/view"
)

// Window is the face on the screen.
type Window struct {
	app   fyne.App
	win   fyne.Window
	phone Phone
	opts  Options

	latest  atomic.Pointer[view.View]
	pending atomic.Bool
}

// NewWindow makes the face of a phone; call it from the main goroutine.
func NewWindow(app fyne.App, phone Phone, opts Options) *Window {
	w := &Window{app: app, win: app.NewWindow(opts.Title), phone: phone, opts: opts}
	w.win.SetOnClosed(func() {
		if opts.OnClosed != nil {
			opts.OnClosed()
		}
	})
	return w
}

// Show draws a view. It may be called from any goroutine and never waits: of
// several views that arrive before the window gets to draw, the latest wins.
func (w *Window) Show(v view.View) {
	w.latest.Store(&v)
	if w.pending.CompareAndSwap(false, true) {
		fyne.Do(w.draw)
	}
}

func (w *Window) draw() {
	w.pending.Store(false)
	v := w.latest.Load()
	if v.Title != "" && v.Title != w.win.Title() {
		w.win.SetTitle(v.Title)
	}
}

// ShowAndRun opens the window and runs the program's event loop until it is
// closed.
func (w *Window) ShowAndRun() { w.win.ShowAndRun() }

// Window gives the Fyne window, for tray and notifications.
func (w *Window) Window() fyne.Window { return w.win }
