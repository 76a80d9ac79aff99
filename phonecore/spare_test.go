package phonecore

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/stun"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/view"
)

const (
	stunAddr    = "198.51.100.3:3478"
	outsideHost = "203.0.113.7"
)

// router is a voice engine behind a router that gives each port 20000 more.
type router struct {
	*voice
	asked  atomic.Int32
	closed int
}

func (r *router) NewStream(c audio.StreamConfig) (audio.Stream, error) {
	s, err := r.voice.NewStream(c)
	if err != nil {
		return nil, err
	}
	return &routedStream{s.(*stream), r, c}, nil
}

type routedStream struct {
	*stream
	r      *router
	config audio.StreamConfig
}

func (s *routedStream) SendOther(to netip.AddrPort, data []byte) error {
	s.r.asked.Add(1)
	seen := netip.AddrPortFrom(netip.MustParseAddr(outsideHost), s.port+20000)
	reply := stun.Reply(data, seen)
	time.AfterFunc(10*time.Millisecond, func() {
		s.config.Other(to, []byte("noise"))
		s.config.Other(to, reply)
		s.config.Other(to, reply) // once is enough
	})
	return nil
}

func (s *routedStream) Close() error { s.r.closed++; return s.stream.Close() }

// answering is a STUN server for the port of SIP.
type answering struct{ t *siptest.Transport }

func (a answering) Receive(p transport.Packet) {
	if reply := stun.Reply(p.Raw, netip.MustParseAddrPort(outsideHost+":41000")); reply != nil {
		_ = a.t.SendRaw(p.From, reply, nil)
	}
}
func (answering) Closed(transport.Destination, error) {}
func (answering) Trouble(error)                       {}

// Calls out and in name the router's address and the port that it gives our
// voice; those to the desk beside ours name our own.
func TestDescriptionsNameTheRoutersPort(t *testing.T) {
	r := &router{voice: &voice{}}
	onDesk(t, func(d *desk) {
		server := answering{d.net.Transport(stunAddr)}
		server.t.Start(server)
		far := siptest.NewPeer(t, d.net.Network, "203.0.113.50:5060")
		near := siptest.NewPeer(t, d.net.Network, "10.0.0.9:5060")
		d.wait(5 * time.Second)
		if r.asked.Load() == 0 {
			t.Fatal("the STUN server was not asked from a port of the voice")
		}
		for i, c := range []struct {
			peer        *siptest.Peer
			uri         string
			addr, ports string
		}{{far, "sip:x@203.0.113.50", outsideHost, "m=audio 36"}, {near, "sip:x@10.0.0.9", "192.0.2.44", "m=audio 16"}, {far, "sip:x@203.0.113.50", outsideHost, "m=audio 36"}} {
			d.press(view.KeySpeaker)
			d.phone.Type(c.uri + "\r")
			m := c.peer.Expect("INVITE")
			if body := string(m.Body); !strings.Contains(body, "c=IN IP4 "+c.addr) || !strings.Contains(body, c.ports) {
				t.Errorf("%d: %s", i, body)
			}
			c.peer.Reply(m, 486)
			c.peer.Expect("ACK")
			d.wait(time.Minute)
		}
		asked := r.asked.Load()
		d.wait(10 * time.Minute)
		if got := r.asked.Load() - asked; got < 25 || got > 35 { // every 20 s
			t.Errorf("%d questions in ten minutes", got)
		}
	}, withFlags("stun_server", "198.51.100.3"), func(c *Config) {
		c.Audio = func(func(audio.Notice)) (audio.Engine, error) { return r, nil }
	})
	if open := len(r.voice.streams) - r.closed; open != 0 {
		t.Errorf("%d streams are left open", open)
	}
}
