package phonecore

import (
	"net/netip"
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/stun"
)

// A session's description must name the port that the router gives our voice,
// and a call cannot wait until a STUN server has said which. So one stream is
// kept ready whose port is known; who makes a call takes it, and the next one is
// made ready. Without a STUN server there is none.
type spare struct {
	stream audio.Stream
	seen   netip.AddrPort
	want   *atomic.Pointer[stun.ID]
	left   int
	t      *timer
}

// Times of the questions.
const (
	spareTries = 5
	spareWait  = 250 * time.Millisecond
	// spareKeep keeps the router's port ours until a call takes it.
	spareKeep = 20 * time.Second
)

// prepareMedia makes a stream ready, if one is of use and there is none.
func (p *Phone) prepareMedia() {
	if p.agent == nil || p.voice == nil || p.spare.stream != nil || !p.agent.STUNServer().IsValid() {
		return
	}
	want := &atomic.Pointer[stun.ID]{}
	stream, err := p.voice.NewStream(p.streamConfig(func(from netip.AddrPort, data []byte) {
		// On the way of the voice: what was not asked for ends here.
		if id := want.Load(); id != nil && stun.Is(data) {
			if got, seen, err := stun.Answer(data); got == *id && err == nil && want.CompareAndSwap(id, nil) {
				p.post(func() { p.spareSeen(want, from, seen) })
			}
		}
	}))
	if err != nil {
		p.log.Warn("no port for the next call", "cause", err)
		return
	}
	p.spare = spare{stream: stream, want: want, left: spareTries}
	p.askSpare()
}

func (p *Phone) askSpare() {
	s := &p.spare
	sender, ok := s.stream.(audio.OtherSender)
	server := p.agentSTUN()
	if !ok || !server.IsValid() {
		p.dropSpare()
		return
	}
	id, request := stun.Request()
	s.want.Store(&id)
	if err := sender.SendOther(server, request); err != nil {
		p.log.Debug("asking for the port of the next call", "cause", err)
	}
	if s.left--; s.left > 0 {
		s.t = p.after(spareWait, p.askSpare)
		return
	}
	s.left = spareTries
	s.t = p.after(spareKeep, p.askSpare)
}

func (p *Phone) agentSTUN() netip.AddrPort {
	if p.agent == nil {
		return netip.AddrPort{}
	}
	return p.agent.STUNServer()
}

// spareSeen takes an answer: it is good for a while.
func (p *Phone) spareSeen(want *atomic.Pointer[stun.ID], from, seen netip.AddrPort) {
	s := &p.spare
	if s.want != want || from != p.agentSTUN() {
		return
	}
	s.seen = seen
	s.left = spareTries
	s.t.stop()
	s.t = p.after(spareKeep, p.askSpare)
}

// takeSpare gives the stream that is ready, and how the router writes its port;
// nil if there is none.
func (p *Phone) takeSpare() (audio.Stream, netip.AddrPort) {
	s := p.spare
	if s.stream == nil || !s.seen.IsValid() {
		return nil, netip.AddrPort{}
	}
	s.t.stop()
	p.spare = spare{}
	p.prepareMedia()
	return s.stream, s.seen
}

// dropSpare frees its port.
func (p *Phone) dropSpare() {
	s := p.spare
	p.spare = spare{}
	s.t.stop()
	if s.stream != nil {
		if err := s.stream.Close(); err != nil {
			p.log.Warn("closing a stream", "cause", err)
		}
	}
}

// place fills in the address and port that a description names: those of the
// router, if that is where the address is.
func (l *leg) place(addr netip.Addr) {
	l.local.Addr, l.local.Port = addr, l.stream.LocalPort()
	if l.outside.IsValid() && l.outside.Addr() == addr {
		l.local.Port = l.outside.Port()
	}
}
