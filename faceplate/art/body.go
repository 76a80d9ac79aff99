package art

// deckBox is the recessed field of the lower keys, bezelBox the raised silver
// one of LCD, line keys and soft keys.
var (
	deckBox  = Rect{276, 520, 736, 270}
	bezelBox = Rect{274, 42, 736, 452}
)

const (
	deckRadius  = 40
	bezelRadius = 44
)

// drawBody paints the moulded case and its shadow on the desk.
func drawBody(c *pen) {
	c.shadow(rounded(Rect{30, 40, 1000, 786}, 58), 10, flat("#000000", 0.5))
	c.shadow(rounded(Rect{22, 28, 1016, 792}, 58), 3, flat("#000000", 0.45))
	c.fill(rounded(Rect{18, 16, 1024, 800}, 58), named("body.rim"))
	top := rounded(Rect{20, 18.6, 1020, 795}, 56)
	c.fill(top, named("body"))
	c.fill(top, named("body.sheen"))
	c.inner(top, 1.5, 3, 3, flat("#ffffff", 0.2))
	c.inner(top, -2, -5, 5, flat("#000000", 0.35))
}

// drawDeck paints the recessed field and the words on it.
func drawDeck(c *pen) {
	edge := rounded(deckBox.Grow(1.2), deckRadius+1.2)
	c.fill(edge.transformed(translation(0, 1.4)), flat("#ffffff", 0.13))
	c.fill(edge, flat("#0d0f11", 1))
	field := rounded(deckBox, deckRadius)
	c.fill(field, named("deck"))
	c.inner(field, 0, 4, 4, flat("#000000", 0.55))
	c.inner(field, 0, -1.2, 0.8, flat("#ffffff", 0.1))
	drawPrints(c)
}

// drawBezel paints the raised silver field.
func drawBezel(c *pen) {
	field := rounded(bezelBox, bezelRadius)
	c.shadow(rounded(bezelBox.Shift(2, 6), bezelRadius), 5, flat("#000000", 0.6))
	c.fill(rounded(bezelBox.Grow(1.4), bezelRadius+1.4), flat("#0d0f11", 0.65))
	c.fill(field, named("bezel"))
	c.fill(field, named("bezel.sheen"))
	c.inner(field, 1, 2.2, 1.2, flat("#ffffff", 0.85))
	c.inner(field, -1.5, -3, 2.2, flat("#2a3036", 0.5))
	drawName(c)
}

// drawName engraves the model's name under the line keys.
func drawName(c *pen) {
	const x, y, size = 928, 452, 17.5
	c.fill(bold.text("Deskset", size, x, y+1.1, atMiddle), flat("#ffffff", 0.55))
	c.fill(bold.text("Deskset", size, x, y, atMiddle), flat("#4b535b", 1))
}
