package terminal

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// input is one thing a person did at the keyboard.
type input struct {
	key  inputKey
	text string // for keyText one rune, for keyPaste all that was pasted
	alt  bool
}

// inputKey tells the kinds of input apart.
type inputKey uint8

const (
	keyUnknown inputKey = iota
	keyText
	keyPaste
	keyEnter
	keyEscape
	keyBackspace
	keyUp
	keyDown
	keyLeft
	keyRight
	keyPageUp
	keyPageDown
	keyF1
	keyF2
	keyF3
	keyF4
	keyRedraw
	keyQuit
)

// controls are the single bytes with a meaning (ECMA-48, and what terminals
// make of the keys).
var controls = map[byte]inputKey{
	'\r': keyEnter, '\n': keyEnter, 0x7f: keyBackspace, 0x08: keyBackspace,
	0x03: keyQuit, 0x0c: keyRedraw,
}

// finals are the last bytes of CSI and SS3 sequences that mean a key: cursor
// keys and PF1-PF4 of the VT100, which xterm and its kin still send.
var finals = map[byte]inputKey{
	'A': keyUp, 'B': keyDown, 'C': keyRight, 'D': keyLeft,
	'P': keyF1, 'Q': keyF2, 'R': keyF3, 'S': keyF4, 'M': keyEnter,
}

// tildes are the numbers of CSI n ~: the VT220's editing keys, and the function
// keys as rxvt and older terminals send them.
var tildes = map[string]inputKey{
	"5": keyPageUp, "6": keyPageDown,
	"11": keyF1, "12": keyF2, "13": keyF3, "14": keyF4,
}

// linuxFinals follow CSI [ on the Linux console: ESC [ [ A is F1.
var linuxFinals = map[byte]inputKey{'A': keyF1, 'B': keyF2, 'C': keyF3, 'D': keyF4}

// maxSequence bounds an escape sequence; maxPaste what is kept of a paste.
const (
	maxSequence = 64
	maxPaste    = 4096
)

// Bracketed paste: the terminal wraps what is pasted in these.
var (
	pasteBegin = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// decoder turns the bytes of a terminal into inputs. A sequence may be cut
// anywhere between two reads: what is not complete waits for more.
type decoder struct {
	held    []byte
	pasting bool
	paste   []byte
}

// feed takes bytes as they were read.
func (d *decoder) feed(p []byte) []input {
	d.held = append(d.held, p...)
	var inputs []input
	for len(d.held) > 0 {
		in, n := d.next(d.held)
		if n == 0 {
			break
		}
		d.held = d.held[n:]
		if in.key != keyUnknown {
			inputs = append(inputs, in)
		}
	}
	return inputs
}

// waiting tells that the bytes so far may be an Escape key or the beginning of
// a sequence: only time can tell.
func (d *decoder) waiting() bool { return len(d.held) > 0 && !d.pasting }

// flush is told that time: no more bytes came.
func (d *decoder) flush() []input {
	if !d.waiting() {
		return nil
	}
	held := d.held
	d.held = nil
	if held[0] != 0x1b || len(held) > 1 {
		return nil // a broken sequence or rune means nothing
	}
	return []input{{key: keyEscape}}
}

// next decodes the first input of p and tells how many bytes it took, 0 if it
// is not complete.
func (d *decoder) next(p []byte) (input, int) {
	switch {
	case d.pasting:
		return d.nextPaste(p)
	case p[0] == 0x1b:
		return d.nextEscape(p)
	case p[0] < ' ' || p[0] == 0x7f:
		return input{key: controls[p[0]]}, 1
	case !utf8.FullRune(p):
		return input{}, 0
	}
	r, size := utf8.DecodeRune(p)
	if r == utf8.RuneError {
		return input{}, size
	}
	return input{key: keyText, text: string(r)}, size
}

func (d *decoder) nextEscape(p []byte) (input, int) {
	if len(p) == 1 {
		return input{}, 0
	}
	switch c := p[1]; {
	case c == 0x1b:
		return input{key: keyEscape}, 1
	case c == '[':
		return d.nextCSI(p)
	case c == 'O':
		return nextSS3(p)
	case c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X':
		return input{}, skipString(p)
	case c < ' ' || c == 0x7f:
		return input{key: keyEscape}, 1
	case !utf8.FullRune(p[1:]):
		return input{}, 0
	}
	r, size := utf8.DecodeRune(p[1:])
	if r == utf8.RuneError {
		return input{}, 1 + size
	}
	return input{key: keyText, text: string(r), alt: true}, 1 + size
}

// nextCSI decodes ESC [ parameters intermediates final (ECMA-48 section 5.4).
func (d *decoder) nextCSI(p []byte) (input, int) {
	if len(p) >= 3 && p[2] == '[' {
		if len(p) < 4 {
			return input{}, 0
		}
		return input{key: linuxFinals[p[3]]}, 4
	}
	for i := 2; i < len(p); i++ {
		switch c := p[i]; {
		case c >= 0x40 && c <= 0x7e:
			if bytes.Equal(p[:i+1], pasteBegin) {
				d.pasting, d.paste = true, nil
				return input{}, i + 1
			}
			return csiKey(p[2:i], c), i + 1
		case c < 0x20 || c > 0x7e || i >= maxSequence:
			return input{}, i // not a sequence after all: drop what looked like one
		}
	}
	return input{}, 0
}

// csiKey finds the key of a CSI sequence; modifiers, the second parameter, do
// not matter.
func csiKey(params []byte, final byte) input {
	first, _, _ := strings.Cut(string(params), ";")
	switch {
	case final == '~':
		return input{key: tildes[first]}
	case final == 'R' && first != "" && first != "1":
		return input{} // a cursor position report, not F3
	case final == 'M':
		return input{} // a mouse report
	}
	return input{key: finals[final]}
}

// nextSS3 decodes ESC O final; some terminals put a modifier digit between.
func nextSS3(p []byte) (input, int) {
	for i := 2; i < len(p); i++ {
		if p[i] >= '0' && p[i] <= '9' && i < 4 {
			continue
		}
		return input{key: finals[p[i]]}, i + 1
	}
	return input{}, 0
}

// skipString drops a terminal's answer (OSC, DCS, APC, PM, SOS): it ends with
// BEL or ESC \.
func skipString(p []byte) int {
	for i := 2; i < len(p); i++ {
		switch {
		case p[i] == 0x07 || i >= maxSequence:
			return i + 1
		case p[i] == 0x1b && i+1 < len(p) && p[i+1] == '\\':
			return i + 2
		}
	}
	return 0
}

// nextPaste collects until the end mark; of a very long paste the rest is
// dropped.
func (d *decoder) nextPaste(p []byte) (input, int) {
	if i := bytes.Index(p, pasteEnd); i >= 0 {
		d.keepPaste(p[:i])
		d.pasting = false
		return input{key: keyPaste, text: strings.ToValidUTF8(string(d.paste), "")}, i + len(pasteEnd)
	}
	// The end mark may be cut: keep as much as could begin it.
	n := len(p)
	for k := min(len(p), len(pasteEnd)-1); k > 0; k-- {
		if bytes.HasSuffix(p, pasteEnd[:k]) {
			n -= k
			break
		}
	}
	d.keepPaste(p[:n])
	return input{}, n
}

func (d *decoder) keepPaste(p []byte) {
	d.paste = append(d.paste, p[:min(len(p), maxPaste-len(d.paste))]...)
}
