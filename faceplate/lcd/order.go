package lcd

// order puts runes into the order in which they are drawn, from left to right.
// Writing from left to right is the rule on the LCD, whatever comes first;
// words of a script written from right to left are turned round within it.
// This is the part of the Unicode bidirectional algorithm (UAX #9) that
// matters for one line without embeddings.
func order(runes []rune) {
	for i := 0; i < len(runes); {
		if !rightToLeft(runes[i]) {
			i++
			continue
		}
		end := runEnd(runes, i)
		reverse(runes[i:end])
		restoreNumbers(runes[i:end])
		i = end
	}
}

// runEnd finds the end of a run that starts at i: it may hold blanks, digits
// and signs, but ends with a letter from right to left.
func runEnd(runes []rune, i int) int {
	end := i
	for ; i < len(runes); i++ {
		switch {
		case rightToLeft(runes[i]):
			end = i + 1
		case leftToRight(runes[i]):
			return end
		case isMark(runes[i]) && i == end:
			end = i + 1
		}
	}
	return end
}

// restoreNumbers turns numbers, and a letter with its marks, back round and
// mirrors brackets.
func restoreNumbers(runes []rune) {
	for i := 0; i < len(runes); i++ {
		runes[i] = mirrored(runes[i])
		from := i
		for i+1 < len(runes) && (inNumber(runes[from]) && inNumber(runes[i+1]) || isMark(runes[i])) {
			i++
		}
		reverse(runes[from : i+1])
	}
}

func reverse(runes []rune) {
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
}

func rightToLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff && !isMark(r) || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff
}

func leftToRight(r rune) bool {
	switch {
	case r < 'A':
		return false
	case r <= 0x7f:
		return r <= 'Z' || r >= 'a' && r <= 'z'
	}
	return r >= 0xc0 && !rightToLeft(r) && !isMark(r) && (r < 0x2000 || r > 0x2bff)
}

func inNumber(r rune) bool {
	return r >= '0' && r <= '9' || r == '.' || r == ',' || r == ':' || r == '-'
}

func mirrored(r rune) rune {
	switch r {
	case '(':
		return ')'
	case ')':
		return '('
	case '[':
		return ']'
	case ']':
		return '['
	case '<':
		return '>'
	case '>':
		return '<'
	}
	return r
}
