package jitter

import (
	"slices"
	"testing"
)

// fake is a codec that knows everything: a packet is a level, in hundreds, 20 ms
// of it. A second byte repeats the level of the packet before.
type fake struct {
	silent    bool // all packets describe silence
	level     int16
	concealed int
	recovered int
}

func level(v int16, samples int) []int16 { return slices.Repeat([]int16{v}, samples) }

func (f *fake) Encode(dst []byte, _ []int16) []byte { return dst }

func (f *fake) Decode(dst []int16, payload []byte) ([]int16, error) {
	f.level = 100 * int16(payload[0])
	return append(dst, level(f.level, size)...), nil
}

func (f *fake) Conceal(dst []int16, samples int) []int16 {
	f.concealed += samples
	return append(dst, level(f.level, samples)...)
}

func (f *fake) Recover(dst []int16, next []byte, samples int) ([]int16, bool) {
	if len(next) < 2 {
		return dst, false
	}
	f.recovered += samples
	return append(dst, level(100*int16(next[1]), samples)...), true
}

func (f *fake) Silent() bool { return f.silent }

// talker gives packets to a buffer and pulls what comes out, 5 ms at a time.
type talker struct {
	*Buffer
	out []int
}

func newTalker(decoders ...*fake) *talker {
	t := &talker{Buffer: New(rate, rate)}
	var d Decoders
	for i, f := range decoders {
		d[i] = f
	}
	t.SetDecoders(&d)
	return t
}

func (t *talker) send(number int, payloadType uint8, payload ...byte) {
	t.Put(Packet{Sequence: uint16(number), Timestamp: uint32(number * size), PayloadType: payloadType, Payload: payload})
}

func (t *talker) pull(ms int) {
	block := make([]float32, 5*msec)
	for range ms / 5 {
		t.Pull(block)
		for _, v := range block {
			t.out = append(t.out, int(v*32768))
		}
	}
}

// count tells how many samples have the level.
func (t *talker) count(level int) (n int) {
	for _, v := range t.out {
		if v == level {
			n++
		}
	}
	return n
}

// TestLostVoiceIsMadeUpByUs: a codec that makes noise of its own is asked for it
// in silence only.
func TestLostVoiceIsMadeUpByUs(t *testing.T) {
	f := &fake{}
	k := newTalker(f)
	for i := range 20 {
		if i != 10 {
			k.send(i, 0, 10)
		}
		k.pull(20)
	}
	if got := k.Concealed.Load(); got != size {
		t.Errorf("%d samples counted, want %d", got, size)
	}
	k.out = nil
	k.pull(300)
	if n := k.count(0); n < 220*msec {
		t.Errorf("silent for %d ms of 300, want all after 60 and what waited", n/msec)
	}
	if f.concealed != 0 {
		t.Errorf("the codec was asked for %d samples", f.concealed)
	}
	// What comes then rises within 5 ms.
	k.out = nil
	k.send(35, 0, 10)
	k.pull(40)
	for i := 1; i < len(k.out); i++ {
		if d := k.out[i] - k.out[i-1]; d > 100 {
			t.Errorf("a step of %d at the begin of the voice", d)
		}
	}
}

func TestLostPacketIsRecoveredFromTheNext(t *testing.T) {
	f := &fake{}
	k := newTalker(f)
	k.send(0, 0, 10)
	k.send(1, 0, 10)
	k.send(3, 0, 20, 15) // 2 is lost
	k.pull(120)
	if f.recovered != size || k.count(1500) != size {
		t.Errorf("recovered %d samples, heard %d, want %d", f.recovered, k.count(1500), size)
	}
	if k.Late.Load() != 0 {
		t.Error("a packet was late")
	}
	// Of two lost ones, the first is made up.
	k = newTalker(f)
	f.recovered = 0
	k.send(0, 0, 10)
	k.send(3, 0, 20, 15)
	k.pull(80)
	if made := k.Concealed.Load(); f.recovered != size || made != size {
		t.Errorf("recovered %d, made up %d samples, want %d each", f.recovered, made, size)
	}
}

func TestComfortNoiseLastsAndIsNoLoss(t *testing.T) {
	voice, noise := &fake{}, &fake{silent: true}
	k := newTalker(voice, noise)
	for i := range 10 {
		k.send(i, 0, 50)
		k.pull(20)
	}
	k.send(10, 1, 3) // 60 dB below full scale, say
	k.pull(20)
	k.out = nil
	k.pull(1000)
	if n := k.count(300); n < 980*msec {
		t.Errorf("noise for %d ms of 1000", n/msec)
	}
	k.Put(Packet{Sequence: 11, Timestamp: 61 * size, Marker: true, Payload: []byte{50}})
	k.out = nil
	k.pull(40)
	if n := k.count(5000); n < 12*msec {
		t.Errorf("voice for %d ms after the noise", n/msec)
	}
	if made, late := k.Concealed.Load(), k.Late.Load(); made != 0 || late != 0 {
		t.Errorf("%d concealed, %d late, want none", made, late)
	}
}

func TestSilenceThatIsNotSentIsNoLoss(t *testing.T) {
	var arrivals []arrival
	for i := range 200 {
		if i/50%2 == 0 {
			arrivals = append(arrivals, arrival{float64(i) * 20, i})
		}
	}
	p := newPlayer(vowel)
	sequence := uint16(65500)
	block := make([]float32, p.period)
	for now := 0.0; now < 4000; now += 5 {
		for len(arrivals) > 0 && arrivals[0].ms <= now {
			packet := p.packet(arrivals[0].number)
			packet.Sequence = sequence
			sequence++
			p.Put(packet)
			arrivals = arrivals[1:]
		}
		p.Pull(block)
	}
	if got := p.Concealed.Load(); got != 0 {
		t.Errorf("%d samples counted as concealed", got)
	}
}

func TestDuplicatesFarApartChangeNothing(t *testing.T) {
	arrivals := network{}.deliver(500)
	for _, a := range arrivals {
		arrivals = append(arrivals, arrival{a.ms + 1500, a.number})
	}
	slices.SortStableFunc(arrivals, func(a, b arrival) int { return int(a.ms - b.ms) })
	p := newPlayer(vowel)
	p.run(arrivals)
	if late, depth := p.Late.Load(), percentile(p.depths[100:], 0.9); late != 0 || depth > 25 {
		t.Errorf("%d late, depth %.1f ms", late, depth)
	}
	if share := fits(t, p.out[1000:10*rate-1000]); share < 0.99 {
		t.Errorf("%.1f %% clean", 100*share)
	}
}

// Some senders stop their timestamps in silence, and mark where talk begins.
func TestMarkedTalkAfterAStandstillIsNotLate(t *testing.T) {
	for _, pause := range []float64{300, 600, 3000} {
		p := newPlayer(vowel)
		p.run(network{}.deliver(100))
		before, late := len(p.out), p.Late.Load()
		block := make([]float32, p.period)
		for range int(pause) / 5 {
			p.Pull(block)
		}
		for i := 100; i < 200; i++ {
			packet := p.packet(i)
			packet.Marker = i == 100
			p.Put(packet)
			for range 4 {
				p.Pull(block)
				p.out = append(p.out, block...)
			}
		}
		if share := fits(t, p.out[before+10*msec:]); share < 0.99 || p.Late.Load() != late {
			t.Errorf("pause of %g ms: %.1f %% clean, %d late", pause, 100*share, p.Late.Load()-late)
		}
	}
}
