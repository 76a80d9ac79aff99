package lcd

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRunes is how much of one line is looked at. The narrowest letter is two
// pixels wide, so no more than half of this can be seen.
const maxRunes = 2 * Width

// maxBytes bounds the work for one line, whatever the text is made of.
const maxBytes = 4 * maxRunes

// clean turns text into the runes to draw, in r.runes: composed, without
// control and format characters, at most maxRunes of them. With tail, the end
// of a long text is kept instead of its beginning.
func (r *Renderer) clean(s string, tail bool) []rune {
	if len(s) > maxBytes {
		if tail {
			s = s[len(s)-maxBytes:]
		} else {
			s = s[:maxBytes]
		}
	}
	r.runes = r.runes[:0]
	if norm.NFC.QuickSpanString(s) == len(s) {
		for _, c := range s {
			r.appendRune(c)
		}
	} else {
		// An iterator that is kept composes without allocating.
		for r.composer.InitString(norm.NFC, s); !r.composer.Done(); {
			r.appendRunes(r.composer.Next())
		}
	}
	if over := len(r.runes) - maxRunes; over > 0 {
		if tail {
			return r.runes[over:]
		}
		return r.runes[:maxRunes]
	}
	return r.runes
}

func (r *Renderer) appendRunes(text []byte) {
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		r.appendRune(c)
		text = text[size:]
	}
}

func (r *Renderer) appendRune(c rune) {
	if c = visible(c); c != 0 {
		r.runes = append(r.runes, c)
	}
}

// visible gives the rune to draw for c: a space for a control character, 0 for
// what has no width and no picture, such as the marks of writing direction.
func visible(c rune) rune {
	switch {
	case c < ' ' || c >= 0x7f && c < 0xa0:
		return ' '
	case c < 0xa0:
		return c
	case c == 0xad || unicode.Is(unicode.Cf, c):
		return 0
	case unicode.IsSpace(c):
		return ' '
	}
	return c
}
