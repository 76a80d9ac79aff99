package wire

import (
	"errors"
	"io"

	"github.com/emiago/sipgo/sip"
)

// Stream reads messages from a stream, where Content-Length parts them and
// line ends between them keep the connection alive.
type Stream struct {
	s *sip.ParserStream
	// begun: a message is only partly here.
	begun bool
	// ends counts the bytes of line ends since the last message.
	ends int
}

// pingLength is that of the double line end which wants an answer (RFC 5626
// section 3.5.1).
const pingLength = len("\r\n\r\n")

// NewStream begins with a connection.
func NewStream() *Stream { return &Stream{s: parser.NewSIPStream()} }

// Write takes what a read brought and gives every message that is now
// complete to f; pinged tells that the far side wants a line end back. After
// an error the place where the next message begins is lost: the connection
// must be closed.
func (s *Stream) Write(data []byte, f func(*Message, error)) (pinged bool, err error) {
	s.s.Buffer().Write(data)
	for {
		if !s.begun {
			pinged = s.skipLineEnds() || pinged
		}
		if s.s.Buffer().Len() == 0 {
			return pinged, nil
		}
		parsed, _, err := s.s.ParseNext()
		s.begun = errors.Is(err, io.ErrUnexpectedEOF)
		if s.begun {
			return pinged, nil
		} else if err != nil {
			return pinged, err
		}
		s.ends = 0
		m, err := convert(parsed)
		if err == nil || m.IsRequest() {
			f(m, err)
		}
	}
}

// skipLineEnds takes line ends between messages away; they may come in pieces.
func (s *Stream) skipLineEnds() (pinged bool) {
	b := s.s.Buffer()
	for b.Len() > 0 && (b.Bytes()[0] == '\r' || b.Bytes()[0] == '\n') {
		b.Next(1)
		if s.ends++; s.ends == pingLength {
			pinged, s.ends = true, 0
		}
	}
	return pinged
}

// Idle tells that no message has been begun.
func (s *Stream) Idle() bool { return !s.begun }

// Close frees the buffer.
func (s *Stream) Close() { s.s.Close() }
