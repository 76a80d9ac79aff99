package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Cookie begins every branch of RFC 3261 (section 8.1.1.7).
const Cookie = "z9hG4bK"

// Via is one hop of a message (RFC 3261 section 20.42).
type Via struct {
	Transport string // in upper case: UDP, TCP, TLS
	Host      string
	Port      uint16 // 0 if none is given
	Params    Params
}

// ParseVia reads one Via. White space may stand nearly everywhere.
func ParseVia(s string) (*Via, error) {
	head, params, _ := strings.Cut(s, ";")
	parts := strings.SplitN(head, "/", 3)
	if len(parts) != 3 || !strings.EqualFold(strings.TrimSpace(parts[0]), "SIP") {
		return nil, fmt.Errorf("Via %.60q: want SIP/2.0/UDP host", s)
	}
	protocol, sentBy, ok := strings.Cut(strings.TrimSpace(strings.ReplaceAll(parts[2], "\t", " ")), " ")
	if !ok {
		return nil, fmt.Errorf("Via %.60q: no host", s)
	}
	host, port, err := splitHostPort(sentBy)
	if err != nil {
		return nil, fmt.Errorf("Via %.60q: %w", s, err)
	}
	return &Via{Transport: strings.ToUpper(protocol), Host: host, Port: port, Params: parseParams(params)}, nil
}

// Branch is the branch parameter, "" from an RFC 2543 peer that sends none.
func (v *Via) Branch() string {
	b, _ := v.Params.Get("branch")
	return b
}

// SentBy is how host and port are written.
func (v *Via) SentBy() string { return URI{Host: v.Host, Port: v.Port}.HostPort() }

// String writes the Via.
func (v *Via) String() string {
	return "SIP/2.0/" + v.Transport + " " + v.SentBy() + v.Params.String()
}

// ParseCSeq reads "1 INVITE" (RFC 3261 section 8.1.1.5: below 2³¹).
func ParseCSeq(s string) (number uint32, method string, err error) {
	fields := strings.Fields(s)
	if len(fields) != 2 {
		return 0, "", fmt.Errorf("CSeq %.40q: want a number and a method", s)
	}
	n, err := strconv.ParseUint(fields[0], 10, 31)
	if err != nil {
		return 0, "", fmt.Errorf("CSeq %.40q: want a number below 2147483648", s)
	}
	return uint32(n), strings.ToUpper(fields[1]), nil
}

// Seconds reads the time of Expires, Min-Expires and Retry-After; comments and
// parameters behind the number are passed over.
func Seconds(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end == 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:end], 10, 64)
	if err != nil || n > 1<<32-1 {
		n = 1<<32 - 1 // RFC 3261 section 20.19: up to 2³²−1
	}
	return time.Duration(n) * time.Second, true
}

// FormatSeconds writes a time in whole seconds.
func FormatSeconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }

// Q is the preference of a contact in thousandths, 1000 if it says none (RFC
// 3261 section 20.10).
func (a Address) Q() int {
	text, ok := a.Params.Get("q")
	if !ok {
		return 1000
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return int(q * 1000)
}
