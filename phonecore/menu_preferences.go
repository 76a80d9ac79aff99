package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// The features that a person may choose on the phone, by parameter. Its values
// 2 and 3 fix a choice (the reference, section 3).
const (
	featureDND          = "dnd_control"
	featureCallWaiting  = "call_waiting"
	featureHoldRingback = "call_hold_ringback"
	featureAnonymous    = "anonymous_call_block"

	fixed = 2
)

var preferenceRows = []struct {
	feature string
	label   text.ID
}{
	{featureDND, text.PrefDND},
	{featureCallWaiting, text.PrefCallWaiting},
	{featureAnonymous, text.PrefAnonymous},
	{featureHidden, text.PrefHideNumber},
	{featureHoldRingback, text.PrefHoldRingback},
}

// feature tells whether a feature is on: as the person has chosen, else as the
// configuration has it.
func (p *Phone) feature(name string) bool {
	n := p.params.Int(name)
	if chosen, ok := p.features[name]; ok && n < fixed {
		return chosen
	}
	return n%2 == 1
}

// setFeature turns a feature on or off, unless the configuration has fixed it.
func (p *Phone) setFeature(name string, on bool) {
	if p.params.Int(name) >= fixed {
		p.remark(text.Get(text.LockedByFile))
		return
	}
	if p.features == nil {
		p.features = map[string]bool{}
	}
	p.features[name] = on
	p.savePreferences()
}

// openPreferences is Call Preferences. It is the person's own and never locked;
// a choice counts at once.
func (p *Phone) openPreferences() {
	forwards := p.forwardPreferences()
	page := &menu.Page{Name: "menu.preferences", Title: text.Get(text.MenuPreferences)}
	page.Items = func() []view.Item {
		var items []view.Item
		for _, r := range preferenceRows {
			items = append(items, view.Item{Number: len(items) + 1, Label: text.Get(r.label), Value: yesNo(p.feature(r.feature))})
		}
		for _, r := range forwards {
			items = append(items, view.Item{Number: len(items) + 1, Label: text.Get(r.label), Value: r.value()})
		}
		return items
	}
	page.KeysNow = func() call.Context {
		if page.Selected < len(preferenceRows) {
			return call.ContextSubYesNo
		}
		return call.ContextSubEdit
	}
	page.Highlights = func(int) bool { return true }
	page.Open = func(i int) {
		if i < len(preferenceRows) {
			p.setFeature(preferenceRows[i].feature, !p.feature(preferenceRows[i].feature))
			return
		}
		forwards[i-len(preferenceRows)].edit()
	}
	page.Answer = func(i int, yes bool) {
		if i < len(preferenceRows) {
			p.setFeature(preferenceRows[i].feature, yes)
		}
	}
	p.openPage(page)
}
