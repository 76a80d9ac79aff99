package stream

import (
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/ipv4"

	"deskset/audio"
)

const card5ms = cardRate / 200

// talk lets two streams exchange so much time, as fast as the sockets go: what
// one has sent has arrived before the other reads.
func talk(t *testing.T, a, b *Stream, toneA, toneB *sine, d time.Duration) (heardA, heardB []float32) {
	t.Helper()
	buf := make([]float32, card5ms)
	for range int(d / (5 * time.Millisecond)) {
		a.Write(toneA.next(card5ms))
		b.Write(toneB.next(card5ms))
		wait(t, "packets to arrive", func() bool {
			if a.outgoing.front() != nil || b.outgoing.front() != nil {
				return false
			}
			x, y := a.Stats(), b.Stats()
			return x.PacketsReceived == y.PacketsSent && y.PacketsReceived == x.PacketsSent
		})
		a.Read(buf)
		heardA = append(heardA, buf...)
		b.Read(buf)
		heardB = append(heardB, buf...)
		now.Add(int64(5 * time.Millisecond))
	}
	return heardA, heardB
}

func TestTwoStreamsHearEachOther(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, nil)
	heardA, heardB := talk(t, a, b, &sine{hz: 400, amplitude: 0.3}, &sine{hz: 1004, amplitude: 0.3}, 5*time.Second)
	if s := share(heardA, 1004); s < 0.97 {
		t.Errorf("A hears B's 1004 Hz in %.1f %% of the time", 100*s)
	}
	if s := share(heardB, 400); s < 0.97 {
		t.Errorf("B hears A's 400 Hz in %.1f %% of the time", 100*s)
	}
	stats := a.Stats()
	t.Logf("%+v", stats)
	// 0.3 of full scale, +3.14 dBm0.
	if level := 20*math.Log10(0.3) + 3.14; math.Abs(float64(stats.LevelOut)-level) > 1 || math.Abs(float64(stats.LevelIn)-level) > 1 {
		t.Errorf("levels %d in, %d out, want %.0f dBm0", stats.LevelIn, stats.LevelOut, level)
	}
	if stats.PacketsSent != 251 || stats.PacketsLost != 0 || stats.PacketsLate != 0 || stats.Receive != pcmu || stats.Send != pcmu {
		t.Errorf("%+v", stats)
	}
	if stats.BufferDepth > 30*time.Millisecond || stats.LastReceived <= 0 || stats.Remote != b.addr() {
		t.Errorf("%+v", stats)
	}
}

func TestEveryPacketTimeAndCodec(t *testing.T) {
	for _, ptime := range []time.Duration{10, 20, 30, 60} {
		for _, format := range []audio.Format{pcmu, pcma} {
			a, b := open(t, nil), open(t, nil)
			connect(t, a, b, func(_, toA *audio.Params) {
				toA.PacketTime, toA.Send = ptime*time.Millisecond, format
			})
			heard, _ := talk(t, a, b, &sine{}, &sine{hz: 700, amplitude: 0.3}, 2*time.Second)
			if s := share(heard[cardRate/5:], 700); s < 0.97 {
				t.Errorf("%s in packets of %d ms: 700 Hz in %.1f %% of the time", format.Codec, ptime, 100*s)
			}
			if got := a.Stats().Receive; got != format {
				t.Errorf("received as %v, want %v", got, format)
			}
		}
	}
}

func TestFirstPacketGoesAtOnce(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	if err := s.Start(params(peer.addr())); err != nil {
		t.Fatal(err)
	}
	wait(t, "the first packet, with nobody speaking", func() bool { return len(peer.got()) == 1 })
	if p := peer.got()[0]; !p.Marker || p.PayloadType != 0 || len(p.Payload) != 160 {
		t.Errorf("first packet %v", p)
	}
	// A change of direction opens nothing anew.
	p := params(peer.addr())
	p.Direction = audio.SendOnly
	if err := s.Start(p); err != nil {
		t.Fatal(err)
	}
	s.Write(make([]float32, cardRate/50))
	wait(t, "the first captured packet", func() bool { return len(peer.got()) >= 2 })
	first, second := peer.got()[0], peer.got()[1]
	if second.Timestamp-first.Timestamp != 160 || second.SequenceNumber != first.SequenceNumber+1 {
		t.Errorf("captured packet does not follow the first: %v, %v", first.Header, second.Header)
	}
}

func TestPacketsAreContiguous(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	if err := s.Start(params(peer.addr())); err != nil {
		t.Fatal(err)
	}
	sent := 1
	for i := range 300 {
		// Sound cards deliver what they like.
		n := 100 + i*37%600
		s.Write(make([]float32, n))
		wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil })
		sent += n
	}
	wait(t, "the packets", func() bool { return uint64(len(peer.got())) == s.Stats().PacketsSent })
	packets := peer.got()
	if want := 1 + sent/960; len(packets) < want-1 || len(packets) > want+1 {
		t.Errorf("%d packets of %d samples, want %d", len(packets), sent, want)
	}
	for i, p := range packets[1:] {
		if p.SequenceNumber != packets[i].SequenceNumber+1 || p.Timestamp != packets[i].Timestamp+160 ||
			p.SSRC != packets[0].SSRC || p.Marker != (i == 0) || len(p.Payload) != 160 {
			t.Fatalf("packet %d: %v after %v", i+1, p.Header, packets[i].Header)
		}
	}
}

func TestTimestampLeapsOverATimeWithoutCapture(t *testing.T) {
	at := time.Second
	s := &Stream{clock: func() time.Duration { return at }, stamp: 1000}
	c := &capture{ticks: 160}
	c.info.ClockRate = 8000
	s.started.Store(int64(at))
	s.keepTime(c)
	at += 150 * time.Millisecond // a hiccup
	s.keepTime(c)
	if s.stamp != 1000 || s.talk {
		t.Errorf("stamp %d, talk %v after a hiccup", s.stamp, s.talk)
	}
	at += 2 * time.Second
	s.keepTime(c)
	if s.stamp != 17000 || !s.talk {
		t.Errorf("stamp %d, talk %v after 2 s, want 17000 and the begin of talk", s.stamp, s.talk)
	}
}

func TestDirections(t *testing.T) {
	for _, c := range []struct {
		direction     audio.Direction
		sends, hears  bool
		firstIsOpened bool
	}{
		{audio.SendRecv, true, true, true},
		{audio.SendOnly, true, false, true},
		{audio.RecvOnly, false, true, true},
		{audio.Inactive, false, false, false},
	} {
		a, b := open(t, nil), open(t, nil)
		connect(t, a, b, func(toB, _ *audio.Params) { toB.Direction = c.direction })
		heard, _ := talk(t, a, b, &sine{hz: 500, amplitude: 0.3}, &sine{hz: 900, amplitude: 0.3}, 500*time.Millisecond)
		want := uint64(0)
		if c.sends {
			want += 25
		}
		if c.firstIsOpened {
			want++
		}
		if sent := a.Stats().PacketsSent; sent != want {
			t.Errorf("direction %d: %d packets sent, want %d", c.direction, sent, want)
		}
		if hears := share(heard[cardRate/10:], 900) > 0.8; hears != c.hears {
			t.Errorf("direction %d: hears %v, want %v", c.direction, hears, c.hears)
		}
	}
}

func TestHoldByAddressZeroSendsNothing(t *testing.T) {
	s := open(t, nil)
	if err := s.Start(params(netip.MustParseAddrPort("0.0.0.0:4000"))); err != nil {
		t.Fatal(err)
	}
	s.Write(make([]float32, cardRate/10))
	wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil && !s.pinhole.Load() })
	if stats := s.Stats(); stats.PacketsSent != 0 || stats.Remote.IsValid() {
		t.Errorf("%+v", stats)
	}
}

func TestCodecChangesInMidCall(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, nil)
	quiet, tone := &sine{}, &sine{hz: 700, amplitude: 0.3}
	talk(t, a, b, quiet, tone, 500*time.Millisecond)
	p := params(a.addr())
	p.Send = pcma
	if err := b.Start(p); err != nil {
		t.Fatal(err)
	}
	heard, _ := talk(t, a, b, quiet, tone, time.Second)
	if s := share(heard, 700); s < 0.9 {
		t.Errorf("through a change of codec the tone is heard in %.0f %% of the time", 100*s)
	}
	if got := a.Stats().Receive; got != pcma {
		t.Errorf("receiving %v, want %v", got, pcma)
	}
}

func TestPortsAreEvenAndInRange(t *testing.T) {
	s, err := New(audio.StreamConfig{Local: loopback, PortLow: 20001, PortHigh: 20101})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if p := s.LocalPort(); p%2 != 0 || p < 20002 || p > 20100 {
		t.Errorf("port %d", p)
	}
	if p := s.rtcp.LocalAddr().(*net.UDPAddr).Port; p != int(s.LocalPort())+1 {
		t.Errorf("RTCP port %d beside %d", p, s.LocalPort())
	}
	for _, c := range []struct{ low, high uint16 }{{20001, 20001}, {30000, 20000}, {0, 20000}} {
		if _, err := New(audio.StreamConfig{Local: loopback, PortLow: c.low, PortHigh: c.high}); err == nil || !strings.Contains(err.Error(), "start_media_port") {
			t.Errorf("range %d to %d: %v", c.low, c.high, err)
		}
	}
	// The only port is in use.
	taken := s.LocalPort()
	if _, err := New(audio.StreamConfig{Local: loopback, PortLow: taken, PortHigh: taken}); err == nil || !strings.Contains(err.Error(), "none is free") {
		t.Errorf("port in use: %v", err)
	}
}

// Sockets for all addresses show IPv4 peers as mapped IPv6 ones.
func TestAddressFamilies(t *testing.T) {
	for _, local := range []string{"", "127.0.0.1", "::1"} {
		var cfg audio.StreamConfig
		remote := loopback
		if local != "" {
			cfg.Local = netip.MustParseAddr(local)
			remote = cfg.Local
		}
		a, err := newStream(cfg, clock)
		if err != nil && local == "::1" {
			t.Skipf("this machine has no IPv6: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		b, err := newStream(cfg, clock)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		connect(t, a, b, func(toB, toA *audio.Params) {
			toB.Remote = netip.AddrPortFrom(remote, b.LocalPort())
			toA.Remote = netip.AddrPortFrom(remote, a.LocalPort())
		})
		heard, _ := talk(t, a, b, &sine{}, &sine{hz: 600, amplitude: 0.3}, 500*time.Millisecond)
		if s := share(heard[cardRate/10:], 600); s < 0.9 {
			t.Errorf("local %q: tone in %.0f %% of the time", local, 100*s)
		}
		if got := a.Stats().Remote; got.Addr().Unmap() != remote {
			t.Errorf("local %q: remote %v", local, got)
		}
	}
}

func TestPacketsCarryTheDSCP(t *testing.T) {
	s := open(t, nil)
	p := params(s.addr())
	p.DSCP = 40 // tos_media 5
	if err := s.Start(p); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []*net.UDPConn{s.rtp, s.rtcp} {
		tos, err := ipv4.NewConn(conn).TOS()
		if err != nil || tos != 40<<2 {
			t.Errorf("TOS byte %#x, %v, want %#x", tos, err, 40<<2)
		}
	}
}

func TestStartRefusesWhatItCannotDo(t *testing.T) {
	s := open(t, nil)
	for name, change := range map[string]func(*audio.Params){
		"codec":        func(p *audio.Params) { p.Send.Codec = "G723" },
		"receive":      func(p *audio.Params) { p.Receive = []audio.Format{{Codec: "G723"}} },
		"payload type": func(p *audio.Params) { p.Send.PayloadType = 128 },
		"packet time":  func(p *audio.Params) { p.PacketTime = 200 * time.Millisecond },
	} {
		p := params(s.addr())
		change(&p)
		if err := s.Start(p); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(params(s.addr())); err == nil {
		t.Error("a closed stream starts")
	}
}
