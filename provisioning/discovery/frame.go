package discovery

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/link"
)

// errFrame is behind each error of a frame that makes no sense.
var errFrame = errors.New("malformed frame")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errFrame, fmt.Sprintf(format, args...))
}

// addressesLength is that of destination and source (IEEE 802.3, 3.1.1).
const addressesLength = 12

// header begins a frame.
func header(to string, from net.HardwareAddr) ([]byte, error) {
	if len(from) != 6 {
		return nil, fmt.Errorf("sender %q: want an Ethernet address", from)
	}
	return append(append(make([]byte, 0, link.MaxFrame), to...), from...), nil
}

// source is the sender of a frame of at least addressesLength bytes.
func source(frame []byte) net.HardwareAddr { return bytes.Clone(frame[6:addressesLength]) }

// text is what a neighbor says, fit for a log or a screen: each byte that is no
// printable UTF-8 and each other character that does not print becomes a
// space, then those at the ends go. It is never longer than b.
func text(b []byte) string {
	var s strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			r = ' '
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return strings.TrimSpace(s.String())
}

// clip cuts s to at most n bytes, at the boundary of a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// uint16Of reads a value that must be two bytes long at least: longer ones are
// a later version's.
func uint16Of(b []byte, into *uint16) error {
	if len(b) < 2 {
		return malformed("%d bytes for a number of 2", len(b))
	}
	*into = binary.BigEndian.Uint16(b)
	return nil
}
