package dialplan

import "strings"

// kind of a symbol in a pattern.
type kind uint8

const (
	literal kind = iota
	digit        // one dialled digit
	several      // one or more
	pause        // a second dial tone
)

// symbol is one step of a pattern.
type symbol struct {
	kind kind
	char byte
}

// compile takes a pattern apart. Commas in a row are one pause, a backslash
// makes the next character literal unless it is the last.
func compile(match string) []symbol {
	var pattern []symbol
	for i := 0; i < len(match); i++ {
		s := symbol{literal, match[i]}
		switch match[i] {
		case '.':
			s.kind = digit
		case '*':
			s.kind = several
		case ',':
			s.kind = pause
			if n := len(pattern); n > 0 && pattern[n-1].kind == pause {
				continue
			}
		case '\\':
			if i+1 < len(match) {
				i++
				s.char = match[i]
			}
		}
		pattern = append(pattern, s)
	}
	return pattern
}

// quality is the rank of a match among those with as many literals.
type quality uint8

const (
	none     quality = iota
	wild             // a star took part
	dotted           // a dot did
	verbatim         // literals only
)

// trial is what became of matching one pattern.
type trial struct {
	// ok is true if all digits fit, complete if they fill the pattern too.
	ok, complete bool
	// literals is how many digits matched literally.
	literals int
	quality  quality
	// awaits is true if a pause comes next; pauses counts those behind us.
	awaits bool
	pauses int
	// ended is true if # ended the number.
	ended bool
	// groups are the digits that dots in a row, or a star, stood for.
	groups []string
}

// maxGroups is how many groups are kept apart; what follows is added to the
// last one.
const maxGroups = 5

// isDialled tells what a dot stands for. # ends the number instead.
func isDialled(c byte) bool { return c >= '0' && c <= '9' || c == '*' || c == '+' }

// try matches digits against the beginning of a pattern.
func try(pattern []symbol, digits string) trial {
	t := trial{quality: verbatim}
	i := 0
	for i < len(digits) {
		if len(pattern) > 0 && pattern[0].kind == pause {
			t.pauses++
			pattern = pattern[1:]
			continue
		}
		taken, used := t.step(pattern, digits[i:])
		if taken == 0 {
			if digits[i:] != "#" {
				return trial{}
			}
			t.ended = true
			break
		}
		i += taken
		pattern = pattern[used:]
	}
	t.ok, t.complete = true, len(pattern) == 0
	t.awaits = !t.complete && !t.ended && pattern[0].kind == pause
	return t
}

// step matches the next symbols: it tells how many digits they took and how
// many symbols were used; 0 digits if they do not fit.
func (t *trial) step(pattern []symbol, digits string) (taken, used int) {
	if len(pattern) == 0 {
		return 0, 0
	}
	switch s := pattern[0]; {
	case s.kind == literal && s.char == digits[0]:
		t.literals++
		return 1, 1
	case s.kind == digit && isDialled(digits[0]):
		t.quality = dotted
		taken = 1
		for taken < len(digits) && taken < len(pattern) && pattern[taken].kind == digit && isNumber(digits[taken]) {
			taken++
		}
		t.group(digits[:taken])
		return taken, taken
	case s.kind == several && digits[0] != '#':
		t.quality = wild
		taken = 1 + starLength(pattern[1:], digits[1:])
		t.group(digits[:taken])
		return taken, 1
	}
	return 0, 0
}

func isNumber(c byte) bool { return c >= '0' && c <= '9' }

// starLength is how far a star reaches: to the literal that follows it in the
// pattern, to #, or to the end.
func starLength(after []symbol, digits string) int {
	stop := "#"
	if len(after) > 0 && after[0].kind == literal {
		stop += string(after[0].char)
	}
	if n := strings.IndexAny(digits, stop); n >= 0 {
		return n
	}
	return len(digits)
}

func (t *trial) group(digits string) {
	if n := len(t.groups); n == maxGroups {
		t.groups[n-1] += digits
		return
	}
	t.groups = append(t.groups, digits)
}
