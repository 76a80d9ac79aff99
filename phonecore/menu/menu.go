// Package menu is the model of the phone's menus: pages on a stack, each a
// numbered list or a text, with the selection and the scroll position (guide,
// "Using the Cisco SIP IP Phone Menu Interface"). What the pages say and do is
// given to them as functions, so that they show the present values whenever
// they are drawn.
package menu

import (
	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/view"
)

// Page is one menu, list or text, or the editing panel.
type Page struct {
	// Name of the screen for scripts: "menu.settings".
	Name, Title, Prompt string
	// Status gives a prompt that changes; nil takes Prompt.
	Status func() string
	// Bar, if not nil, is shown beside the prompt.
	Bar func() view.Progress
	// Keys is the page's row of the soft-key table.
	Keys call.Context
	// KeysNow gives a row that changes with the page; nil takes Keys.
	KeysNow func() call.Context
	// Padlock marks a page of settings with a padlock.
	Padlock bool
	// Items of a list; nil for a text page.
	Items func() []view.Item
	// Text of a text page, or the hints below the editing panel.
	Text func() []string
	// Field is what the editing panel edits; nil for other pages.
	Field *edit.Field
	// Image is the picture of a page that is drawn; its items, if there are
	// any, are not shown but chosen by their numbers.
	Image *view.Image
	// Do is what soft keys of the row do here with the selected item.
	Do map[call.SoftKey]func(i int)
	// Own are the soft keys of a page that brings its own words for them,
	// instead of a row of the table. The zero Key is an empty cell.
	Own []Key
	// Pressed takes another key; false leaves it to its usual meaning.
	Pressed func(view.Key) bool
	// Open is Select on item i; nil if nothing can be selected.
	Open func(i int)
	// Highlights tells that the number of item i only highlights it, as with
	// parameters; nil opens every item by its number.
	Highlights func(i int) bool
	// Answer is Yes or No on item i; nil where nothing is asked.
	Answer func(i int, yes bool)
	// Save is that soft key; false keeps the page open. Cancel is called when
	// the page is left without it. Nil where the page has none.
	Save   func() bool
	Cancel func()
	// Adjust takes the scroll key instead of moving the selection: +1 is up.
	Adjust func(step int)

	Selected, First int
}

// Key is a soft key that a page brings with it.
type Key struct {
	Label string
	Press func()
}

// Row is the page's present row of the soft-key table.
func (p *Page) Row() call.Context {
	if p.KeysNow != nil {
		return p.KeysNow()
	}
	return p.Keys
}

// Move moves the selection of a list, or the top line of a text, and stops at
// the ends; in the editing panel it moves the cursor.
func (p *Page) Move(step int) {
	if p.Field != nil {
		p.Field.Move(step)
		return
	}
	if p.Items == nil {
		p.First = min(max(p.First+step, 0), max(len(p.Text())-view.TextRows, 0))
		return
	}
	n := len(p.Items())
	p.Selected = min(max(p.Selected+step, 0), max(n-1, 0))
	p.First = min(max(p.First, p.Selected-view.NumRows+1), p.Selected)
}

// Choose opens or highlights the item with a number, as its digit key does. It
// reports whether there is one.
func (p *Page) Choose(number int) bool {
	if p.Items == nil {
		return false
	}
	for i, item := range p.Items() {
		if item.Number == number {
			p.Move(i - p.Selected)
			if p.Open != nil && (p.Highlights == nil || !p.Highlights(i)) {
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
