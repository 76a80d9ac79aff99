package dtmf

import (
	"encoding/binary"
	"errors"
	"strings"
)

// eventLength is that of an event payload in bytes.
const eventLength = 4

// maxDuration is the longest that one event payload can tell, in timestamp
// units.
const maxDuration = 0xFFFF

// Event is the payload of a telephone-event packet (RFC 4733 section 2.3).
type Event struct {
	Digit byte // '0'-'9', '*', '#', 'A'-'D'
	End   bool
	// Volume is the tone's power as a positive number below 0 dBm0, 0 to 63.
	Volume   uint8
	Duration uint16 // in timestamp units
}

// codes lists the digits by their event code (RFC 4733 section 3.2, table 3).
const codes = "0123456789*#ABCD"

var (
	errEventShort   = errors.New("telephone-event: payload is shorter than 4 bytes")
	errEventNoDigit = errors.New("telephone-event: event is not a DTMF digit")
)

const (
	endBit     = 0x80
	volumeMask = 0x3F
)

// Append appends the payload to dst.
func (e Event) Append(dst []byte) []byte {
	flags := e.Volume & volumeMask
	if e.End {
		flags |= endBit
	}
	dst = append(dst, byte(strings.IndexByte(codes, e.Digit)), flags)
	return binary.BigEndian.AppendUint16(dst, e.Duration)
}

// ParseEvent reads the first event of a payload. Events other than digits
// (flash, modem tones) give an error.
func ParseEvent(payload []byte) (Event, error) {
	if len(payload) < eventLength {
		return Event{}, errEventShort
	}
	if int(payload[0]) >= len(codes) {
		return Event{}, errEventNoDigit
	}
	return Event{
		Digit:    codes[payload[0]],
		End:      payload[1]&endBit != 0,
		Volume:   payload[1] & volumeMask,
		Duration: binary.BigEndian.Uint16(payload[2:]),
	}, nil
}
