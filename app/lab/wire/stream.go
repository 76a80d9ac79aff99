package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrPing is what Read returns for a double CRLF between messages; a pong is
// due (RFC 5626 section 3.5.1).
var ErrPing = errors.New("keep-alive")

// Read takes the next message off a stream, where Content-Length must be given
// (RFC 3261 section 18.3). A message that cannot be read ends the stream: there
// is no way to find the next one.
func Read(r *bufio.Reader) (*Message, error) {
	head, err := readHead(r)
	if err != nil {
		return nil, err
	}
	m, _, err := parseHead(head)
	if err != nil {
		return nil, err
	}
	length, given, err := m.ContentLength()
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, fmt.Errorf("%w: no Content-Length on a stream", ErrIncomplete)
	}
	if length > MaxMessage-len(head) {
		return nil, fmt.Errorf("%w: Content-Length %d", ErrTooLarge, length)
	}
	m.Body = make([]byte, length)
	_, err = io.ReadFull(r, m.Body)
	return m, err
}

// readHead reads up to and with the empty line.
func readHead(r *bufio.Reader) ([]byte, error) {
	var head []byte
	blank := 0
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) || len(head)+len(line) > MaxMessage {
			return nil, ErrTooLarge
		}
		if err != nil {
			return nil, err
		}
		empty := len(bytes.TrimRight(line, "\r\n")) == 0
		switch {
		case empty && len(head) > 0:
			return append(head, line...), nil
		case empty:
			if blank++; blank == 2 {
				return nil, ErrPing
			}
		default:
			head = append(head, line...)
		}
	}
}
