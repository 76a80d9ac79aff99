// Package menu is the model of the phone's menus: pages on a stack, each a
// numbered list or a text, with the selection and the scroll position (guide,
// "Using the Cisco SIP IP Phone Menu Interface"). What the pages say and do is
// given to them as functions, so that they show the present values whenever
// they are drawn.
package menu

import (
	"deskset/phonecore/call"
	"deskset/phonecore/view"
)

// Page is one menu, list or text.
type Page struct {
	// Name of the screen for scripts: "menu.settings".
	Name, Title, Prompt string
	// Keys is the page's row of the soft-key table.
	Keys call.Context
	// Items of a list; nil for a text page.
	Items func() []view.Item
	// Text of a text page.
	Text func() []string
	// Open is Select on item i; nil if nothing can be selected.
	Open func(i int)
	// Save and Cancel are those soft keys; nil where the page has none.
	Save, Cancel func()
	// Adjust takes the scroll key instead of moving the selection: +1 is up.
	Adjust func(step int)

	Selected, First int
}

// Move moves the selection of a list, or the top line of a text, and stops at
// the ends.
func (p *Page) Move(step int) {
	if p.Items == nil {
		p.First = min(max(p.First+step, 0), max(len(p.Text())-view.TextRows, 0))
		return
	}
	n := len(p.Items())
	p.Selected = min(max(p.Selected+step, 0), max(n-1, 0))
	p.First = min(max(p.First, p.Selected-view.NumRows+1), p.Selected)
}

// Choose opens the item with a number, as its digit key does. It reports
// whether there is one.
func (p *Page) Choose(number int) bool {
	if p.Items == nil {
		return false
	}
	for i, item := range p.Items() {
		if item.Number == number {
			p.Move(i - p.Selected)
			if p.Open != nil {
				p.Open(i)
			}
			return true
		}
	}
	return false
}

// Stack is the way from the first page to the one on the screen.
type Stack []*Page

// Push opens a page on top.
func (s *Stack) Push(p *Page) { *s = append(*s, p) }

// Pop goes back one page.
func (s *Stack) Pop() {
	if n := len(*s); n > 0 {
		*s = (*s)[:n-1]
	}
}

// Top is the page on the screen, nil if there is none.
func (s Stack) Top() *Page {
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1]
}
