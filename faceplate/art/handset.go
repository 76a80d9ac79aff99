package art

import "deskset/phonecore/view"

func handsetPart() *Part {
	return &Part{
		Name:    "handset",
		Keys:    []view.Key{view.KeyHandset},
		Bounds:  Rect{-60, 0, 330, Height},
		lamps:   1 << view.LampMessage,
		lifts:   true,
		inBase:  true,
		control: Find("handset"),
		draw:    drawHandsetPart,
	}
}

func drawHandsetPart(c *pen, p *Part, s State) {
	drawCradle(c, s)
	outline := shape("handset")
	if !s.Lifted {
		c.shadow(outline.transformed(translation(2, 7)), 8, flat("#000000", 0.8))
		c.shadow(outline, 3, flat("#000000", 0.6))
		drawHandset(c, outline, s)
		return
	}
	c.with(liftedHandset, func() {
		c.shadow(outline.transformed(translation(16, 30)), 18, flat("#000000", 0.62))
		c.shadow(outline.transformed(translation(5, 10)), 7, flat("#000000", 0.4))
		drawHandset(c, outline, s)
	})
}

// liftedHandset moves the handset out of its cradle: nearer, to the left and
// turned about its middle.
var liftedHandset = translation(-144, -418).then(scaling(1.035)).then(rotation(-5)).then(translation(80, 404))

// liftedReach is the part of the face on which a lifted handset can be clicked.
var liftedReach = Rect{-60, 30, 286, 750}

// HitHandset tells whether a point in units is on the handset, where it lies or
// where it is when it is lifted; its empty cradle counts too.
func HitHandset(x, y float64, lifted bool) bool {
	c := Find("handset")
	if c.Hit(x, y) {
		return true
	}
	if !lifted || !liftedReach.Contains(x, y) {
		return false
	}
	p := liftedHandset.inverse().apply(point{x, y})
	return c.Hit(p.x, p.y)
}

// HandsetReach gives the box in which HitHandset can be true.
func HandsetReach() Rect { return liftedReach }

// drawCradle paints the recess with its two cups, the ridge between them and
// the hook, which comes up when the handset is lifted.
func drawCradle(c *pen, s State) {
	recess := Rect{46, 52, 196, 724}
	c.fill(rounded(recess.Grow(1.5).Shift(0, 1.6), 65.5), flat("#ffffff", 0.14))
	c.fill(rounded(recess.Grow(1.5), 65.5), flat("#0b0c0e", 1))
	floor := rounded(recess, 64)
	c.fill(floor, named("cradle"))
	c.inner(floor, 3, 9, 8, flat("#000000", 0.75))
	c.inner(floor, -1, -2, 2, flat("#ffffff", 0.1))
	if s.Focused != 0 {
		c.fill(ring(recess, 64, 3), flat("#5cb0ff", 1))
	}
	if !s.Lifted {
		return
	}
	ridge := rounded(Rect{98, 286, 92, 276}, 26)
	c.shadow(ridge.transformed(translation(0, 4)), 4, flat("#000000", 0.6))
	c.fill(ridge, named("cradle.ridge"))
	c.inner(ridge, 0, 2, 1.5, flat("#ffffff", 0.16))
	for _, cup := range []Rect{{64, 74, 160, 196}, {64, 578, 160, 184}} {
		outline := rounded(cup, 66)
		c.fill(rounded(cup.Grow(1).Shift(0, 1.6), 67), flat("#ffffff", 0.13))
		c.fill(outline, named("cradle.cup"))
		c.inner(outline, 3, 10, 8, flat("#000000", 0.8))
	}
	drawHook(c)
}

func drawHook(c *pen) {
	hook := rounded(Rect{150, 226, 44, 17}, 8.5)
	c.shadow(hook.transformed(translation(1, 5)), 3, flat("#000000", 0.8))
	drawCapBody(c, hook, named("cap.dark"), State{})
}

func drawHandset(c *pen, outline *Path, s State) {
	c.fill(outline, named("handset"))
	c.clipped(outline, func() { drawHandsetModelling(c, outline) })
	if s.Hovered != 0 {
		c.fill(outline, flat("#ffffff", 0.07))
	}
	drawMessageLamp(c, s)
	drawHoles(c)
}

// drawHandsetModelling gives the silhouette its roundness; it is clipped to it.
func drawHandsetModelling(c *pen, outline *Path) {
	for _, y := range []float64{294, 556} { // where the cups meet the grip
		c.shadow(rounded(Rect{94, y - 12, 100, 24}, 12), 14, flat("#000000", 0.34))
	}
	for _, y := range []float64{150, 664} { // the bulge of each cup
		c.shadow(rounded(Rect{100, y - 44, 66, 88}, 33), 20, flat("#ffffff", 0.2))
	}
	c.shadow(shape("handset.grip").stroked(7), 4, flat("#ffffff", 0.34))
	c.shadow(shape("handset.neck").stroked(5), 4, flat("#ffffff", 0.2))
	c.shadow(shape("handset.chin").stroked(5), 4, flat("#ffffff", 0.2))
	c.shadow(shape("handset.brow").stroked(3), 1.1, flat("#c3cad0", 0.5))
	c.inner(outline, -10, -6, 9, flat("#000000", 0.5))
	c.inner(outline, 4, 5, 5, flat("#ffffff", 0.2))
	c.inner(outline, 1, 1.4, 0.8, flat("#ffffff", 0.28))
	c.inner(outline, -1, -1.4, 0.9, flat("#000000", 0.6))
}

func drawMessageLamp(c *pen, s State) {
	lamp := Find("lamp.mwi")
	strip := rounded(lamp.Rect, lamp.R)
	c.fill(rounded(lamp.Grow(1.6).Shift(0, 1.2), lamp.R+1.6), flat("#ffffff", 0.16))
	c.fill(rounded(lamp.Grow(1.6), lamp.R+1.6), flat("#0c0d0f", 0.9))
	if s.Lit == 0 {
		c.fill(strip, named("lamp.red.off"))
		c.inner(strip, 0, 1.5, 1, flat("#000000", 0.5))
		return
	}
	c.shadow(strip, 11, flat("#ff3b2a", 0.75))
	c.shadow(strip, 4, flat("#ff4a38", 0.8))
	c.fill(strip, named("lamp.red"))
	c.fill(rounded(Rect{lamp.X + 5, lamp.Y + 2, lamp.W - 10, 3}, 1.5), flat("#ffffff", 0.45))
}

// drawHoles drills the microphone's holes into the lower cup.
func drawHoles(c *pen) {
	light, dark := &Path{}, &Path{}
	for row := range 5 {
		for col := range 5 {
			x, y := 118+13*float64(col), 690+10*float64(row)
			light.Append(circle(x, y+0.9, 2.5))
			dark.Append(circle(x, y, 2.4))
		}
	}
	c.fill(light, flat("#ffffff", 0.16))
	c.fill(dark, flat("#08090a", 1))
}
