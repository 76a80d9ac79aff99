package phonecore

import "deskset/phonecore/edit"

// dialMode lets the dial pad write letters or digits while a number is entered:
// URL dialling (guide 1-3). Without a page it is what the soft keys Alpha and
// Number do.
func (p *Phone) dialMode(m edit.Mode) {
	if !p.entry.open {
		return
	}
	p.entry.letters = nil
	if m == edit.Alpha {
		f := edit.New("", edit.URI(maxDialled))
		f.Insert(p.entry.text)
		f.SetMode(edit.Alpha)
		p.entry.letters = f
	}
	p.entry.late = false
	p.awaitDigit()
	p.settle()
}

// letterKey is a key of the dial pad that writes letters.
func (p *Phone) letterKey(digit byte) {
	f := p.entry.letters
	p.panelKey(f, digit)
	number, _ := f.Value()
	p.entered(number)
}
