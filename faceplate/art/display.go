package art

// lcdBox is the glass; the bitmap fills it.
var lcdBox = Find("lcd").Rect

// drawLCDFrame paints the black surround that the LCD is set in.
func drawLCDFrame(c *pen) {
	outer := Rect{312, 70, 556, 340}
	c.fill(rounded(outer.Shift(0, 1.8).Grow(0.6), 16.6), flat("#ffffff", 0.6))
	c.fill(rounded(outer, 16), flat("#0a0b0d", 1))
	field := rounded(outer.Grow(-1.8), 14.4)
	c.fill(field, named("frame"))
	c.inner(field, 0, 3, 3, flat("#000000", 0.6))
	c.inner(field, 0, -1, 0.7, flat("#ffffff", 0.16))
	c.fill(rounded(lcdBox.Grow(2.4), 4.5), flat("#050607", 1))
	c.fill(rounded(lcdBox.Grow(2.4).Shift(0, 1.2), 4.5), flat("#ffffff", 0.08))
	c.fill(rounded(lcdBox.Grow(1.6), 4), flat("#050607", 1))
}

// drawGlass paints what lies over the lit pixels: the frame's shadow and a
// reflection, all of it translucent.
func drawGlass(c *pen) {
	glass := rounded(lcdBox, 0)
	c.fill(glass, named("glass.light"))
	c.inner(glass, 3, 6, 3.5, flat("#000000", 0.3))
	c.fill(shape("reflection"), named("glass.reflection"))
}
