package stream

import (
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"go.uber.org/goleak"

	"deskset/audio"
	"deskset/audio/codec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	loopback = netip.MustParseAddr("127.0.0.1")
	pcmu     = audio.Format{Codec: codec.PCMU, PayloadType: 0}
	pcma     = audio.Format{Codec: codec.PCMA, PayloadType: 8}
)

// now is the clock of all streams under test. It stands still but for talk: a
// machine that is busy with other things must not look like a sound card that
// stops.
var now atomic.Int64

func clock() time.Duration { return time.Second + time.Duration(now.Load()) }

// open makes a stream that is closed with the test.
func open(t testing.TB, digit func(byte)) *Stream {
	t.Helper()
	s, err := newStream(audio.StreamConfig{Local: loopback, Digit: digit}, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *Stream) addr() netip.AddrPort { return netip.AddrPortFrom(loopback, s.LocalPort()) }

func params(remote netip.AddrPort) audio.Params {
	return audio.Params{
		Remote:       remote,
		Send:         pcmu,
		Receive:      []audio.Format{pcmu, pcma},
		EventSend:    101,
		EventReceive: 101,
	}
}

// connect starts two streams towards each other, so that neither misses the
// other's first packet; adjust changes what a agrees to, and b's as well.
func connect(t testing.TB, a, b *Stream, adjust func(a, b *audio.Params)) {
	t.Helper()
	toB, toA := params(b.addr()), params(a.addr())
	if adjust != nil {
		adjust(&toB, &toA)
	}
	for _, ready := range []bool{false, true} {
		for s, p := range map[*Stream]audio.Params{a: toB, b: toA} {
			if !ready {
				p.Direction = audio.Inactive
			}
			if err := s.Start(p); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// reportSoon lets the sending goroutine send a report.
func (s *Stream) reportSoon() {
	s.lastReported(-time.Hour)
	s.reporting.Reset(0)
}

// reportLater keeps it from reporting of its own accord.
func (s *Stream) reportLater() { s.lastReported(time.Hour) }

func (s *Stream) lastReported(from time.Duration) {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	s.control.schedule.last = s.clock() + from
}

// wait waits for a condition on other goroutines.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s for: %s", what)
		}
	}
}

// sine gives blocks of a tone at 48 kHz.
type sine struct {
	hz, amplitude float64
	at            int
}

func (g *sine) next(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(g.amplitude * math.Sin(2*math.Pi*g.hz*float64(g.at)/cardRate))
		g.at++
	}
	return x
}

// share is how many of the windows of 50 ms hold the tone and nearly nothing
// else.
func share(x []float32, hz float64) float64 {
	const n = cardRate / 20
	good, windows := 0, 0
	for ; len(x) >= n; x = x[n:] {
		var re, im, total float64
		for i, v := range x[:n] {
			sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / cardRate)
			re, im = re+float64(v)*cos, im+float64(v)*sin
			total += float64(v) * float64(v)
		}
		windows++
		if total > 1e-3*n && (re*re+im*im)*2/n > 0.9*total {
			good++
		}
	}
	return float64(good) / float64(max(1, windows))
}

// raw is a peer made of bare sockets.
type raw struct {
	t         testing.TB
	rtp, rtcp *net.UDPConn
	ssrc      uint32
	seq       uint16
	stamp     uint32

	mu       sync.Mutex
	packets  []rtp.Packet
	compound [][]rtcp.Packet
}

func newRaw(t testing.TB) *raw {
	t.Helper()
	r := &raw{t: t, ssrc: 0xCAFE, seq: 65530, stamp: math.MaxUint32 - 500}
	var err error
	if r.rtp, r.rtcp, err = bind(loopback, 0, 0); err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		r.read(r.rtp, func(b []byte) {
			var p rtp.Packet
			if err := p.Unmarshal(b); err != nil {
				t.Errorf("we sent a bad packet: %v", err)
			}
			r.packets = append(r.packets, p)
		})
	})
	done.Go(func() {
		r.read(r.rtcp, func(b []byte) {
			packets, err := rtcp.Unmarshal(b)
			if err != nil {
				t.Errorf("we sent bad RTCP: %v", err)
			}
			r.compound = append(r.compound, packets)
		})
	})
	t.Cleanup(func() { r.rtp.Close(); r.rtcp.Close(); done.Wait() })
	return r
}

func (r *raw) read(conn *net.UDPConn, take func([]byte)) {
	for {
		b := make([]byte, maxDatagram)
		n, err := conn.Read(b)
		if err != nil {
			return
		}
		r.mu.Lock()
		take(b[:n])
		r.mu.Unlock()
	}
}

func (r *raw) addr() netip.AddrPort { return r.rtp.LocalAddr().(*net.UDPAddr).AddrPort() }

func (r *raw) got() []rtp.Packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.packets)
}

func (r *raw) control() [][]rtcp.Packet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.compound)
}

// voice sends one packet of a payload of 20 ms.
func (r *raw) voice(to netip.AddrPort, payload []byte) {
	p := rtp.Packet{Header: rtp.Header{Version: 2, SSRC: r.ssrc, SequenceNumber: r.seq, Timestamp: r.stamp}, Payload: payload}
	r.seq++
	r.stamp += 160
	b, err := p.Marshal()
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.rtp.WriteToUDPAddrPort(b, to); err != nil {
		r.t.Fatal(err)
	}
}

// relay is a network between two streams: it loses packets, and each sees the
// other at the relay's address.
type relay struct {
	a, b *net.UDPConn
}

func newRelay(t testing.TB, toA, toB netip.AddrPort, loss float64) *relay {
	t.Helper()
	r := &relay{}
	listen := func() *net.UDPConn {
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	r.a, r.b = listen(), listen()
	var done sync.WaitGroup
	forward := func(in, out *net.UDPConn, to netip.AddrPort, random *rand.Rand) {
		b := make([]byte, maxDatagram)
		for {
			n, err := in.Read(b)
			if err != nil {
				return
			}
			if random.Float64() >= loss {
				_, _ = out.WriteToUDPAddrPort(b[:n], to)
			}
		}
	}
	done.Go(func() { forward(r.a, r.b, toB, rand.New(rand.NewPCG(1, 1))) })
	done.Go(func() { forward(r.b, r.a, toA, rand.New(rand.NewPCG(2, 2))) })
	t.Cleanup(func() { r.a.Close(); r.b.Close(); done.Wait() })
	return r
}

func connAddr(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }
