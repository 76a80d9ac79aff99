package stream

import (
	"math"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/dtmf"
	"deskset/audio/resample"
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
			x, y := a.Stats(), b.Stats()
			return a.outgoing.front() == nil && b.outgoing.front() == nil &&
				x.PacketsReceived == y.PacketsSent && y.PacketsReceived == x.PacketsSent
		})
		a.Read(buf)
		heardA = append(heardA, buf...)
		b.Read(buf)
		heardB = append(heardB, buf...)
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
	now := time.Second
	s := &Stream{clock: func() time.Duration { return now }, stamp: 1000}
	c := &capture{ticks: 160}
	c.info.ClockRate = 8000
	s.started.Store(int64(now))
	s.keepTime(c)
	now += 150 * time.Millisecond // a hiccup
	s.keepTime(c)
	if s.stamp != 1000 || s.talk {
		t.Errorf("stamp %d, talk %v after a hiccup", s.stamp, s.talk)
	}
	now += 2 * time.Second
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

// digits collects what a stream reports.
type digits struct {
	mu  sync.Mutex
	got []byte
}

func (d *digits) add(digit byte) {
	d.mu.Lock()
	d.got = append(d.got, digit)
	d.mu.Unlock()
}

func (d *digits) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return string(d.got)
}

func TestDigitsByEventsAt20PercentLoss(t *testing.T) {
	var heardA, heardB digits
	a, b := open(t, heardA.add), open(t, heardB.add)
	between := newRelay(t, a.addr(), b.addr(), 0.2)
	if err := a.Start(params(connAddr(between.a))); err != nil {
		t.Fatal(err)
	}
	if err := b.Start(params(connAddr(between.b))); err != nil {
		t.Fatal(err)
	}
	const typedA, typedB = "1234567890*#ABCD", "5551212"
	for _, d := range []byte(typedA) {
		a.DigitDown(d)
		a.DigitUp()
	}
	for _, d := range []byte(typedB) {
		b.DigitDown(d)
		b.DigitUp()
	}
	for range 4 * 200 {
		a.Write(make([]float32, card5ms))
		b.Write(make([]float32, card5ms))
		wait(t, "the rings to empty", func() bool { return a.outgoing.front() == nil && b.outgoing.front() == nil })
	}
	wait(t, "the digits", func() bool { return heardB.String() == typedA && heardA.String() == typedB })
}

func TestDigitReplacesVoiceWhileTheKeyIsHeld(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	if err := s.Start(params(peer.addr())); err != nil {
		t.Fatal(err)
	}
	step := func(n int) {
		for range n {
			s.Write(make([]float32, cardRate/50))
			wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil })
		}
	}
	step(2)
	s.DigitDown('8')
	step(15)
	s.DigitUp()
	step(10)
	wait(t, "the packets", func() bool { return len(peer.got()) == 28 })
	events, ends := 0, 0
	var stamp uint32
	for i, p := range peer.got()[1:] {
		if p.PayloadType != 101 {
			continue
		}
		e, err := dtmf.ParseEvent(p.Payload)
		if err != nil || e.Digit != '8' {
			t.Fatalf("packet %d: %+v, %v", i, e, err)
		}
		if events == 0 {
			stamp = p.Timestamp
		}
		if p.Timestamp != stamp || p.Marker != (events == 0) {
			t.Errorf("packet %d: %v", i, p.Header)
		}
		events++
		if e.End {
			ends++
			if e.Duration != 16*160 {
				t.Errorf("duration %d, want %d", e.Duration, 16*160)
			}
		}
	}
	if events != 18 || ends != 3 {
		t.Errorf("%d event packets with %d ends, want 18 and 3", events, ends)
	}
}

func TestDigitsInBand(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, func(_, toA *audio.Params) { toA.EventSend, toA.Inband = 0, true })
	const typed = "159*0#D"
	for _, d := range []byte(typed) {
		b.DigitDown(d)
		b.DigitUp()
	}
	heard, _ := talk(t, a, b, &sine{}, &sine{hz: 300, amplitude: 0.2}, 2*time.Second)
	down, err := resample.New(cardRate, 8000)
	if err != nil {
		t.Fatal(err)
	}
	low := make([]float32, down.Outputs(len(heard)))
	down.Process(low, heard)
	got := ""
	dtmf.NewDetector(8000).Write(low, func(digit byte) { got += string(digit) })
	if got != typed {
		t.Errorf("detected %q, want %q", got, typed)
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
