package hostlease

import "strings"

// parseIPConfig reads what macOS's "ipconfig getpacket" prints: fields as "name
// = value", options as "name (type): value", and for those without a name the
// bytes, on the same line or on those that follow, after their offset.
func parseIPConfig(text string) record {
	var r record
	var open string // the option whose bytes follow
	var bytes []byte
	flush := func() {
		r.setNamed(open, func(kind) []byte { return bytes })
		open, bytes = "", nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if offset, dump, ok := strings.Cut(line, " "); open != "" && ok && isOffset(offset) {
			bytes = append(bytes, dumped(dump)...)
			continue
		}
		flush()
		if name, value, ok := strings.Cut(line, " = "); ok {
			switch name {
			case "yiaddr":
				r.address = address(value)
			case "siaddr":
				r.next = address(value)
			case "file":
				r.file = value
			}
			continue
		}
		name, value, ok := strings.Cut(line, "): ")
		if !ok {
			name, ok = strings.CutSuffix(line, "):")
		}
		name, kindOf, typed := strings.Cut(name, " (")
		switch {
		case !ok || !typed:
		case kindOf == "opaque" && strings.TrimSpace(value) == "":
			open = name
		case kindOf == "opaque":
			r.setNamed(name, func(kind) []byte { return dumped(value) })
		default:
			r.setNamed(name, func(as kind) []byte { return encode(value, as) })
		}
	}
	flush()
	return r
}

// dumped reads bytes that are followed by the same as letters.
func dumped(line string) []byte {
	line, _, _ = strings.Cut(strings.TrimSpace(line), "   ")
	return octets(line)
}

// isOffset tells whether a word begins a line of bytes.
func isOffset(word string) bool {
	return len(word) == 4 && strings.Trim(word, "0123456789abcdef") == ""
}
