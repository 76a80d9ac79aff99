package faceplate

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
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
	margins [2]*layer // the desk on both sides of the face, or above and below
	base    *layer    // everything at rest
	lcd     *layer
	parts   []*partLayer
	caps    []*keycap
	display *display
	hint    *layer
	help    *layer
	panel   *panel

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
	f.margins = [2]*layer{newLayer(w.redrawn), newLayer(w.redrawn)}
	f.base, f.lcd = newLayer(w.redrawn), newLayer(w.redrawn)
	f.hint, f.help = newLayer(w.redrawn), newLayer(w.redrawn)
	f.display = newDisplay(w)
	f.panel = newPanel(w)
	f.content = &fyne.Container{Layout: f}
	f.populate()
	return f
}

// populate fills the container with what the whole or the compact face has.
func (f *face) populate() {
	objects := []fyne.CanvasObject{f.margins[0].raster, f.margins[1].raster, f.base.raster, f.lcd.raster, f.display}
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
	objects = append(objects, f.panel.tab.raster, f.panel.handle, f.panel.content)
	f.content.Objects = append(objects, f.hint.raster, f.help.raster)
	f.room = image.Point{} // all of it needs a place
}

// minWidth is the least width of the whole face, in device-independent pixels.
const minWidth = 480

// MinSize implements fyne.Layout.
func (f *face) MinSize([]fyne.CanvasObject) fyne.Size {
	box := art.ViewBox(f.w.compact)
	k := float32(minWidth) / art.Width
	size := fyne.NewSize(float32(math.Floor(box.W*float64(k))), float32(math.Floor(box.H*float64(k))))
	if f.panel.open {
		size.Width += f.panel.width()
		size.Height = max(size.Height, minPanelHeight)
	}
	return size
}

// Layout implements fyne.Layout. Fyne calls it also when a layer appears, which
// moves nothing.
func (f *face) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	ratio := f.w.pixelRatio()
	room := image.Pt(int(size.Width*ratio+0.5), int(size.Height*ratio+0.5))
	if room.X < 1 || room.Y < 1 || room == f.room && ratio == f.ratio {
		return
	}
	f.room, f.ratio = room, ratio
	side := min(int(f.panel.width()*ratio+0.5), f.room.X*2/3)
	beside := image.Pt(f.room.X-side, f.room.Y)
	f.frame = art.Fit(beside.X, beside.Y, f.w.compact, f.w.background())
	f.at = beside.Sub(f.frame.Size).Div(2)
	f.placeMargins(beside)
	f.base.place(f.onWindow(f.frame.Bounds()), f.ratio)
	lcd := f.onWindow(f.frame.LCD())
	f.lcd.place(lcd, f.ratio)
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
	f.panel.place(f.room, side, ratio, f.frame, f.at)
	f.glass.resize(f.frame.LCD().Size())
	f.lcd.show(f.glass.img)
	if f.w.helpOpen {
		f.drawHelp()
	}
	f.drawBase()
}

// placeMargins puts the two margins where the face leaves room. They are not one
// rectangle under all of it: on a computer without a graphics processor every
// pixel painted twice counts.
func (f *face) placeMargins(room image.Point) {
	far := f.at.Add(f.frame.Size)
	first, second := image.Rect(0, 0, f.at.X, room.Y), image.Rect(far.X, 0, room.X, room.Y)
	if room.X-f.frame.Size.X < room.Y-f.frame.Size.Y {
		first, second = image.Rect(0, 0, room.X, f.at.Y), image.Rect(0, far.Y, room.X, room.Y)
	}
	f.margins[0].place(first, f.ratio)
	f.margins[1].place(second, f.ratio)
}

// colourMargins gives the margins the desk's colour.
func (f *face) colourMargins(c color.RGBA) {
	dot := image.NewRGBA(image.Rect(0, 0, 1, 1))
	dot.SetRGBA(0, 0, c)
	f.margins[0].show(dot)
	f.margins[1].show(dot)
}

func (f *face) placeCap(c *keycap) {
	px := f.onWindow(f.frame.Pixels(c.box()))
	c.Move(fyne.NewPos(float32(px.Min.X)/f.ratio, float32(px.Min.Y)/f.ratio))
	c.Resize(fyne.NewSize(float32(px.Dx())/f.ratio, float32(px.Dy())/f.ratio))
}

func (f *face) onWindow(r image.Rectangle) image.Rectangle { return r.Add(f.at) }

// showView draws what of a view is new.
func (f *face) showView(v *view.View) {
	if f.glass.update(v) && f.lcd.img != nil {
		f.lcd.renew()
	}
	f.drawParts()
	f.panel.show(v.Timeline)
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
