package stream

import (
	"bytes"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"deskset/audio"
)

var silence20ms = bytes.Repeat([]byte{0xFF}, 160)

// inactive starts a stream towards an address where it shall not send yet.
func inactive(t testing.TB, s *Stream, remote netip.AddrPort) {
	t.Helper()
	if err := s.Start(params(remote)); err != nil {
		t.Fatal(err)
	}
}

func TestSymmetricRTPFollowsASteadySource(t *testing.T) {
	s, said, real := open(t, nil), newRaw(t), newRaw(t)
	inactive(t, s, said.addr())
	// A NAT shows the peer at another address than it knows of itself.
	for i := range steadyElsewhere {
		if got := s.Stats().Remote; got != said.addr() {
			t.Fatalf("after %d packets we send to %v", i, got)
		}
		real.voice(s.addr(), silence20ms)
		wait(t, "the packet", func() bool { return s.Stats().PacketsReceived == uint64(i+1) })
	}
	wait(t, "following", func() bool { return s.Stats().Remote == real.addr() })
	s.Write(make([]float32, cardRate/50))
	wait(t, "voice at the real address", func() bool { return len(real.got()) == 1 })
	// A re-INVITE with another address is believed anew.
	third := newRaw(t)
	inactive(t, s, third.addr())
	if got := s.Stats().Remote; got != third.addr() {
		t.Errorf("after a new answer we send to %v", got)
	}
}

func TestStrangersDoNotTakeOverACall(t *testing.T) {
	s, peer, stranger := open(t, nil), newRaw(t), newRaw(t)
	inactive(t, s, peer.addr())
	stranger.ssrc = 0xBAD
	for i := range 50 {
		peer.voice(s.addr(), silence20ms)
		wait(t, "the peer's packet", func() bool { return s.Stats().PacketsReceived == uint64(i+1) })
		for range 3 {
			stranger.voice(s.addr(), silence20ms)
		}
	}
	peer.voice(s.addr(), silence20ms) // behind the last stranger's in the queue
	wait(t, "the peer's last packet", func() bool { return s.Stats().PacketsReceived == 51 })
	if got := s.Stats(); got.Remote != peer.addr() || got.PacketsReceived != 51 {
		t.Errorf("%+v", got)
	}
}

func TestNewSSRCFromTheSameAddressIsTakenUp(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	inactive(t, s, peer.addr())
	for range 10 {
		peer.voice(s.addr(), silence20ms)
	}
	peer.ssrc, peer.seq, peer.stamp = 77, 1000, 5
	for range 10 {
		peer.voice(s.addr(), silence20ms)
	}
	// The first of the new ones only announces it.
	wait(t, "packets of both sources", func() bool { return s.Stats().PacketsReceived == 19 })
	if lost := s.Stats().PacketsLost; lost != 0 {
		t.Errorf("%d lost, want none", lost)
	}
}

func TestSourceCountsLikeAppendixA(t *testing.T) {
	here := netip.MustParseAddrPort("192.0.2.1:4000")
	var s source
	judge := func(seq uint16) verdict {
		return s.judge(&rtp.Header{SSRC: 1, SequenceNumber: seq}, here, here, false)
	}
	for _, c := range []struct {
		seq  uint16
		want verdict
		lost uint64
	}{
		{65533, restart, 0}, {65534, take, 0}, {65534, drop, 0}, // a duplicate
		{1, take, 2},     // 65535 and 0 are missing
		{65535, take, 1}, // it was late
		{65535, drop, 1}, // and comes again
		{0, take, 0},
		{4, take, 2},
		{30000, drop, 2}, // a jump that is not followed up
		{5, take, 2},
		{40000, drop, 2}, {40001, restart, 2}, {40002, take, 2},
		{40005, take, 4},
	} {
		if got := judge(c.seq); got != c.want || s.lost.Load() != c.lost {
			t.Fatalf("%d: verdict %d with %d lost, want %d with %d", c.seq, got, s.lost.Load(), c.want, c.lost)
		}
	}
	if s.duplicates.Load() != 2 {
		t.Errorf("%d duplicates, want 2", s.duplicates.Load())
	}
}

func TestInterarrivalJitterOfRFC3550(t *testing.T) {
	var s source
	// Packets 20 ms apart arrive alternately 0 and 10 ms late: the mean
	// difference is 10 ms.
	for i := range uint32(400) {
		late := time.Duration(i%2) * 10 * time.Millisecond
		s.delay(i*160, time.Duration(i)*20*time.Millisecond+late, 8000)
	}
	if got := s.jitter16.Load(); got < 79 || got > 80 {
		t.Errorf("jitter %d units, want 80", got)
	}
}

func TestReportsOfRFC3550(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	inactive(t, s, peer.addr())
	s.Write(make([]float32, cardRate/10)) // 5 packets
	for i := range 20 {
		if i%4 == 3 { // lost: 5 of 20
			peer.seq++
			continue
		}
		peer.voice(s.addr(), silence20ms)
	}
	peer.voice(s.addr(), silence20ms)
	wait(t, "the packets", func() bool { return s.Stats().PacketsReceived == 16 && s.Stats().PacketsSent == 6 })

	send := func(p ...rtcp.Packet) {
		b, err := rtcp.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		to := netip.AddrPortFrom(loopback, s.LocalPort()+1)
		if _, err := peer.rtcp.WriteToUDPAddrPort(b, to); err != nil {
			t.Fatal(err)
		}
	}
	sent := ntp(time.Now())
	send(&rtcp.SenderReport{SSRC: peer.ssrc, NTPTime: sent, Reports: []rtcp.ReceptionReport{{
		SSRC:             s.out.ssrc.Load(),
		LastSenderReport: uint32(ntp(time.Now().Add(-80*time.Millisecond)) >> 16),
		Delay:            65536 / 20, // 50 ms
		FractionLost:     64,         // a quarter
	}}})
	wait(t, "the round trip", func() bool { return s.Stats().RoundTrip != 0 })
	if trip := s.Stats().RoundTrip; trip < 29*time.Millisecond || trip > time.Second {
		t.Errorf("round trip %v, want 30 ms", trip)
	}
	if loss := s.farLoss.Load() - 1; loss != 25 {
		t.Errorf("an encoder is told of %d %% loss, want 25", loss)
	}

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wait(t, "goodbye", func() bool { return len(peer.control()) == 1 })
	packets := peer.control()[0]
	if len(packets) != 3 {
		t.Fatalf("compound of %d packets: %v", len(packets), packets)
	}
	report, ok := packets[0].(*rtcp.SenderReport)
	if !ok || report.PacketCount != 6 || report.OctetCount != 6*160 || len(report.Reports) != 1 {
		t.Fatalf("report %+v", packets[0])
	}
	last := peer.got()[5]
	if behind := report.RTPTime - last.Timestamp; behind > 8000*10 {
		t.Errorf("RTP time %d, the last packet has %d", report.RTPTime, last.Timestamp)
	}
	r := report.Reports[0]
	if r.SSRC != peer.ssrc || r.TotalLost != 5 || r.FractionLost != 5*256/21 || r.LastSenderReport != uint32(sent>>16) {
		t.Errorf("reception report %+v", r)
	}
	if r.LastSequenceNumber != 1<<16|uint32(peer.seq-1) { // the numbers have wrapped
		t.Errorf("highest sequence number %#x", r.LastSequenceNumber)
	}
	if sdes, ok := packets[1].(*rtcp.SourceDescription); !ok || len(sdes.Chunks) != 1 || sdes.Chunks[0].Items[0].Text == "" {
		t.Errorf("description %+v", packets[1])
	}
	if bye, ok := packets[2].(*rtcp.Goodbye); !ok || bye.Sources[0] != s.out.ssrc.Load() {
		t.Errorf("goodbye %+v", packets[2])
	}
}

func TestCallbacksDoNotAllocate(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, nil)
	voice := (&sine{hz: 400, amplitude: 0.3}).next(card5ms)
	buf := make([]float32, card5ms)
	talk(t, a, b, &sine{}, &sine{hz: 400, amplitude: 0.3}, 100*time.Millisecond)
	a.DigitDown('1')
	if n := testing.AllocsPerRun(2000, func() {
		a.Write(voice)
		a.Read(buf)
		b.Write(voice)
		b.Read(buf)
	}); n != 0 {
		t.Errorf("%v allocations per period, want 0", n)
	}
}

// Everything at once, for the race detector.
func TestControlWhileTheCallbacksRun(t *testing.T) {
	var heard digits
	a, b := open(t, heard.add), open(t, heard.add)
	connect(t, a, b, nil)
	var done sync.WaitGroup
	stop := make(chan struct{})
	for _, s := range []*Stream{a, b} {
		for _, callback := range []func([]float32){s.Read, s.Write} {
			done.Go(func() {
				buf := make([]float32, card5ms)
				for {
					select {
					case <-stop:
						return
					default:
						callback(buf)
					}
				}
			})
		}
	}
	for i := range 200 {
		p := params(b.addr())
		p.Direction = audio.Direction(i % 4)
		p.DSCP = uint8(i % 64)
		p.Inband = i%3 == 0
		if p.Inband {
			p.EventSend = 0
		}
		if i%5 == 0 {
			p.Send = pcma
		}
		p.PacketTime = time.Duration(10+10*(i%3)) * time.Millisecond
		if err := a.Start(p); err != nil {
			t.Error(err)
		}
		a.DigitDown("0123456789*#"[i%12])
		a.Stats()
		a.DigitUp()
	}
	if err := a.Close(); err != nil { // with the callbacks still running
		t.Error(err)
	}
	a.Stats()
	a.DigitDown('1')
	if err := a.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	close(stop)
	done.Wait()
}

func BenchmarkWrite20ms(b *testing.B) { benchmark(b, true) }
func BenchmarkRead20ms(b *testing.B)  { benchmark(b, false) }

// benchmark reports the time of one 20 ms frame in a callback, resampling,
// codec and playout buffer included, the socket not.
func benchmark(b *testing.B, write bool) {
	s := open(b, nil)
	if err := s.Start(params(netip.MustParseAddrPort("127.0.0.1:9"))); err != nil {
		b.Fatal(err)
	}
	voice := (&sine{hz: 400, amplitude: 0.3}).next(cardRate / 50)
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 1}, Payload: bytes.Repeat([]byte{0x85, 0x9A, 0x05, 0x1A}, 40)}
	datagram := make([]byte, 200)
	b.ReportAllocs()
	for b.Loop() {
		if write {
			s.Write(voice)
			continue
		}
		packet.SequenceNumber++
		packet.Timestamp += 160
		n, err := packet.MarshalTo(datagram)
		if err != nil {
			b.Fatal(err)
		}
		s.arrive(datagram[:n], netip.MustParseAddrPort("127.0.0.1:9"))
		s.Read(voice)
	}
}

// RFC 3605: RTCP goes where the peer has named.
func TestReportsGoWhereThePeerWantsThem(t *testing.T) {
	s, peer, other := open(t, nil), newRaw(t), newRaw(t)
	inactive(t, s, peer.addr())
	p := s.session.Load().params
	if got := s.controlTarget(); got.Port() != p.Remote.Port()+1 {
		t.Errorf("reports go to %v", got)
	}
	p.RemoteControl = other.addr()
	if err := s.Start(p); err != nil {
		t.Fatal(err)
	}
	if got := s.controlTarget(); got != other.addr() {
		t.Errorf("reports go to %v, want %v", got, other.addr())
	}
}
