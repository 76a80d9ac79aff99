package phonecore

import (
	"slices"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/ringlist"
)

// builtInRings are the rings that the guide says the phone ships with (2-22).
var builtInRings = []string{tone.Chirp1, tone.Chirp2}

// ringNames are the rings that can be chosen: the built-in ones and those of
// the network.
func (p *Phone) ringNames() []string { return append(slices.Clone(builtInRings), p.networkRings...) }

// takeRings gives the rings of the network to the voice. One that cannot be
// played is left out; one of the same name as another counts once.
func (p *Phone) takeRings(rings []ringlist.Sound) {
	p.networkRings = nil
	player, ok := p.voice.(audio.RingTaker)
	if !ok {
		return
	}
	var playable []tone.Ring
	for _, r := range rings {
		name := plain(r.Name, maxWords)
		ring, err := tone.PCMRing(name, r.ULaw)
		if err != nil || slices.Contains(p.ringNames(), name) {
			p.log.Warn("ring left out", "name", name, "file", r.File, "cause", err)
			continue
		}
		playable = append(playable, ring)
		p.networkRings = append(p.networkRings, name)
	}
	if err := player.SetRings(playable); err != nil {
		p.networkRings = nil
		p.report(err, text.StatusTrouble, err)
	}
}

// ringChoice is what was chosen: one ring for all, and for a line another one
// (later firmware has a ring for each line).
type ringChoice struct {
	all   string
	lines [view.NumLines]string // empty: as all
}

// ringOf is a line's ring, or the first one if what was chosen is not there any
// more. Line 0 is the default.
func (p *Phone) ringOf(line int) string {
	names := p.ringNames()
	if line > 0 && slices.Contains(names, p.rings.lines[line-1]) {
		return p.rings.lines[line-1]
	}
	if slices.Contains(names, p.rings.all) {
		return p.rings.all
	}
	return builtInRings[0]
}

// openRingTypes asks for the line first if there are several. With one line
// there is one ring: what was once chosen for that line alone is shown, and
// replaced.
func (p *Phone) openRingTypes() {
	lines := []int{0}
	for i := range p.lines {
		if p.lines[i].configured() {
			lines = append(lines, i+1)
		}
	}
	if len(lines) <= 2 {
		only := lines[len(lines)-1]
		p.openRings(text.Get(text.MenuRingType), p.ringNames(), p.ringOf(only), func(name string) {
			p.rings.all = name
			if only > 0 {
				p.rings.lines[only-1] = ""
			}
		})
		return
	}
	p.openPage(&menu.Page{
		Name: "menu.ringtype.lines", Title: text.Get(text.MenuRingType), Keys: call.ContextSubMenu,
		Items: func() []view.Item {
			items := make([]view.Item, len(lines))
			for i, line := range lines {
				items[i] = view.Item{Number: i + 1, Label: p.ringTitle(line), Value: p.ringOf(line)}
				if line > 0 && p.rings.lines[line-1] == "" {
					items[i].Value = text.Get(text.RingDefault)
				}
			}
			return items
		},
		Open: func(i int) { p.openRingsOf(lines[i]) },
	})
}

func (p *Phone) ringTitle(line int) string {
	if line == 0 {
		return text.Get(text.RingDefault)
	}
	return text.Get(text.RingLine, line, p.lines[line-1].label)
}

// openRingsOf lists the rings for a line, which may also have the default, or
// those that can be the default.
func (p *Phone) openRingsOf(line int) {
	if line == 0 {
		p.openRings(p.ringTitle(0), p.ringNames(), p.rings.all, func(name string) { p.rings.all = name })
		return
	}
	own := &p.rings.lines[line-1]
	p.openRings(p.ringTitle(line), append([]string{""}, p.ringNames()...), *own, func(name string) { *own = name })
}

// openRings lists rings by name, the default as an empty one. Select marks one,
// Save keeps it.
func (p *Phone) openRings(title string, names []string, chosen string, keep func(name string)) {
	page := &menu.Page{
		Name: "menu.ringtype", Title: title, Keys: call.ContextRingTypes,
		Items: func() []view.Item {
			items := make([]view.Item, len(names))
			for i, name := range names {
				items[i] = view.Item{Number: i + 1, Label: name}
				if name == "" {
					items[i].Label = text.Get(text.RingDefault)
				}
				if name == chosen {
					items[i].Icon = view.IconConnected
				}
			}
			return items
		},
		Open:   func(i int) { chosen = names[i] },
		Cancel: p.stopSample,
	}
	page.Save = func() bool {
		p.stopSample()
		keep(chosen)
		p.savePreferences()
		p.remark(text.Get(text.MenuSaved))
		return true
	}
	p.ringList = names
	p.openPage(page)
}

// sampleTime is how long Play lets a ring sound.
const sampleTime = 2 * time.Second

func (p *Phone) playRing() {
	page := p.pages.Top()
	if page == nil || p.voice == nil || p.ringerOn != "" {
		return
	}
	name := p.ringList[min(page.Selected, len(p.ringList)-1)]
	if name == "" {
		name = p.ringOf(0)
	}
	p.ringSample(name)
}

// ringSample lets a ring sound for a short time.
func (p *Phone) ringSample(name string) {
	p.voice.Ring(name)
	p.sample.stop()
	p.sample = p.after(sampleTime, p.stopSample)
}

func (p *Phone) stopSample() {
	if p.sample != nil && p.ringerOn == "" && p.voice != nil {
		p.voice.StopRing()
	}
	p.sample.stop()
	p.sample = nil
}
