package art

import "deskset/phonecore/view"

var (
	ink      = flat("#22272c", 1)
	inkLight = flat("#3c4349", 1)
	printed  = flat("#cdd2d7", 1)
)

// letters of the dial keys (ITU-T E.161).
var letters = map[view.Key]string{
	view.Key2: "ABC", view.Key3: "DEF", view.Key4: "GHI", view.Key5: "JKL",
	view.Key6: "MNO", view.Key7: "PQRS", view.Key8: "TUV", view.Key9: "WXYZ",
	view.Key0: "OPER",
}

// dialLegend prints digit and letters. The digits stand under one another, and
// so do the letters, whatever their widths.
func dialLegend(c *pen, p *Part, dy float64) {
	k := p.Keys[0]
	x, y := p.control.Centre()
	y += dy
	switch k {
	case view.KeyStar:
		c.fill(symbol("star", x, y, 4), ink)
	case view.KeyPound:
		c.fill(bold.text("#", 28, x, y+10, atMiddle), ink)
	case view.Key1:
		c.fill(bold.text("1", 28, x, y+10, atMiddle), ink)
	default:
		c.fill(bold.text(string(rune(k.Digit())), 28, x-20, y+10, atMiddle), ink)
		c.fill(bold.text(letters[k], 13, x+17, y+9.5, atMiddle), inkLight)
	}
}

// iconLegend engraves the symbol named like the key.
func iconLegend(c *pen, p *Part, dy float64) {
	x, y := p.control.Centre()
	engrave(c, p.Name, x, y+dy, 2.1)
}

func audioLegend(c *pen, p *Part, dy float64) {
	_, y := p.control.Centre()
	engrave(c, p.Name, p.control.X+22.5, y+dy, 2.2)
}

// engrave draws a symbol with light on its lower edge.
func engrave(c *pen, name string, x, y, width float64) {
	c.fill(symbol(name, x, y+0.9, width), flat("#ffffff", 0.4))
	c.fill(symbol(name, x, y, width), ink)
}

func infoLegend(c *pen, p *Part, dy float64) {
	x, y := p.control.Centre()
	t := boldItalic.text("i", 33, x-0.5, y+dy+11.5, atMiddle)
	c.fill(t.transformed(translation(0, 1)), flat("#12324a", 0.5))
	c.fill(t, flat("#ffffff", 1))
}

func scrollLegend(c *pen, p *Part, _ float64) {
	b := p.control
	x, y := b.Centre()
	c.fill(rounded(Rect{b.X + 9, y + 0.6, b.W - 18, 1.4}, 0.7), flat("#ffffff", 0.5))
	c.fill(rounded(Rect{b.X + 9, y - 0.8, b.W - 18, 1.4}, 0.7), flat("#23282d", 0.55))
	for name, ay := range map[string]float64{"arrow.up": b.Y + 25, "arrow.down": b.Y + b.H - 25} {
		c.fill(shape(name).transformed(translation(x, ay+0.9)), flat("#ffffff", 0.35))
		c.fill(shape(name).transformed(translation(x, ay)), ink)
	}
}

func volumeLegend(c *pen, p *Part, _ float64) {
	b := p.control
	_, y := b.Centre()
	for name, x := range map[string]float64{"minus": b.X + 28, "plus": b.X + b.W - 28} {
		c.fill(symbol(name, x, y+1.2, 3.6), flat("#000000", 0.45))
		c.fill(symbol(name, x, y, 3.6), flat("#eef0f2", 1))
	}
	w := shape("wedge")
	c.fill(w.transformed(translation(0, 1.2)), flat("#000000", 0.4))
	c.fill(w, named("wedge"))
}

// prints are the words on the deck beside the keys.
var prints = []struct {
	key  view.Key
	text string
}{
	{view.KeyMessages, "messages"},
	{view.KeyDirectories, "directories"},
	{view.KeyServices, "services"},
	{view.KeySettings, "settings"},
	{view.KeyInfo, "help"},
	{view.KeyVolumeDown, "volume"},
	{view.KeyHeadset, "headset"},
	{view.KeyMute, "mute"},
	{view.KeySpeaker, "speaker"},
}

func drawPrints(c *pen) {
	for _, t := range prints {
		b := ForKey(t.key).Body
		x, _ := b.Centre()
		c.fill(medium.text(t.text, 11.5, x, b.Y+b.H+15.5, atMiddle), printed)
	}
}
