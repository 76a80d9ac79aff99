package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Stream reads messages from a stream, where Content-Length parts them (RFC
// 3261 section 18.3) and line ends between them keep the connection alive.
// Each message is then read as a datagram is.
type Stream struct {
	buf []byte
	// scanned is how much of buf holds no end of a head.
	scanned int
	// ends counts the bytes of line ends since the last message.
	ends int
}

// pingLength is that of the double line end which wants an answer (RFC 5626
// section 3.5.1).
const pingLength = len("\r\n\r\n")

var (
	errLong    = fmt.Errorf("a message longer than %d bytes", MaxMessage)
	errNotSIP  = errors.New("no start line of SIP")
	errNoMark  = errors.New("no Content-Length that can be read")
	endOfHead  = []byte("\r\n\r\n")
	endOfField = []byte("\r\n")
)

// NewStream begins with a connection.
func NewStream() *Stream { return &Stream{} }

// Write takes what a read brought and gives every message that is now
// complete to f, as Parse would; pinged tells that the far side wants a line
// end back. After an error the place where the next message begins is lost:
// the connection must be closed.
func (s *Stream) Write(data []byte, f func(*Message, error)) (pinged bool, err error) {
	s.buf = append(s.buf, data...)
	for {
		pinged = s.skipLineEnds() || pinged
		size, err := s.complete()
		if size == 0 || err != nil {
			return pinged, err
		}
		if m, err := Parse(bytes.Clone(s.buf[:size])); m != nil {
			f(m, err)
		}
		s.buf = s.buf[:copy(s.buf, s.buf[size:])]
		s.scanned, s.ends = 0, 0
	}
}

// skipLineEnds takes line ends between messages away; they may come in pieces.
func (s *Stream) skipLineEnds() (pinged bool) {
	n := 0
	for n < len(s.buf) && (s.buf[n] == '\r' || s.buf[n] == '\n') {
		n++
	}
	s.ends += n
	s.buf = s.buf[:copy(s.buf, s.buf[n:])]
	if s.ends < pingLength {
		return false
	}
	s.ends %= pingLength
	return true
}

// complete is the size of the first message, 0 while a part of it is missing.
func (s *Stream) complete() (int, error) {
	line, _, found := bytes.Cut(s.buf[:min(len(s.buf), MaxMessage)], endOfField)
	if found && !isStartLine(line) {
		return 0, errNotSIP
	}
	from := max(0, s.scanned-len(endOfHead)+1)
	head := bytes.Index(s.buf[from:], endOfHead)
	if head < 0 {
		s.scanned = len(s.buf)
		if len(s.buf) > MaxMessage {
			return 0, errLong
		}
		return 0, nil
	}
	head += from
	s.scanned = head
	body, err := bodyLength(s.buf[:head])
	size := head + len(endOfHead) + body
	switch {
	case err != nil:
		return 0, err
	case size > MaxMessage:
		return 0, errLong
	case size > len(s.buf):
		return 0, nil
	}
	return size, nil
}

func isStartLine(line []byte) bool {
	words := strings.Fields(string(line))
	is := func(word string) bool { return len(word) > 4 && strings.EqualFold(word[:4], "SIP/") }
	return len(words) > 1 && (is(words[0]) || is(words[len(words)-1]))
}

// bodyLength is the value of Content-Length in a head.
func bodyLength(head []byte) (int, error) {
	length := -1
	for line := range bytes.SplitSeq(head, endOfField) {
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found || canonical(string(name)) != "Content-Length" {
			continue
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 31)
		if err != nil || length >= 0 && length != int(n) {
			return 0, errNoMark
		}
		length = int(n)
	}
	if length < 0 {
		return 0, errNoMark
	}
	return length, nil
}

// Idle tells that no message has been begun.
func (s *Stream) Idle() bool { return len(s.buf) == 0 }
