package stream

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"deskset/audio"
)

// TestFarEndTellsHowItHears: loss on the way to b, b's report on it by RTCP-XR on
// the port of RTP, plain and encrypted (RFC 3611 section 4.7, RFC 5761).
func TestFarEndTellsHowItHears(t *testing.T) {
	for _, secure := range []bool{false, true} {
		a, b := open(t, nil), open(t, nil)
		suite := audio.AES128GCM
		one, two := newKey(suite), newKey(suite)
		connect(t, a, b, func(pa, pb *audio.Params) {
			for _, p := range []*audio.Params{pa, pb} {
				p.Mux, p.VoiceMetrics = true, true
			}
			if secure {
				pa.Crypto = &audio.Crypto{Suite: suite, Send: one, Receive: two}
				pb.Crypto = &audio.Crypto{Suite: suite, Send: two, Receive: one}
			}
		})
		voice := &sine{hz: 400, amplitude: 0.3}
		for i := range 5 {
			talk(t, a, b, voice, &sine{}, time.Second)
			if i == 0 { // they have joined: what is lost from here on belongs to one report
				a.reportLater()
				b.reportLater()
			}
			a.out.sequence += 4 // four packets never leave: 20 of about 270
		}
		talk(t, a, b, voice, &sine{}, time.Second)
		a.reportSoon() // so that b can measure the way
		wait(t, "a's report", func() bool { return b.control.lastReport.Load() != 0 })
		// A busy machine takes seconds, which spoils a conversation.
		quick := func() bool { return time.Duration(b.control.roundTrip.Load()) < 200*time.Millisecond }
		calm := quick()
		b.reportSoon()
		wait(t, "b's report", func() bool {
			s := a.Stats()
			return s.Far.Metrics && s.Far.Lost == 20
		})
		far, here := a.Stats().Far, b.Stats().Quality
		if far.Lost != 20 || far.Loss == 0 || !far.Reported || b.Stats().PacketsLost != 20 {
			t.Errorf("far %+v", far)
		}
		if !here.Known || here.Loss < 6 || here.Loss > 9 || here.Burst.Mean != 80*time.Millisecond || here.Burst.Density != 100 || here.Gap.Density != 0 {
			t.Errorf("here %+v", here)
		}
		if math.Abs(far.MOSLQ-here.MOSLQ) > 0.06 {
			t.Errorf("far %+v, here %+v", far, here)
		}
		calm = calm && quick()
		if calm && (math.Abs(far.MOSCQ-here.MOSCQ) > 0.2 || math.Abs(far.Rating-here.Rating) > 3 || here.MOSCQ > 3.8 || here.MOSCQ < 2) {
			t.Errorf("far %+v, here %+v", far, here)
		}
		if got, want := far.Delay, b.ownDelay(); got != want.Truncate(time.Millisecond) {
			t.Errorf("delay %v, want %v", got, want)
		}
		if s := a.Stats().Quality; s.Loss != 0 || s.MOSLQ < 4.3 {
			t.Errorf("nothing is lost on the way back: %+v", s)
		}
	}
}

// TestNoMetricsUnlessAsked: who has not asked for them gets none.
func TestNoMetricsUnlessAsked(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, nil)
	talk(t, a, b, &sine{}, &sine{}, time.Second)
	if err := b.Close(); err != nil { // its goroutines have ended
		t.Fatal(err)
	}
	for _, p := range b.reports() {
		if _, is := p.(*rtcp.ExtendedReport); is {
			t.Errorf("%v", p)
		}
	}
}

// TestCompoundsThatMayBe: RFC 3550 appendix A.2.
func TestCompoundsThatMayBe(t *testing.T) {
	rr := []byte{0x80, 201, 0, 1, 1, 2, 3, 4}
	bye := []byte{0x81, 203, 0, 1, 1, 2, 3, 4}
	app := []byte{0x80, 204, 0, 2, 1, 2, 3, 4, 'n', 'a', 'm', 'e'}
	padded := append([]byte{0xA0, 203, 0, 2}, 0, 0, 0, 0, 0, 0, 0, 8)
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	var many []byte
	for range maxControlPackets + 1 {
		many = append(many, rr...)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want int
	}{
		{"report", rr, 1}, {"report and others", join(rr, bye, app), 3}, {"padding at the end", join(rr, padded), 2},
		{"nothing", nil, 0}, {"goodbye alone", bye, 0}, {"padding at first", join([]byte{0xA0, 201, 0, 1, 1, 2, 3, 4}, bye), 0},
		{"padding in the middle", join(rr, padded, bye), 0}, {"cut", join(rr, bye)[:13], 0}, {"version 1", join(rr, []byte{0x41, 203, 0, 1, 1, 2, 3, 4}), 0},
		{"longer than it is", join(rr, []byte{0x81, 203, 0xFF, 0xFF, 1, 2, 3, 4}), 0}, {"too many", many, 0},
	} {
		if got := compound(c.b); len(got) != c.want {
			t.Errorf("%s: %d packets, want %d", c.name, len(got), c.want)
		}
	}
}

// TestOwnNumberInUseByThePeer: RFC 3550 section 8.2. We take another and say
// goodbye as the old one; a service that sends our own voice back is heard.
func TestOwnNumberInUseByThePeer(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	inactive(t, s, peer.addr())
	s.Write(make([]float32, cardRate/10))
	wait(t, "packets", func() bool { return s.Stats().PacketsSent == 6 })
	old := s.out.ssrc.Load()
	peer.ssrc = old
	peer.voice(s.addr(), silence20ms)
	wait(t, "another number", func() bool { return s.out.ssrc.Load() != old })
	wait(t, "goodbye", func() bool { return len(peer.control()) == 1 })
	c := peer.control()[0]
	if bye, ok := c[len(c)-1].(*rtcp.Goodbye); !ok || bye.Sources[0] != old {
		t.Errorf("%v", c)
	}
	s.Write(make([]float32, cardRate/10))
	wait(t, "packets", func() bool { return s.Stats().PacketsSent == 11 })
	// An echo: what comes has our new number, and is heard.
	peer.ssrc = s.out.ssrc.Load()
	for range 5 {
		peer.voice(s.addr(), silence20ms)
	}
	wait(t, "the echo", func() bool { return s.Stats().PacketsReceived > 0 })
	if s.out.ssrc.Load() != peer.ssrc {
		t.Error("driven on")
	}
	// A stranger cannot drive us to another number.
	stranger := newRaw(t)
	stranger.ssrc = peer.ssrc
	stranger.voice(s.addr(), silence20ms)
	peer.voice(s.addr(), silence20ms)
	if s.out.ssrc.Load() != peer.ssrc {
		t.Error("driven on by a stranger")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the last report", func() bool { return len(peer.control()) > 1 })
	c = peer.control()[len(peer.control())-1]
	if sr, ok := c[0].(*rtcp.SenderReport); !ok || sr.SSRC != peer.ssrc || sr.PacketCount != 5 {
		t.Errorf("%v", c)
	}
}

// controlSamples are compounds of all kinds, good and bad.
func controlSamples(ssrc uint32) (all [][]byte) {
	metrics := &rtcp.ExtendedReport{SenderSSRC: 7, Reports: []rtcp.ReportBlock{
		&rtcp.VoIPMetricsReportBlock{SSRC: ssrc, MOSLQ: 127, RFactor: 127}, &rtcp.ReceiverReferenceTimeReportBlock{NTPTimestamp: 1},
	}}
	for _, p := range [][]rtcp.Packet{
		{&rtcp.SenderReport{SSRC: 7, NTPTime: 1 << 40, Reports: []rtcp.ReceptionReport{{SSRC: ssrc, LastSenderReport: 9}}}, &rtcp.Goodbye{Sources: []uint32{7}}},
		{&rtcp.ReceiverReport{SSRC: 7}, metrics},
	} {
		b, err := rtcp.Marshal(p)
		if err != nil {
			panic(err)
		}
		all = append(all, b)
	}
	rr := []byte{0x80, 201, 0, 1, 1, 2, 3, 4}
	xr := func(block ...byte) []byte {
		b := append([]byte{}, rr...)
		b = append(b, 0x80, 207, 0, byte(1+len(block)/4), 0, 0, 0, 7)
		return append(b, block...)
	}
	return append(all, xr(7, 0, 0, 0), xr(7, 0, 0xFF, 0xFF, 0, 0, 0, 0), xr(255, 0, 0, 1, 0, 0, 0, 0), xr(1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0), xr(5, 0, 0, 1, 1, 1, 1, 1))
}

// FuzzControl: whatever arrives as RTCP neither breaks nor grows anything.
func FuzzControl(f *testing.F) {
	for _, b := range controlSamples(1) {
		f.Add(b)
	}
	sink, err := net.ListenUDP("udp", &net.UDPAddr{IP: loopback.AsSlice()})
	if err != nil {
		f.Fatal(err)
	}
	defer sink.Close()
	peer := sink.LocalAddr().(*net.UDPAddr).AddrPort()
	s := open(f, nil)
	if err := s.Start(params(peer)); err != nil {
		f.Fatal(err)
	}
	s.out.ssrc.Store(1)
	f.Fuzz(func(t *testing.T, b []byte) {
		s.control.mu.Lock()
		s.control.count = 0
		s.control.mu.Unlock()
		s.arriveControl(b, netip.AddrPortFrom(peer.Addr(), peer.Port()+1))
		q, far := s.Stats().Quality, s.Stats().Far
		if len(s.control.schedule.peers) > maxMembers || far.MOSLQ > 5 || far.Rating > 100 || far.Delay > 66*time.Second || math.IsNaN(q.MOSCQ) {
			t.Errorf("%+v %+v", far, q)
		}
	})
}

// TestHostileControlIsBounded: as many as a second brings, no more than a few are
// looked at.
func TestHostileControlIsBounded(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	inactive(t, s, peer.addr())
	from := netip.AddrPortFrom(loopback, peer.addr().Port()+1)
	for i := range uint32(5000) {
		b := []byte{0x80, 201, 0, 1, 0, 0, 0, 0}
		binary.BigEndian.PutUint32(b[4:], i+1)
		s.arriveControl(b, from)
	}
	if n := len(s.control.schedule.peers); n > maxControlRate {
		t.Errorf("%d members", n)
	}
	for range 3 {
		for _, b := range controlSamples(s.out.ssrc.Load()) {
			s.arriveControl(b, from)
		}
		now.Add(int64(time.Second))
	}
}
