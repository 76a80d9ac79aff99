package faceplate

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// face is the content of the window: the pictures, from the back to the front,
// and the keycaps. It lays itself out with the face's proportions kept and
// the room left over shared at the sides.
type face struct {
	w       *Window
	content *fyne.Container
	desk    *canvas.Rectangle
	base    *layer // everything at rest
	lcd     *layer
	gloss   *layer
	parts   []*partLayer
	caps    []*keycap
	display *display
	hint    *layer
	help    *layer

	frame  art.Frame   // the size now shown
	at     image.Point // its upper left, in pixels of the window
	ratio  float32     // pixels per device-independent pixel
	room   image.Point // the window, in pixels
	glass  *glass
	drawn  art.Frame // what base was drawn for
	making bool      // a base is being drawn elsewhere
	kept   map[partLook]*image.RGBA
	keptPx int
}

// partLayer shows a part that is not as the base has it.
type partLayer struct {
	*layer
	part *art.Part
	look art.State
}

type partLook struct {
	part *art.Part
	look art.State
}

func newFace(w *Window) *face {
	f := &face{w: w, ratio: 1, glass: newGlass(), kept: map[partLook]*image.RGBA{}}
	f.desk = canvas.NewRectangle(w.background())
	f.base, f.lcd, f.gloss = newLayer(w.redrawn), newLayer(w.redrawn), newLayer(w.redrawn)
	f.hint, f.help = newLayer(w.redrawn), newLayer(w.redrawn)
	f.display = newDisplay(w)
	f.content = &fyne.Container{Layout: f}
	f.populate()
	return f
}

// populate fills the container with what the whole or the compact face has.
func (f *face) populate() {
	objects := []fyne.CanvasObject{f.desk, f.base.raster, f.lcd.raster, f.gloss.raster, f.display}
	f.parts, f.caps = nil, nil
	for _, p := range art.Parts(f.w.compact) {
		l := &partLayer{layer: newLayer(f.w.redrawn), part: p}
		f.parts = append(f.parts, l)
		objects = append(objects, l.raster)
		for _, k := range p.Keys {
			f.caps = append(f.caps, newKeycap(f.w, k))
		}
	}
	for _, c := range f.caps {
		objects = append(objects, c)
	}
	f.content.Objects = append(objects, f.hint.raster, f.help.raster)
}

// minWidth is the least width of the whole face, in device-independent pixels.
const minWidth = 480

// MinSize implements fyne.Layout.
func (f *face) MinSize([]fyne.CanvasObject) fyne.Size {
	box := art.ViewBox(f.w.compact)
	k := float32(minWidth) / art.Width
	return fyne.NewSize(float32(math.Floor(box.W*float64(k))), float32(math.Floor(box.H*float64(k))))
}

// Layout implements fyne.Layout.
func (f *face) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	f.ratio = f.w.pixelRatio()
	f.room = image.Pt(int(size.Width*f.ratio+0.5), int(size.Height*f.ratio+0.5))
	if f.room.X < 1 || f.room.Y < 1 {
		return
	}
	f.desk.Resize(size)
	f.frame = art.Fit(f.room.X, f.room.Y, f.w.compact, f.w.background())
	f.at = f.room.Sub(f.frame.Size).Div(2)
	f.base.place(f.onWindow(f.frame.Bounds()), f.ratio)
	lcd := f.onWindow(f.frame.LCD())
	f.lcd.place(lcd, f.ratio)
	f.gloss.place(lcd, f.ratio)
	f.display.Move(f.lcd.raster.Position())
	f.display.Resize(f.lcd.raster.Size())
	for _, p := range f.parts {
		p.place(f.onWindow(f.frame.PartPixels(p.part)), f.ratio)
	}
	for _, c := range f.caps {
		f.placeCap(c)
	}
	f.w.hideHint()
	f.help.place(image.Rectangle{Max: f.room}, f.ratio)
	f.glass.resize(f.frame.LCD().Size())
	f.lcd.show(f.glass.img)
	f.drawBase()
}

func (f *face) placeCap(c *keycap) {
	px := f.onWindow(f.frame.Pixels(c.box()))
	c.Move(fyne.NewPos(float32(px.Min.X)/f.ratio, float32(px.Min.Y)/f.ratio))
	c.Resize(fyne.NewSize(float32(px.Dx())/f.ratio, float32(px.Dy())/f.ratio))
}

func (f *face) onWindow(r image.Rectangle) image.Rectangle { return r.Add(f.at) }

// drawBase draws the face at rest for the present size. The first is drawn at
// once; later ones elsewhere, with the old one stretched meanwhile, so that
// dragging the window's edge stays smooth.
func (f *face) drawBase() {
	if f.frame == f.drawn || f.making {
		return
	}
	frame := f.frame
	if f.drawn.Size == (image.Point{}) || f.w.drawAtOnce {
		f.adoptBase(frame, makeBase(frame))
		return
	}
	f.making = true
	go func() {
		made := makeBase(frame)
		fyne.Do(func() {
			f.making = false
			f.adoptBase(frame, made)
			f.drawBase() // the size may have gone on changing
		})
	}()
}

// base pictures, made together because they depend on the same size.
type basePictures struct{ base, gloss *image.RGBA }

func makeBase(frame art.Frame) basePictures {
	made := basePictures{image.NewRGBA(frame.Bounds()), image.NewRGBA(frame.LCD())}
	frame.Draw(made.base, art.State{})
	frame.DrawGlass(made.gloss)
	made.gloss.Rect = image.Rectangle{Max: made.gloss.Rect.Size()}
	return made
}

func (f *face) adoptBase(frame art.Frame, made basePictures) {
	if frame.Compact != f.w.compact {
		return
	}
	f.drawn = frame
	f.desk.FillColor = frame.Background
	clear(f.kept)
	f.keptPx = 0
	f.base.show(made.base)
	f.gloss.show(made.gloss)
	f.forgetParts()
	f.drawParts()
}

// forgetParts makes every part be drawn again.
func (f *face) forgetParts() {
	for _, p := range f.parts {
		p.look = art.State{}
		p.show(nil)
	}
}

// drawParts shows each part as the state says; parts that did not change are
// left alone.
func (f *face) drawParts() {
	if f.drawn.Size == (image.Point{}) {
		return
	}
	for _, p := range f.parts {
		look := f.w.state.Of(p.part)
		if look == p.look {
			continue
		}
		p.look = look
		if look == (art.State{}) {
			p.show(nil)
			continue
		}
		p.show(f.picture(p.part, look))
	}
}

// picture gives a part in a state, from those kept if it is there.
func (f *face) picture(part *art.Part, look art.State) *image.RGBA {
	key := partLook{part, look}
	if img := f.kept[key]; img != nil {
		return img
	}
	img := image.NewRGBA(f.drawn.PartPixels(part))
	f.drawn.Draw(img, look)
	img.Rect = image.Rectangle{Max: img.Rect.Size()}
	// Twice the face's pixels are plenty; the handset alone has 32 states.
	if f.keptPx += len(img.Pix) / 4; f.keptPx > 2*f.drawn.Size.X*f.drawn.Size.Y {
		clear(f.kept)
		f.keptPx = len(img.Pix) / 4
	}
	f.kept[key] = img
	return img
}

// showView draws what of a view is new.
func (f *face) showView(v *view.View) {
	if f.glass.update(v) && f.lcd.img != nil {
		f.lcd.renew()
	}
	f.drawParts()
}

// units gives the place on the face of a position in the window.
func (f *face) units(p fyne.Position) (x, y float64) {
	return f.frame.Units(float64(p.X*f.ratio)-float64(f.at.X), float64(p.Y*f.ratio)-float64(f.at.Y))
}

// desks are the colours around the face on a light and on a dark desktop.
const lightDesk = theme.VariantLight

var desks = map[fyne.ThemeVariant]color.RGBA{
	lightDesk:         {0xe9, 0xec, 0xef, 0xff},
	theme.VariantDark: {0x1f, 0x22, 0x25, 0xff},
}
