package hostlease

import (
	"strconv"
	"strings"
	"time"
)

// parseDhclient reads dhclient.leases(5): blocks of statements, the newest last.
// It gives the last block of the interface that has not expired. What it does
// not understand it leaves out.
func parseDhclient(text, iface string, now time.Time) (r record, ok bool) {
	words := split(text)
	for i := 0; i < len(words); i++ {
		if words[i] != (word{"lease", false}) || i+1 >= len(words) || !words[i+1].is("{") {
			continue
		}
		block := words[i+2:]
		for n, w := range block {
			if w.is("}") {
				block = block[:n]
				break
			}
		}
		i += 1 + len(block)
		if one, good := leaseBlock(block, iface, now); good {
			r, ok = one, true
		}
	}
	return r, ok
}

// leaseBlock reads what stands between the braces.
func leaseBlock(words []word, iface string, now time.Time) (r record, ok bool) {
	var ends time.Time
	ok = true
	for len(words) > 0 {
		n := 0
		for n < len(words) && !words[n].is(";") {
			n++
		}
		statement := words[:n]
		words = words[min(n+1, len(words)):]
		if len(statement) < 2 {
			continue
		}
		value := statement[1:]
		switch statement[0].text {
		case "interface":
			ok = ok && value[0].text == iface
		case "fixed-address":
			r.address = address(value[0].text)
		case "next-server", "server-address":
			r.next = address(value[0].text)
		case "filename":
			r.file = value[0].text
		case "expire":
			ends = date(value)
			ok = ok && (ends.IsZero() || now.Before(ends))
		case "option":
			if len(value) > 1 {
				r.setNamed(value[0].text, func(as kind) []byte { return optionValue(value[0].text, value[1:], as) })
			}
		}
	}
	if r.start = ends; !ends.IsZero() {
		r.start = ends.Add(-r.lasts())
	}
	return r, ok && r.address.IsValid()
}

// lasts is the time of the lease.
func (r record) lasts() time.Duration {
	const leaseTime = 51
	var n uint64
	for _, b := range r.options[leaseTime] {
		n = n<<8 | uint64(b)
	}
	return time.Duration(uint32(n)) * time.Second
}

// optionValue reads the value of an option. One that dhclient has no name for
// is in hexadecimal, or in quotes if all its bytes happen to be letters.
func optionValue(name string, value []word, as kind) []byte {
	text := ""
	for i, w := range value {
		if i > 0 && !w.is(",") {
			text += " "
		}
		text += w.text
	}
	switch {
	case value[0].quoted && as == asAddresses:
		if b := addresses(text); b != nil { // by an administrator's own definition
			return b
		}
		return []byte(value[0].text)
	case value[0].quoted:
		return []byte(value[0].text)
	case strings.HasPrefix(name, "unknown-"):
		return octets(text)
	}
	b := encode(text, as)
	if b == nil {
		return octets(text)
	}
	return b
}

// date reads "4 2026/11/21 12:00:00", "epoch 1795262400" or "never", which gives
// the zero time, as what cannot be read does.
func date(value []word) time.Time {
	if value[0].is("epoch") && len(value) > 1 {
		if n, err := strconv.ParseInt(value[1].text, 10, 64); err == nil {
			return time.Unix(n, 0)
		}
	}
	if len(value) >= 3 {
		if t, err := time.Parse("2006/01/02 15:04:05", value[1].text+" "+value[2].text); err == nil { // in UTC
			return t
		}
	}
	return time.Time{}
}

// word is a word, a quoted text or one of ; { } and the comma.
type word struct {
	text   string
	quoted bool
}

func (w word) is(s string) bool { return !w.quoted && w.text == s }

// split parts a text into words. Comments begin with #.
func split(text string) (words []word) {
	for text != "" {
		switch c := text[0]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			text = text[1:]
		case c == '#':
			_, text, _ = strings.Cut(text, "\n")
		case strings.IndexByte(";{},", c) >= 0:
			words, text = append(words, word{text[:1], false}), text[1:]
		case c == '"':
			var s string
			s, text = unquote(text[1:])
			words = append(words, word{s, true})
		default:
			n := strings.IndexAny(text, " \t\r\n;{},\"#")
			if n < 0 {
				n = len(text)
			}
			words, text = append(words, word{text[:n], false}), text[n:]
		}
	}
	return words
}

// unquote reads up to the closing quote; \ is followed by three octal digits or
// by the byte itself.
func unquote(text string) (s, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			if n, err := strconv.ParseUint(text[i+1:min(i+4, len(text))], 8, 8); err == nil && i+4 <= len(text) {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), ""
}
