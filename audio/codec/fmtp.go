package codec

import (
	"strconv"
	"strings"
)

// maxFmtp bounds how much of an a=fmtp is looked at, in bytes.
const maxFmtp = 512

// Fmtp are the parameters of a format as a=fmtp has them behind the payload
// type: "annexb=no", "maxaveragebitrate=20000; useinbandfec=1". It is text from
// the network: nothing in it is to be believed.
type Fmtp string

// Get finds a parameter by its name, in any case; the first one counts.
func (f Fmtp) Get(name string) (value string, ok bool) {
	for part := range strings.SplitSeq(string(f[:min(len(f), maxFmtp)]), ";") {
		key, v, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(v), `"`), true
		}
	}
	return "", false
}

// DTX tells whether a peer takes silence that is not sent: all do that do not
// say otherwise (annexb of RFC 4856 section 2.1.9, usedtx of RFC 7587 section 6.1).
func (f Fmtp) DTX() bool { return f.Bool("annexb", true) && f.Bool("usedtx", true) }

// Int is a number within limits; otherwise if it is absent or no number. What is
// beyond a limit is the limit.
func (f Fmtp) Int(name string, low, high, otherwise int) int {
	v, ok := f.Get(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return otherwise
	}
	return int(min(max(n, int64(low)), int64(high)))
}

// Bool is true for 1 and yes, false for 0 and no, in any case; otherwise for
// all else.
func (f Fmtp) Bool(name string, otherwise bool) bool {
	v, _ := f.Get(name)
	switch strings.ToLower(v) {
	case "1", "yes", "true":
		return true
	case "0", "no", "false":
		return false
	}
	return otherwise
}
