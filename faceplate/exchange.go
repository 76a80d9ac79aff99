package faceplate

import (
	"net/url"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// maxPaste is how many characters of a foreign text the phone is given.
const maxPaste = 512

// paste gives the phone the clipboard's text: a number or a SIP URI to dial, or
// a value for the editor.
func (w *Window) paste() { w.typeForeign(w.app.Clipboard().Content()) }

// typeForeign hands over text from outside with everything taken out that the
// phone would take for a key, such as Enter.
func (w *Window) typeForeign(text string) {
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(text) {
		if r == '\n' || r == '\r' {
			break
		}
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			continue
		}
		if n++; n > maxPaste {
			break
		}
		b.WriteRune(r)
	}
	if b.Len() > 0 {
		w.phone.Type(b.String())
	}
}

// copyNumber puts the number on the screen on the clipboard.
func (w *Window) copyNumber() {
	if w.shown.Number != "" {
		w.app.Clipboard().SetContent(w.shown.Number)
	}
}

// dialSchemes are the links that may be dropped on the face.
var dialSchemes = []string{"tel:", "sip:", "sips:", "callto:"}

// dropped dials the first link to a number among what was dropped.
func (w *Window) dropped(_ fyne.Position, items []fyne.URI) {
	for _, item := range items {
		if link := dialLink(item.String()); link != "" {
			w.typeForeign(link)
			return
		}
	}
}

// dialLink gives a tel: or SIP link, empty if the text is none. The window
// system takes every dropped item for a file, so there may be a file: before it.
func dialLink(item string) string {
	item = strings.TrimLeft(strings.TrimPrefix(item, "file:"), "/")
	if plain, err := url.PathUnescape(item); err == nil && !hasScheme(item) {
		item = plain
	}
	if hasScheme(item) {
		return item
	}
	return ""
}

func hasScheme(item string) bool {
	for _, s := range dialSchemes {
		if len(item) > len(s) && strings.EqualFold(item[:len(s)], s) {
			return true
		}
	}
	return false
}
