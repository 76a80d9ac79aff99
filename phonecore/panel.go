package phonecore

import (
	"strings"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// panel is what the editing panel is opened with.
type panel struct {
	// name of the screen for scripts; title says what is edited.
	name, title string
	value       string
	rules       edit.Rules
	// hints are lines below the panel.
	hints func() []string
	// done takes the text, or says what is wrong with it. It is not called for
	// a secret that was left as it was.
	done func(text string) (trouble string)
}

// openPanel lets a text be edited. Validate gives it to done and goes back,
// Cancel leaves things as they were (guide 2-21, 2-22).
func (p *Phone) openPanel(e panel) {
	field := edit.New(e.value, e.rules)
	trouble := ""
	page := &menu.Page{Name: e.name, Title: e.title, Field: field, Padlock: true}
	page.KeysNow = func() call.Context {
		switch {
		case !field.Letters():
			return call.ContextPanelDigits
		case field.Mode() == edit.Alpha:
			return call.ContextPanelAlpha
		}
		return call.ContextPanelNumber
	}
	page.Text = func() []string {
		hints := e.hints()
		if trouble != "" {
			hints = []string{trouble}
		} else if field.Fresh() {
			hints = append([]string{text.Get(text.EditReplaces)}, hints...)
		}
		return hints // the face wraps them, to the width beside its panel
	}
	page.Open = func(int) {
		field.Settle()
		value, changed := field.Value()
		if trouble = ""; changed || !e.rules.Secret {
			trouble = e.done(value)
		}
		if trouble == "" && p.pages.Top() == page {
			p.pages.Pop()
		}
	}
	p.openPage(page)
}

// panelKey is a key of the dial pad in the editing panel.
func (p *Phone) panelKey(f *edit.Field, digit byte) {
	p.tap.stop()
	if f.Press(digit) {
		p.tap = p.after(edit.TapTime, f.Settle)
	}
}

// panelMode chooses digits or letters: in the panel, or for the number that is
// being entered.
func (p *Phone) panelMode(m edit.Mode) {
	switch page := p.pages.Top(); {
	case page == nil:
		p.dialMode(m)
	case page.Field != nil:
		page.Field.SetMode(m)
	}
}

// typeIntoPanel takes text from the keyboard or the clipboard; it is false if
// no panel is open.
func (p *Phone) typeIntoPanel(s string) bool {
	page := p.pages.Top()
	if page == nil || page.Field == nil || p.helping {
		return false
	}
	p.clearRemark()
	page.Field.Insert(s)
	return true
}

// rulesOf says what the panel takes for a parameter.
func rulesOf(prm param.Param) edit.Rules {
	switch prm.Kind {
	case param.IPv4:
		return edit.Address()
	case param.Int:
		return edit.Digits()
	case param.Host:
		return edit.Host()
	case param.URI:
		return edit.URI(prm.Max)
	case param.Secret:
		return edit.Secret(prm.Max)
	case param.Text:
		if strings.HasPrefix(prm.Name, "tftp_server") {
			return edit.Host()
		}
	}
	return edit.Text(prm.Max)
}
