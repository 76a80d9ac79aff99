package faceplate

import (
	"path/filepath"
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
		if link := dialLink(item.Path()); link != "" {
			w.typeForeign(link)
			return
		}
	}
}

// dialLink gives a tel: or SIP link, empty if there is none. The window system
// takes every dropped item for a file: a link arrives as the path of a file of
// that name in the working directory.
func dialLink(path string) string {
	if here, err := filepath.Abs("."); err == nil {
		path = strings.TrimPrefix(path, filepath.ToSlash(here))
	}
	path = strings.TrimLeft(path, "/")
	for _, s := range dialSchemes {
		if len(path) > len(s) && strings.EqualFold(path[:len(s)], s) {
			return path
		}
	}
	return ""
}
