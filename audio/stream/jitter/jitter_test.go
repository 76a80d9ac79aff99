package jitter

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestQuietNetworkAddsFiveMilliseconds(t *testing.T) {
	for _, period := range []int{5 * msec, 10 * msec, 20 * msec, 37} {
		p := newPlayer(vowel)
		p.period = period
		p.run(network{}.deliver(500))
		// The depth is counted when a packet has come: itself and what is left
		// of the one before.
		depth := percentile(p.depths[100:], 0.5)
		pull := float64(period) / msec
		if depth < 20 || depth > 20+5+max(0, pull-5)+4 {
			t.Errorf("pulls of %g ms: depth %.1f ms, want 25", pull, depth)
		}
		if late, share := p.Late.Load(), p.concealed(); late != 0 || share > 0.02 {
			t.Errorf("pulls of %g ms: %d late, %.1f %% concealed", pull, late, 100*share)
		}
		if gap := longestGap(p.out[1000 : len(p.out)-3000]); gap > 2 {
			t.Errorf("pulls of %g ms: gap of %.1f ms", pull, gap)
		}
		if share := fits(t, p.out[1000:len(p.out)-3000]); share < 0.99 {
			t.Errorf("pulls of %g ms: only %.1f %% of the voice is clean", pull, 100*share)
		}
	}
}

func TestSamplesComeOutAsTheyWentIn(t *testing.T) {
	p := newPlayer(vowel)
	p.run(network{}.deliver(100))
	// Past the fade-in the output is the input, shifted and µ-law coded.
	best := 1.0
	for shift := range 40 * msec {
		worst := 0.0
		for i := 2000; i < 12000; i++ {
			worst = max(worst, math.Abs(float64(p.out[i])-vowel(i-shift)))
		}
		best = min(best, worst)
	}
	if best > 0.02 {
		t.Errorf("output differs by %.3f from the input at any delay", best)
	}
}

func TestImpairments(t *testing.T) {
	for _, c := range []struct {
		name         string
		network      network
		conceal, fit float64 // at most, at least
		gap, depth   float64 // ms at most
	}{
		{"jitter 5 ms", network{seed: 1, jitter: 5, inOrder: true}, 0.02, 0.97, 10, 50},
		{"jitter 20 ms", network{seed: 2, jitter: 20, inOrder: true}, 0.03, 0.93, 30, 120},
		{"jitter 20 ms with reordering", network{seed: 3, jitter: 20}, 0.05, 0.88, 30, 120},
		{"loss 5 %", network{seed: 4, loss: 0.05}, 0.08, 0.80, 60, 40},
		{"loss 10 %", network{seed: 5, loss: 0.1}, 0.15, 0.65, 60, 40},
		{"loss in bursts of 3", network{seed: 6, loss: 0.01, burst: 3}, 0.06, 0.85, 60, 45},
		{"duplicates", network{seed: 7, duplicate: 0.3}, 0.01, 0.99, 5, 35},
		{"spikes of 150 ms", network{seed: 8, spikes: 200}, 0.05, 0.93, 200, 60},
		{"all at once", network{seed: 9, loss: 0.03, jitter: 10, duplicate: 0.05, skew: 200e-6}, 0.09, 0.78, 60, 100},
	} {
		p := newPlayer(vowel)
		p.run(c.network.deliver(1500)) // half a minute
		voice := p.out[2*rate : len(p.out)-300*msec]
		gap, fit, depth := longestGap(voice), fits(t, voice), percentile(p.depths[100:], 0.95)
		t.Logf("%-30s concealed %4.1f %%, clean %5.1f %%, longest gap %4.1f ms, depth p50 %5.1f p95 %5.1f ms, late %d",
			c.name, 100*p.concealed(), 100*fit, gap, percentile(p.depths[100:], 0.5), depth, p.Late.Load())
		if p.concealed() > c.conceal || fit < c.fit || gap > c.gap || depth > c.depth {
			t.Errorf("%s: beyond the limits %+v", c.name, c)
		}
	}
}

// A minute of worse network is followed by less delay once it is good again.
func TestDelayShrinksAfterwards(t *testing.T) {
	for name, voice := range map[string]func(int) float64{"vowel": vowel, "speech": speech} {
		arrivals := network{seed: 1, jitter: 30, inOrder: true}.deliver(500)
		for i := 500; i < 1500; i++ {
			arrivals = append(arrivals, arrival{math.Max(float64(i)*20, arrivals[len(arrivals)-1].ms), i})
		}
		p := newPlayer(voice)
		p.run(arrivals)
		if bad, good := p.depths[490], p.depths[len(p.depths)-1]; bad < 60 || good > 32 {
			t.Errorf("%s: depth %.1f ms in jitter and %.1f afterwards, want less than 32", name, bad, good)
		}
	}
}

func TestClockDriftOf200ppmOverAnHour(t *testing.T) {
	for _, skew := range []float64{200e-6, -200e-6} {
		p := newPlayer(speech)
		p.period = 20 * msec // for a fast test; the delay is exact at any
		p.run(network{seed: 11, skew: skew, jitter: 1, inOrder: true}.deliver(driftTime))
		low, high := percentile(p.depths[100:], 0), percentile(p.depths[100:], 1)
		t.Logf("skew %+.0f ppm: depth %.1f to %.1f ms, concealed %.2f %%, late %d", skew*1e6, low, high, 100*p.concealed(), p.Late.Load())
		if high > 50 || low < 15 || p.concealed() > 0.01 {
			t.Errorf("skew %+.0f ppm: depth %.1f to %.1f ms, concealed %.2f %%", skew*1e6, low, high, 100*p.concealed())
		}
	}
}

func TestTimestampsMayWrap(t *testing.T) {
	p := newPlayer(vowel)
	p.first = math.MaxUint32 - 10*size
	p.run(network{}.deliver(100))
	if share := fits(t, p.out[1000:15000]); share < 0.99 || p.Late.Load() != 0 {
		t.Errorf("%.1f %% clean, %d late", 100*share, p.Late.Load())
	}
}

// RFC 3550 section 5.1: the timestamp goes on through silence while nothing is
// sent.
func TestSilenceThatIsNotSentKeepsItsLength(t *testing.T) {
	var arrivals []arrival
	for i := range 500 {
		if i/50%2 == 0 {
			arrivals = append(arrivals, arrival{float64(i) * 20, i})
		}
	}
	p := newPlayer(vowel)
	p.run(arrivals)
	depth := percentile(p.depths[100:], 0.95)
	if depth > 30 || p.Late.Load() != 0 {
		t.Errorf("depth %.1f ms, %d late", depth, p.Late.Load())
	}
	// Talk of 1 s at 2 s, silence from 1 s.
	if gap := longestGap(p.out[:3*rate]); gap < 900 || gap > 1000 {
		t.Errorf("silence of %.0f ms, want one second less the fading", gap)
	}
}

// Some senders stop their timestamps while they hold a call.
func TestTimestampsThatStandStillInAPause(t *testing.T) {
	var arrivals []arrival
	for i := range 200 {
		at := float64(i) * 20
		if i >= 100 {
			at += 5000
		}
		arrivals = append(arrivals, arrival{at, i})
	}
	p := newPlayer(vowel)
	p.run(arrivals)
	if share := fits(t, p.out[8*rate:len(p.out)-300*msec]); share < 0.95 {
		t.Errorf("after the pause only %.1f %% of the voice is clean", 100*share)
	}
	if depth := p.depths[len(p.depths)-1]; depth > 30 {
		t.Errorf("after the pause the depth is %.1f ms", depth)
	}
}

func TestTimestampsThatBeginAnew(t *testing.T) {
	p := newPlayer(vowel)
	p.run(network{}.deliver(100))
	p.first, p.number = 0x9ABCDEF0, 7000
	before := len(p.out)
	p.run(network{}.deliver(100))
	if share := fits(t, p.out[before+1000:len(p.out)-300*msec]); share < 0.95 {
		t.Errorf("after a jump only %.1f %% of the voice is clean", 100*share)
	}
}

func TestConcealmentContinuesThePitchAndFades(t *testing.T) {
	c := newConcealer(rate)
	x := make([]float32, 2000)
	for i := range x {
		x[i] = float32(vowel(i))
	}
	c.played(x)
	c.begin()
	made := make([]float32, 80*msec)
	c.read(made)
	for i := range 10 * msec {
		if d := math.Abs(float64(made[i]) - vowel(2000+i)); d > 0.06 {
			t.Fatalf("sample %d made up as %.3f, the voice would be %.3f", i, made[i], vowel(2000+i))
		}
	}
	if r20, r40 := rms(made[15*msec:25*msec]), rms(made[35*msec:45*msec]); r40 >= r20 {
		t.Errorf("level %.3f at 20 ms and %.3f at 40: it does not fade", r20, r40)
	}
	for i, v := range made[60*msec:] {
		if v != 0 {
			t.Fatalf("%.4f at %d ms, want silence", v, 60+i/msec)
		}
	}
	steepest := 0.0
	for i := 1; i < len(x); i++ {
		steepest = max(steepest, math.Abs(float64(x[i]-x[i-1])))
	}
	for i := 1; i < len(made); i++ {
		if d := math.Abs(float64(made[i] - made[i-1])); d > 1.3*steepest {
			t.Errorf("click of %.3f at sample %d; the voice moves by %.3f at most", d, i, steepest)
		}
	}
}

func TestStretchingKeepsThePitch(t *testing.T) {
	x := make([]float32, 320, 1000)
	for i := range x {
		x[i] = float32(vowel(i))
	}
	seek := newSearch(rate, 160)
	n, ok := piece(&seek, x, 20, 80, 0.85)
	if !ok || n < 56 || n > 58 { // 8000/140 = 57.1
		t.Fatalf("period of %d samples, %v, want 57", n, ok)
	}
	long := lengthen(append(make([]float32, 0, 1000), x...), n)
	short := shorten(append(make([]float32, 0, 1000), x...), n)
	if len(long) != 320+n || len(short) != 320-n {
		t.Fatalf("lengths %d and %d", len(long), len(short))
	}
	for i := range short {
		if math.Abs(float64(short[i]-x[i])) > 0.05 {
			t.Fatalf("shortened by a period, sample %d is %.3f, want %.3f", i, short[i], x[i])
		}
	}
	for i := range x {
		if math.Abs(float64(long[i]-x[i])) > 0.05 {
			t.Fatalf("lengthened by a period, sample %d is %.3f, want %.3f", i, long[i], x[i])
		}
	}
}

func TestPutAndPullDoNotAllocate(t *testing.T) {
	p := newPlayer(speech)
	var packets []Packet
	for i := range 2000 {
		packets = append(packets, p.packet(i))
	}
	block := make([]float32, 5*msec)
	i := 0
	if n := testing.AllocsPerRun(1500, func() {
		if i%10 != 0 { // with loss
			p.Put(packets[i])
		}
		i++
		for range 4 {
			p.Pull(block)
		}
	}); n != 0 {
		t.Errorf("%v allocations per packet, want 0", n)
	}
}

func FuzzBuffer(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, script []byte) {
		p := newPlayer(speech)
		p.SetDecoders(&Decoders{0: p.decoders[0], 1: &fake{}, 2: &fake{silent: true}})
		random := rand.New(rand.NewPCG(1, 1))
		block := make([]float32, 300)
		ts, sequence := uint32(0), uint16(65530)
		for _, step := range script {
			switch step % 8 {
			case 0:
				ts = random.Uint32()
			case 1:
				p.Reset()
			case 2:
				ts += uint32(step) * 37
			case 3:
				ts -= uint32(step) * 11
			default:
				ts += size
			}
			sequence += uint16(step) * 5 % 7
			p.Put(Packet{Sequence: sequence, Marker: step&16 != 0, Timestamp: ts, PayloadType: step & 3, Payload: make([]byte, int(step)*6%1500)})
			n := int(step) * 7 % len(block)
			p.Pull(block[:n])
			for _, v := range block[:n] {
				if !(v >= -4 && v <= 4) {
					t.Fatalf("sample %v", v)
				}
			}
		}
	})
}

func BenchmarkPacket20ms(b *testing.B) {
	for name, lossy := range map[string]bool{"clean": false, "every tenth lost": true} {
		b.Run(name, func(b *testing.B) {
			p := newPlayer(speech)
			packets := make([]Packet, 500)
			for i := range packets {
				packets[i] = p.packet(i)
			}
			block := make([]float32, 5*msec)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				packet := packets[i%len(packets)]
				packet.Sequence, packet.Timestamp = uint16(i), uint32(i*size)
				if !lossy || i%10 != 0 {
					p.Put(packet)
				}
				for range 4 {
					p.Pull(block)
				}
			}
		})
	}
}
