package lcd

import "unicode/utf8"

// maxLines bounds the work for one page, whatever its length.
const maxLines = 1000

// A span is one line on the glass: a part of Text[text].
type span struct{ text, from, to int }

// Wrap breaks text into lines that fit on a page of [view.LayoutText]. A phone
// that wraps with it can count the lines and so knows how far its page
// scrolls; the renderer would break the same lines at the same places.
func Wrap(text []string) []string {
	spans := appendSpans(nil, text, faceNormal, textWidth)
	lines := make([]string, len(spans))
	for i, s := range spans {
		lines[i] = text[s.text][s.from:s.to]
	}
	return lines
}

// appendSpans breaks text at blanks, and within a word only where the word
// alone is too wide. An empty text makes one empty line.
func appendSpans(spans []span, text []string, face *typeface, room int) []span {
	for i, s := range text {
		for from := 0; ; {
			if len(spans) >= maxLines {
				return spans
			}
			to, next := breakLine(s, from, face, room)
			spans = append(spans, span{text: i, from: from, to: to})
			if next >= len(s) {
				break
			}
			from = next
		}
	}
	return spans
}

// breakLine finds where the line that starts at from ends, and where the next
// one starts.
func breakLine(s string, from int, face *typeface, room int) (to, next int) {
	width, before := 0, rune(0)
	blank, afterBlank := -1, -1 // the last place where a line may end
	for at := from; at < len(s); {
		c, size := utf8.DecodeRuneInString(s[at:])
		if c == '\n' {
			return at, at + size
		}
		c = visible(c)
		if c == ' ' {
			if blank < 0 || afterBlank != at {
				blank = at
			}
			afterBlank = at + size
		} else if at > from && ideograph(c) {
			blank, afterBlank = at, at
		}
		if c != 0 {
			width += face.step(before, c)
			before = c
		}
		if width > room && c != ' ' {
			if blank > from {
				return blank, afterBlank
			}
			return max(at, from+size), max(at, from+size)
		}
		at += size
	}
	return len(s), len(s)
}

// ideograph tells whether a line may be broken before c without a blank.
func ideograph(c rune) bool { return c >= 0x2e80 && c < 0xd7ff }
