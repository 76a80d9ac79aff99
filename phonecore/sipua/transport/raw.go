package transport

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// Raw is what a Transport may be besides: one that sends what is no SIP, that
// is line ends, which keep a way open (RFC 5626 section 3.5.1), and STUN. No
// connection is opened for it.
type Raw interface {
	SendRaw(to Destination, data []byte, failed func(error)) error
}

// Ping is what asks for a line end back.
var Ping = []byte("\r\n\r\n")

// pongTimeout is how long the far side may take to answer a Ping (RFC 5626
// section 4.4.1).
var pongTimeout = 10 * time.Second

var (
	errNoPong = errors.New("the server does not answer keep-alives on this connection any more")
	errNoFlow = errors.New("there is no connection to keep open")
)

// SendRaw implements Raw.
func (n *Net) SendRaw(to Destination, data []byte, failed func(error)) error {
	if to.Network == UDP {
		if err := n.writeDatagram(data, to.Addr); err != nil {
			return fmt.Errorf("sending to %v by UDP: %w", to.Addr, err)
		}
		return nil
	}
	n.mu.Lock()
	s := n.streams[streamKey{to.Network, to.Addr}]
	n.mu.Unlock()
	if s == nil {
		return errNoFlow
	}
	if bytes.Equal(data, Ping) {
		s.awaitPong()
	}
	return s.queue(data, failed)
}

// awaitPong ends the connection if nothing comes back in time; but only with
// who has answered before: not every server knows of line ends, and those that
// do not are no dead ones.
func (s *stream) awaitPong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.pongs || s.pong != nil {
		return
	}
	s.pong = time.AfterFunc(pongTimeout, func() { s.end(errNoPong) })
}

// alive takes what has been received: anything proves that the way is open, and
// line ends alone that the far side answers ours.
func (s *stream) alive(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pong != nil {
		s.pong.Stop()
		s.pong = nil
	}
	s.pongs = s.pongs || len(bytes.Trim(data, "\r\n")) == 0 && len(data) < len(Ping)
}
