package stream

import (
	"math"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio"
)

// soakEnv makes the call an hour long; make soak sets it.
const soakEnv = "DESKSET_SOAK"

// TestLongCallKeepsItsDelayItsMemoryAndItsCounts is a call of an hour in virtual
// time (of two minutes, unless make soak runs it): four cards whose clocks differ
// by up to 200 ppm, jitter and loss. What is said at the one end is timed at the
// other: the delay at the end is that of the begin, nothing grows, and each packet
// is accounted for.
func TestLongCallKeepsItsDelayItsMemoryAndItsCounts(t *testing.T) {
	length := 2 * time.Minute
	switch {
	case os.Getenv(soakEnv) != "":
		length = time.Hour
	case raceEnabled:
		length = 30 * time.Second
	}
	w := newLongCall(t)
	w.run(min(length/5, 5*time.Minute)) // everything has been allocated once
	memory, goroutines := heapAfterGC(), runtime.NumGoroutine()
	w.run(length)
	w.drain()
	if grown := int64(heapAfterGC()) - int64(memory); grown > 256<<10 {
		t.Errorf("memory has grown by %d bytes", grown)
	}
	if n := runtime.NumGoroutine(); n != goroutines {
		t.Errorf("%d goroutines, then %d", goroutines, n)
	}
	for i, e := range w.ends {
		other := w.ends[1-i]
		s := e.stream.Stats()
		sent, received := uint64(other.tapped.Load()), s.PacketsReceived
		if s.PacketsSent != uint64(e.tapped.Load()) || received != sent-other.dropped || s.PacketsLost != other.dropped-other.trailing {
			t.Errorf("end %d: sent %d, received %d, lost %d; the network took %d, dropped %d", i, s.PacketsSent, received, s.PacketsLost, sent, other.dropped)
		}
		heard := len(e.delays)
		if said := other.bursts; heard < said*96/100 {
			t.Errorf("end %d: %d bursts heard of %d", i, heard, said)
		}
		first, last := median(e.delays[:heard/4]), median(e.delays[heard*3/4:])
		t.Logf("end %d: delay %.1f ms in the first quarter, %.1f in the last, %.1f at most; %d packets, %d lost, %d late, %d ms made up",
			i, first, last, slices.Max(e.delays), received, s.PacketsLost, s.PacketsLate, s.Concealed)
		if math.Abs(last-first) > 3 || last > 60 {
			t.Errorf("end %d: delay %.1f ms at first and %.1f at last", i, first, last)
		}
	}
}

func heapAfterGC() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func median(x []float64) float64 { x = slices.Sorted(slices.Values(x)); return x[len(x)/2] }

// longCall is a call between two ends in virtual time.
type longCall struct {
	t    *testing.T
	time atomic.Int64 // the sending goroutines ask for it too
	ends [2]*end
}

// end is a stream with its cards and the network behind it.
type end struct {
	stream *Stream
	random *rand.Rand
	tapped atomic.Int64 // packets that were sent

	period, due [2]time.Duration // of capture and playback
	block       []float32

	wire              [64]wired // on their way; a ring
	onWire, delivered int
	dropped, trailing uint64 // by the network; since the last that it took

	// Bursts that are said, and heard from the other end.
	bursts, wait, phase int
	saidAt              time.Duration
	delays              []float64 // ms
}

type wired struct {
	at   time.Duration
	data []byte
}

const (
	soakBlock = cardRate / 200
	soakLoss  = 0.01
	burstGap  = cardRate
	burstSize = cardRate / 100
)

func newLongCall(t *testing.T) *longCall {
	w := &longCall{t: t}
	sink, control, err := bind(loopback, 0, 0) // takes what is sent; nobody reads it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close(); control.Close() })
	for i, ppm := range [2][2]float64{{100, -100}, {-100, 60}} {
		e := &end{random: rand.New(rand.NewPCG(uint64(i), 3)), block: make([]float32, soakBlock), wait: burstGap, delays: make([]float64, 0, 8000)}
		for k, p := range ppm {
			e.period[k] = time.Duration(float64(5*time.Millisecond) / (1 + p*1e-6))
			e.due[k] = e.period[k] + time.Duration(i+2*k)*time.Millisecond
		}
		for k := range e.wire {
			e.wire[k].data = make([]byte, 0, maxDatagram)
		}
		e.stream, err = newStream(audio.StreamConfig{Local: loopback, Tap: func(p audio.Packet) { w.carry(e, p) }}, func() time.Duration { return w.now() + 1 })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.stream.Close() })
		p := params(sink.LocalAddr().(*net.UDPAddr).AddrPort())
		if err := e.stream.Start(p); err != nil {
			t.Fatal(err)
		}
		w.ends[i] = e
		w.settle(e)
	}
	return w
}

func (w *longCall) now() time.Duration { return time.Duration(w.time.Load()) }

// carry takes a packet into the network.
func (w *longCall) carry(e *end, p audio.Packet) {
	if p.Control || !p.Out {
		return
	}
	if n := e.tapped.Load(); n > 1 && e.random.Float64() < soakLoss {
		e.dropped++
		e.trailing++
	} else {
		e.trailing = 0
		slot := &e.wire[e.onWire%len(e.wire)]
		slot.at = w.now() + 10*time.Millisecond + time.Duration(e.random.ExpFloat64()*float64(2*time.Millisecond))
		if e.onWire > 0 {
			slot.at = max(slot.at, e.wire[(e.onWire-1)%len(e.wire)].at)
		}
		slot.data = append(slot.data[:0], p.Data...)
		e.onWire++
	}
	e.tapped.Add(1)
}

// settle waits until the sending goroutine has sent what there is.
func (w *longCall) settle(e *end) {
	for limit := time.Now().Add(20 * time.Second); e.tapped.Load() != int64(e.stream.outgoing.write.Load())+1; {
		if time.Now().After(limit) {
			w.t.Fatalf("%d packets sent of %d", e.tapped.Load(), e.stream.outgoing.write.Load()+1)
		}
		runtime.Gosched()
	}
}

// run lets the cards work for some time.
func (w *longCall) run(length time.Duration) {
	for stop := w.now() + length; w.now() < stop; {
		var next *end
		kind := 0
		for _, e := range w.ends {
			for k := range e.due {
				if next == nil || e.due[k] < next.due[kind] {
					next, kind = e, k
				}
			}
		}
		w.time.Store(int64(next.due[kind]))
		next.due[kind] += next.period[kind]
		if kind == 0 {
			next.speak(w.now())
			next.stream.Write(next.block)
			w.settle(next)
			continue
		}
		other := w.ends[0]
		if next == other {
			other = w.ends[1]
		}
		next.receive(other, w.now())
		next.stream.Read(next.block)
		next.listen(w.now(), other)
	}
}

// receive takes what the other end's network has delivered by now.
func (e *end) receive(other *end, now time.Duration) {
	for ; other.delivered < other.onWire; other.delivered++ {
		packet := &other.wire[other.delivered%len(other.wire)]
		if packet.at > now {
			return
		}
		e.stream.arrive(packet.data, e.stream.session.Load().params.Remote)
	}
}

// drain delivers what is on its way.
func (w *longCall) drain() {
	for i, e := range w.ends {
		e.receive(w.ends[1-i], w.now()+time.Minute)
	}
}

// speak says a burst of 10 ms each second or so, over a murmur.
func (e *end) speak(now time.Duration) {
	for i := range e.block {
		e.block[i] = float32(0.002 * (e.random.Float64() - 0.5))
		e.wait--
		if e.wait > 0 {
			continue
		}
		if e.phase == 0 {
			e.saidAt = now + time.Duration(i-soakBlock)*time.Second/cardRate
			e.bursts++
		}
		e.block[i] = float32(0.5 * math.Sin(2*math.Pi*1000*float64(e.phase)/cardRate))
		if e.phase++; e.phase == burstSize {
			e.phase, e.wait = 0, burstGap+e.random.IntN(cardRate/50)
		}
	}
}

// listen times the burst of the other end.
func (e *end) listen(now time.Duration, other *end) {
	if other.saidAt == 0 {
		return
	}
	for i, v := range e.block {
		if v > 0.2 || v < -0.2 {
			e.delays = append(e.delays, (now+time.Duration(i)*time.Second/cardRate-other.saidAt).Seconds()*1000)
			other.saidAt = 0
			return
		}
	}
}
