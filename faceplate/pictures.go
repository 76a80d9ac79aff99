package faceplate

import (
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"deskset/faceplate/art"
)

// drawBase draws the face at rest for the present size. The first is drawn at
// once; later ones elsewhere, with the old one stretched meanwhile, so that
// dragging the window's edge stays smooth.
func (f *face) drawBase() {
	if f.frame == f.drawn || f.making {
		return
	}
	frame := f.frame
	if f.drawn.Size == (image.Point{}) {
		f.adoptBase(frame, f.w.paint.base(frame))
		return
	}
	f.making = true
	f.w.elsewhere(func() {
		made := f.w.paint.base(frame)
		fyne.Do(func() {
			f.making = false
			f.adoptBase(frame, made)
			f.drawBase() // the size may have gone on changing
		})
	})
}

// basePictures are made together because they depend on the same size.
type basePictures struct{ base, gloss *image.RGBA }

// painter makes the pictures; tests that do not look at them have a quick one.
type painter struct {
	base func(art.Frame) basePictures
	part func(art.Frame, partLook) *image.RGBA
}

func makeBase(frame art.Frame) basePictures {
	made := basePictures{image.NewRGBA(frame.Bounds()), makeGloss(frame)}
	frame.Draw(made.base, art.State{})
	return made
}

func makeGloss(frame art.Frame) *image.RGBA {
	img := image.NewRGBA(frame.LCD())
	frame.DrawGlass(img)
	img.Rect = image.Rectangle{Max: img.Rect.Size()}
	return img
}

func (f *face) adoptBase(frame art.Frame, made basePictures) {
	if frame.Compact != f.w.compact {
		return
	}
	f.drawn = frame
	f.colourMargins(frame.Background)
	clear(f.kept)
	f.keptPx = 0
	f.base.show(made.base)
	f.glass.setGloss(made.gloss)
	f.lcd.renew()
	f.forgetParts()
	f.drawParts()
	f.foresee(frame)
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
	img := f.w.paint.part(f.drawn, key)
	f.keep(key, img)
	return img
}

func drawPart(frame art.Frame, l partLook) *image.RGBA {
	img := image.NewRGBA(frame.PartPixels(l.part))
	frame.Draw(img, l.look)
	img.Rect = image.Rectangle{Max: img.Rect.Size()}
	return img
}

// keep stores a picture. Three times the face's pixels are plenty: the likely
// states of all parts are less than that.
func (f *face) keep(key partLook, img *image.RGBA) {
	f.keptPx += len(img.Pix) / 4
	if f.keptPx > 3*f.drawn.Size.X*f.drawn.Size.Y {
		clear(f.kept)
		f.keptPx = len(img.Pix) / 4
	}
	f.kept[key] = img
}

// foresightDelay is how long a new base is left alone before the likely states
// of the parts are drawn ahead: the phone is starting up at first, and the size
// may be changing later.
const foresightDelay = 1500 * time.Millisecond

// foresee draws, elsewhere and in time, what a pointer or a call will show, so
// that it is there within a frame when it is asked for.
func (f *face) foresee(frame art.Frame) {
	f.w.later(foresightDelay, func() {
		if f.drawn != frame {
			return
		}
		var looks []partLook
		for _, l := range likely(frame.Compact) {
			if f.kept[l] == nil {
				looks = append(looks, l)
			}
		}
		f.w.elsewhere(func() {
			made := make([]*image.RGBA, len(looks))
			for i, l := range looks {
				made[i] = f.w.paint.part(frame, l)
			}
			fyne.Do(func() {
				for i, l := range looks {
					if f.drawn == frame && f.kept[l] == nil {
						f.keep(l, made[i])
					}
				}
			})
		})
	})
}

// likely lists the states that parts are in most often.
func likely(compact bool) []partLook {
	var looks []partLook
	for _, p := range art.Parts(compact) {
		for _, k := range p.Keys {
			key := art.KeySet(0).With(k)
			for _, s := range []art.State{{Hovered: key}, {Hovered: key, Pressed: key}, {Pressed: key}} {
				for _, lit := range []art.LampSet{0, 0xff} {
					for _, lifted := range []bool{false, true} {
						s.Lit, s.Lifted = lit, lifted
						looks = append(looks, partLook{p, s.Of(p)})
					}
				}
			}
		}
	}
	for i, l := range looks {
		if l.look == (art.State{}) || slices.Contains(looks[:i], l) {
			looks[i].part = nil
		}
	}
	return slices.DeleteFunc(looks, func(l partLook) bool { return l.part == nil })
}
