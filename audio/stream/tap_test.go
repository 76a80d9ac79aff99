package stream

import (
	"bytes"
	"net/netip"
	"sync"
	"testing"
	"time"

	"deskset/audio"
)

// tapped keeps what a tap was shown.
type tapped struct {
	mu   sync.Mutex
	seen []audio.Packet
	some chan struct{}
}

func (p *tapped) take(packet audio.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	packet.Data = bytes.Clone(packet.Data)
	p.seen = append(p.seen, packet)
	select {
	case p.some <- struct{}{}:
	default:
	}
}

func (p *tapped) find(fits func(audio.Packet) bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, packet := range p.seen {
		if fits(packet) {
			return true
		}
	}
	return false
}

func TestTapSeesWhatPasses(t *testing.T) {
	taps := [2]*tapped{{some: make(chan struct{}, 1)}, {some: make(chan struct{}, 1)}}
	var streams [2]*Stream
	for i := range streams {
		s, err := New(audio.StreamConfig{Local: loopback, Tap: taps[i].take})
		if err != nil {
			t.Fatal(err)
		}
		streams[i] = s
	}
	a, b := streams[0], streams[1]
	format := audio.Format{Codec: "PCMU"}
	if err := a.Start(audio.Params{Remote: netip.AddrPortFrom(loopback, b.LocalPort()), Send: format, EventSend: 101, EventReceive: 102, DSCP: 46}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(10 * time.Second); len(deadline) == 0 && !taps[1].find(func(p audio.Packet) bool { return !p.Out }); {
		select {
		case <-taps[1].some:
		case <-deadline:
			t.Fatal("nothing has arrived")
		}
	}
	for _, s := range streams {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	at := func(s *Stream, more uint16) netip.AddrPort { return netip.AddrPortFrom(loopback, s.LocalPort()+more) }
	for name, found := range map[string]bool{
		"RTP sent": taps[0].find(func(p audio.Packet) bool {
			return p.Out && !p.Control && p.Event == 101 && p.DSCP == 46 && p.Local == at(a, 0) && p.Remote == at(b, 0) && len(p.Data) == 172
		}),
		"RTP received": taps[1].find(func(p audio.Packet) bool {
			return !p.Out && !p.Control && p.DSCP == 0 && p.Local == at(b, 0) && p.Remote == at(a, 0) && len(p.Data) == 172
		}),
		"RTCP sent": taps[0].find(func(p audio.Packet) bool {
			return p.Out && p.Control && p.Local == at(a, 1) && p.Remote == at(b, 1)
		}),
	} {
		if !found {
			t.Errorf("%s was not shown", name)
		}
	}
}
