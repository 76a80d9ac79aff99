package faceplate

import (
	"image"
	"image/color"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskset/assets"
	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// Window is the face on the screen.
type Window struct {
	app   fyne.App
	win   fyne.Window
	phone Phone
	opts  Options
	surroundings

	// latest is the newest view that was given to Show; pending is true while
	// a drawing of it is on its way.
	latest  atomic.Pointer[view.View]
	pending atomic.Bool

	// Everything below belongs to the window's goroutine.
	shown    *view.View
	state    art.State
	compact  bool
	kept     place // what was last remembered
	closed   bool
	face     *face
	input    *input
	keyboard *keyboard
	hint     hinter
	helpOpen bool

	under   view.Key // the key under the pointer
	pointed view.Key // the key that the pointer holds down
	focused view.Key // the key that the keyboard's ring marks

	redraws int // how many pictures were handed to the window system
}

// surroundings are what a window takes from outside; tests bring their own.
type surroundings struct {
	// later runs a function on the window's goroutine after a while.
	later func(time.Duration, func()) (cancel func())
	// elsewhere runs a function beside the window's goroutine.
	elsewhere func(func())
	// modifiers tells which of Shift, Control and so on are down.
	modifiers func() fyne.KeyModifier
	paint     painter
	// desktop gives the area of all screens, in the window system's measure.
	desktop func() (area image.Rectangle, known bool)
}

// NewWindow makes the face of a phone; call it from the main goroutine. It
// takes over the application's OnExitedForeground hook.
func NewWindow(app fyne.App, phone Phone, opts Options) *Window {
	return newWindow(app, phone, opts, surroundings{
		later:     later,
		elsewhere: func(f func()) { go f() },
		modifiers: modifiers,
		paint:     painter{makeBase, drawPart},
		desktop:   nativeDesktop,
	})
}

func newWindow(app fyne.App, phone Phone, opts Options, around surroundings) *Window {
	w := &Window{app: app, phone: phone, opts: opts, surroundings: around, compact: opts.Compact, shown: &view.View{}}
	w.win = app.NewWindow(opts.Title)
	w.input = newInput(phone, w.refresh, w.later)
	w.keyboard = &keyboard{w: w, held: map[int]view.Key{}}
	w.hint.later = w.later
	place := w.recall()
	w.face = newFace(w)
	w.face.panel.open = opts.StartUpPanel || place.Panel
	w.face.panel.setVisible()
	w.win.SetPadded(false)
	w.win.SetContent(w.face.content)
	w.win.SetIcon(fyne.NewStaticResource("deskset.png", assets.Icon))
	w.open(place)
	w.listen()
	return w
}

// listen takes the window system's events.
func (w *Window) listen() {
	c := w.win.Canvas()
	c.SetOnTypedRune(w.keyboard.typedRune)
	c.SetOnTypedKey(w.keyboard.typedKey)
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(w.keyboard.keyDown)
		d.SetOnKeyUp(w.keyboard.keyUp)
	}
	for _, b := range bindings {
		if b.shortcut != nil {
			c.AddShortcut(b.shortcut, func(fyne.Shortcut) { w.act(b.act) })
		}
	}
	w.win.SetOnDropped(w.dropped)
	w.app.Lifecycle().SetOnExitedForeground(func() {
		w.letGo()
		w.remember()
	})
	w.app.Settings().AddListener(func(fyne.Settings) { w.recolour() })
	w.win.SetCloseIntercept(func() {
		w.remember()
		w.closed = true
		w.letGo()
		w.win.Close()
	})
	w.win.SetOnClosed(func() {
		if w.opts.OnClosed != nil {
			w.opts.OnClosed()
		}
	})
}

// Show draws a view. It may be called from any goroutine and never waits: of
// several views that arrive before the window gets to draw, the latest wins.
func (w *Window) Show(v view.View) {
	w.latest.Store(&v)
	if w.pending.CompareAndSwap(false, true) {
		fyne.Do(w.draw)
	}
}

// draw shows the latest view, on the window's goroutine.
func (w *Window) draw() {
	w.pending.Store(false)
	v := w.latest.Load()
	if v == nil || v == w.shown {
		return
	}
	w.shown = v
	if v.Title != "" && v.Title != w.win.Title() {
		w.win.SetTitle(v.Title)
	}
	s := art.StateOf(v)
	w.state.Lit, w.state.Lifted = s.Lit, s.Lifted
	w.face.showView(v)
}

// refresh draws what the pointer or the keyboard changed.
func (w *Window) refresh() {
	w.state.Pressed, w.state.Hovered, w.state.Focused = 0, 0, 0
	for k := range w.input.held {
		w.state.Pressed = w.state.Pressed.With(k)
	}
	if w.under != view.KeyNone {
		w.state.Hovered = w.state.Hovered.With(w.under)
	}
	if w.focused != view.KeyNone {
		w.state.Focused = w.state.Focused.With(w.focused)
	}
	w.face.drawParts()
}

func (w *Window) redrawn(o fyne.CanvasObject) {
	w.redraws++
	w.win.Canvas().Refresh(o)
}

// ShowAndRun opens the window and runs the program's event loop until it is
// closed.
func (w *Window) ShowAndRun() { w.win.ShowAndRun() }

// Window gives the Fyne window, for tray and notifications.
func (w *Window) Window() fyne.Window { return w.win }

// editing tells whether what is typed goes into the screen's editor.
func (w *Window) editing() bool { return w.shown.Screen.Layout == view.LayoutEditor }

func (w *Window) units(p fyne.Position) (x, y float64) { return w.face.units(p) }

// pixelRatio asks how many pixels a device-independent one has on this screen.
func (w *Window) pixelRatio() float32 {
	const far = 1000
	x, _ := w.win.Canvas().PixelCoordinateForPosition(fyne.NewPos(far, far))
	if x <= 0 {
		return 1
	}
	return float32(x) / far
}

func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

func (w *Window) background() color.RGBA {
	if c, ok := desks[w.app.Settings().ThemeVariant()]; ok {
		return c
	}
	return desks[lightDesk]
}

// recolour follows the desktop from light to dark and back.
func (w *Window) recolour() {
	if w.background() == w.face.frame.Background {
		return
	}
	w.face.frame.Background = w.background()
	w.face.drawBase()
	w.face.panel.drawTab()
	w.face.panel.draw()
}
