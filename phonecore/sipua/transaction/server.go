package transaction

import (
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Server is a server transaction.
type Server struct {
	Request *wire.Message
	From    transport.Destination
	// NoAck is called when a 2xx was not acknowledged in time.
	NoAck func()

	l    *Layer
	key  string
	to   transport.Destination // of responses
	last *wire.Message
	// final is the status of the final response, 0 before it.
	final int
	acked bool

	retransmit *loop.Timer // G, and the 2xx's of section 13.3.1.4
	timeout    *loop.Timer // H, I, J, L
	interval   time.Duration
	until      time.Time // after which nothing is repeated
}

// Respond sends a response. After a final one nothing more is sent.
func (s *Server) Respond(res *wire.Message) {
	if s.final != 0 || s.key == "" {
		return
	}
	s.last = res
	s.l.reply(s.to, s.Request, res)
	if res.Status < 200 {
		return
	}
	s.final = res.Status
	t := s.l.c.Timers
	reliable := transport.Reliable(s.From.Network)
	switch {
	case s.Request.Method != "INVITE":
		if reliable {
			s.terminate()
			return
		}
		s.timeout = s.l.after(timeoutFactor*t.T1, s.terminate) // timer J
	case res.Status < 300 || !reliable:
		// A 2xx travels end to end: it is repeated over any transport.
		s.interval, s.until = t.T1, time.Now().Add(timeoutFactor*t.T1)
		s.retransmit = s.l.after(s.interval, s.again)
		fallthrough
	default:
		s.timeout = s.l.after(timeoutFactor*t.T1, s.noAck) // timer H
	}
}

// Final is the status of the final response that has been sent, 0 if none has.
func (s *Server) Final() int { return s.final }

func (s *Server) again() {
	s.l.reply(s.to, s.Request, s.last)
	s.interval = min(2*s.interval, s.l.c.Timers.T2)
	if s.interval < time.Until(s.until) { // at the end itself timer H counts
		s.retransmit = s.l.after(s.interval, s.again)
	}
}

// repeat answers a retransmitted request with what was said last.
func (s *Server) repeat() {
	if s.last != nil && !(s.final/100 == 2 && s.Request.Method == "INVITE") {
		s.l.reply(s.to, s.Request, s.last)
	}
}

// ack takes an ACK that matches the transaction. It is true if it belongs to a
// 2xx, which is the user agent's business: RFC 2543 peers, and careless ones,
// send it under the INVITE's own branch.
func (s *Server) ack() bool {
	if s.final/100 == 2 {
		return true
	}
	if s.final == 0 || s.acked {
		return false
	}
	s.acked = true
	s.retransmit.Stop()
	s.timeout.Stop()
	s.timeout = s.l.after(t4, s.terminate) // timer I
	return false
}

// Acked tells that the ACK of a 2xx has come. The transaction stays to absorb
// what is still on its way (timer L of RFC 6026).
func (s *Server) Acked() {
	s.acked = true
	s.retransmit.Stop()
}

func (s *Server) noAck() {
	s.terminate()
	if s.NoAck != nil && s.final/100 == 2 && !s.acked {
		s.NoAck()
	}
}

func (s *Server) terminate() {
	s.retransmit.Stop()
	s.timeout.Stop()
	if s.l.servers[s.key] == s {
		delete(s.l.servers, s.key)
	}
}
