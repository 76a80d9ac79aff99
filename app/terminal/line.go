package terminal

import "strings"

// attr is how a piece of a line is set; the zero value is plain.
type attr uint8

const (
	bold attr = 1 << iota
	faint
	inverse
	red
	green
)

// sgr are the terminal's codes for the attributes, in their order (ECMA-48,
// Select Graphic Rendition).
var sgr = []string{"1", "2", "7", "31", "32"}

// span is a piece of cleaned text in one setting.
type span struct {
	text string
	attr attr
}

// line is one line of the drawing.
type line []span

func plain(text string) line { return line{{text: text}} }

// cells is the width of the line in columns.
func (l line) cells() int {
	n := 0
	for _, s := range l {
		n += cells(s.text)
	}
	return n
}

// fit makes the line exactly n columns wide.
func (l line) fit(n int) line {
	var out line
	for _, s := range l {
		text := shorten(s.text, n)
		if text == "" {
			continue
		}
		out = append(out, span{text, s.attr})
		if n -= cells(text); text != s.text {
			break
		}
	}
	if n > 0 {
		out = append(out, span{text: strings.Repeat(" ", n)})
	}
	return out
}

// with adds an attribute to every piece.
func (l line) with(a attr) line {
	out := make(line, len(l))
	for i, s := range l {
		out[i] = span{s.text, s.attr | a}
	}
	return out
}

// string gives the line for the terminal, without colour as text only.
func (l line) string(colour bool) string {
	var b strings.Builder
	for _, s := range l {
		if !colour || s.attr == 0 {
			b.WriteString(s.text)
			continue
		}
		var codes []string
		for bit, code := range sgr {
			if s.attr&(1<<bit) != 0 {
				codes = append(codes, code)
			}
		}
		b.WriteString("\x1b[" + strings.Join(codes, ";") + "m" + s.text + "\x1b[0m")
	}
	return b.String()
}

// join sets left flush left and right flush right in n columns; the right one
// is kept whole as long as it leaves a third of the room to the left one.
func join(left, right line, n int) line {
	if len(right) == 0 || right.cells() == 0 {
		return left.fit(n)
	}
	r := min(right.cells(), n*2/3)
	return append(left.fit(max(0, n-r-1)), append(line{{text: " "}}, right.fit(r)...)...)
}
