package art

import "deskset/phonecore/view"

// parts lists everything on the face that moves or lights.
var parts = makeParts()

// Parts lists the parts of the face, of the compact one if so asked.
func Parts(compact bool) []*Part {
	if !compact {
		return parts
	}
	var out []*Part
	for _, p := range parts {
		if p.Compact() {
			out = append(out, p)
		}
	}
	return out
}

// wellMargin is how far the well round a cap reaches beyond it, partMargin how
// far anything does that changes with the cap's state.
const (
	wellMargin = 4
	partMargin = 5
)

func makeParts() []*Part {
	list := []*Part{handsetPart()}
	for k := view.KeyLine1; k <= view.KeyLine6; k++ {
		list = append(list, capPart(k, "cap.mid", nil))
	}
	for k := view.KeySoft1; k <= view.KeySoft4; k++ {
		list = append(list, capPart(k, "cap.mid", nil))
	}
	for k := view.Key0; k <= view.KeyPound; k++ {
		list = append(list, capPart(k, "cap.light", dialLegend))
	}
	for k := view.KeyMessages; k <= view.KeySettings; k++ {
		list = append(list, capPart(k, "cap.mid", iconLegend))
	}
	list = append(list, capPart(view.KeyInfo, "cap.blue", infoLegend))
	for i, k := range []view.Key{view.KeyHeadset, view.KeyMute, view.KeySpeaker} {
		p := capPart(k, "cap.mid", audioLegend)
		p.lamps = 1 << (view.LampHeadset + view.Lamp(i))
		list = append(list, p)
	}
	return append(list,
		rockerPart("scroll", "cap.mid", scrollLegend, view.KeyScrollUp, view.KeyScrollDown),
		rockerPart("volume", "cap.dark", volumeLegend, view.KeyVolumeDown, view.KeyVolumeUp))
}

func capPart(k view.Key, material string, legend func(*pen, *Part, float64)) *Part {
	c := ForKey(k)
	return &Part{Name: c.Name, Keys: []view.Key{k}, Bounds: c.Grow(partMargin),
		control: c, paint: material, legend: legend, draw: drawCap}
}

func rockerPart(name, material string, legend func(*pen, *Part, float64), keys ...view.Key) *Part {
	c := Find(name)
	return &Part{Name: name, Keys: keys, Bounds: c.Grow(partMargin),
		control: c, paint: material, legend: legend, draw: drawRocker}
}

// travel is how far a cap goes down when it is pressed.
const travel = 1.8

func drawCap(c *pen, p *Part, s State) {
	drawWell(c, p, s)
	box, r := p.control.Rect, p.control.R
	dy, lift := 0.0, 2.2
	pressed := s.Pressed != 0
	if pressed {
		dy, lift = travel, 0.6
		box = box.Grow(-0.5)
	}
	box = box.Shift(0, dy)
	well := rounded(p.control.Grow(wellMargin), r+wellMargin)
	outline := rounded(box, r)
	c.clipped(well, func() {
		c.shadow(rounded(box.Shift(0, lift), r), lift, flat("#000000", 0.6))
	})
	drawCapBody(c, outline, named(p.paint), s)
	if p.legend != nil {
		p.legend(c, p, dy)
	}
	if p.lamps != 0 {
		c.clipped(outline, func() { drawKeyLamp(c, p, s, dy) })
	}
}

// drawCapBody paints the moulded cap itself: colour, dish, rims, and the light
// that hovering and the shade that pressing adds.
func drawCapBody(c *pen, outline *Path, material paint, s State) {
	c.fill(outline, material)
	c.fill(outline, named("cap.dish"))
	c.inner(outline, 0, -3.2, 2.6, flat("#000000", 0.2))
	c.inner(outline, 0, 1.5, 0.7, flat("#ffffff", 0.85))
	c.inner(outline, 0, -1.1, 0.6, flat("#000000", 0.35))
	switch {
	case s.Pressed != 0:
		c.fill(outline, flat("#0b1116", 0.16))
		c.inner(outline, 0, 3, 2.5, flat("#000000", 0.3))
	case s.Hovered != 0:
		c.fill(outline, flat("#d9efff", 0.3))
		c.inner(outline, 0, 0, 2.2, flat("#4aa8f0", 0.75))
	}
}

// drawWell paints the recess a cap sits in, and the ring that marks the key
// which the keyboard works.
func drawWell(c *pen, p *Part, s State) {
	well := p.control.Grow(wellMargin)
	r := p.control.R + wellMargin
	material := "well"
	if p.Compact() {
		material = "well.bezel"
	}
	c.fill(rounded(well, r), named(material))
	c.inner(rounded(well, r), 0, 1.6, 1.2, flat("#000000", 0.55))
	if s.Focused != 0 {
		// A little inside of the well: at 480 pixels the part's bounds are only
		// half a pixel away.
		c.fill(ring(well.Grow(-0.3), r-0.3, 2.8), flat("#5cb0ff", 1))
	}
}

func drawRocker(c *pen, p *Part, s State) {
	drawWell(c, p, s)
	outline := rounded(p.control.Rect, p.control.R)
	well := rounded(p.control.Grow(wellMargin), p.control.R+wellMargin)
	c.clipped(well, func() {
		c.shadow(rounded(p.control.Shift(0, 2.2), p.control.R), 2.2, flat("#000000", 0.6))
	})
	drawCapBody(c, outline, named(p.paint), State{})
	for _, k := range p.Keys {
		half := rounded(ForKey(k).Rect, 0)
		c.clipped(outline, func() {
			switch {
			case s.Pressed.Has(k):
				c.fill(half, flat("#0b1116", 0.22))
				c.inner(outline, 0, 3, 3, flat("#000000", 0.22))
			case s.Hovered.Has(k):
				c.fill(half, flat("#ffffff", 0.18))
			}
		})
	}
	if s.Focused != 0 {
		for _, k := range p.Keys {
			if s.Focused.Has(k) {
				c.clipped(outline, func() { c.fill(rounded(ForKey(k).Rect, 0), flat("#5cb0ff", 0.3)) })
			}
		}
	}
	p.legend(c, p, 0)
}

func drawKeyLamp(c *pen, p *Part, s State, dy float64) {
	lamp := Find("lamp." + p.Name)
	box := lamp.Shift(0, dy)
	slot := rounded(box, lamp.R)
	lit, dark, glow := "lamp.green", "lamp.dark", "#3bea50"
	if p.Keys[0] == view.KeyMute {
		lit, dark, glow = "lamp.red", "lamp.dark.red", "#ff4a36"
	}
	c.fill(rounded(box.Grow(1.2).Shift(0, 0.9), lamp.R+1.2), flat("#ffffff", 0.35))
	c.fill(rounded(box.Grow(1), lamp.R+1), flat("#14171a", 0.9))
	if s.Lit == 0 {
		c.fill(slot, named(dark))
		return
	}
	c.shadow(slot, 4.5, flat(glow, 0.8))
	c.shadow(slot, 2, flat(glow, 0.9))
	c.fill(slot, named(lit))
	c.inner(slot, 0, 0, 1.2, flat(glow, 0.5))
}
