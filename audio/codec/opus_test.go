package codec

import (
	"math"
	"math/rand/v2"
	"testing"
)

// FuzzOpus feeds a decoder hostile packets and losses in turn; what it gives is
// as long as the packet said, and a sane packet afterwards is decoded.
func FuzzOpus(f *testing.F) {
	c := newOpus()
	good := c.Encode(nil, make([]int16, opusRate/50))
	f.Add(good, good, uint16(960))
	f.Add([]byte{0xFF, 0xFF, 0, 0, 0, 0}, []byte{3, 0x3F, 1, 2, 3}, uint16(65535))
	f.Add([]byte{3}, []byte{0x7B, 0xC2, 255, 255, 255}, uint16(119))
	f.Fuzz(func(t *testing.T, a, b []byte, size uint16) {
		o := &opusCodec{scratch: make([]float32, maxOpusSamples)}
		o.newDecoder()
		var pcm []int16
		for _, payload := range [][]byte{a, b, a} {
			n := len(pcm)
			out, err := o.Decode(pcm, payload)
			if got := len(out) - n; err == nil && got != opusSamples(payload) || err != nil && got != 0 {
				t.Fatalf("%d samples of a packet of %d: %v", got, opusSamples(payload), err)
			}
			out = o.Conceal(out, int(size))
			n = len(out)
			if out, ok := o.Recover(out, b, int(size)); ok && len(out)-n > maxOpusSamples || !ok && len(out) != n {
				t.Fatalf("%d samples recovered of %d", len(out)-n, size)
			}
			pcm = out[:0]
		}
		if out, err := o.Decode(pcm[:0], good); err != nil || len(out) != opusRate/50 {
			t.Fatalf("%d samples of a good packet after bad ones: %v", len(out), err)
		}
	})
}

func TestOpusPacketsThatLastNoTimeOrTooLong(t *testing.T) {
	c := newOpus()
	for _, payload := range [][]byte{nil, {}, {3}, {3, 0}, {0x1B, 0x3F, 1, 2, 3}, {0x83, 49, 0}} {
		if out, err := c.Decode(make([]int16, 0, 9), payload); len(out) != 0 || err == nil {
			t.Errorf("%x: %d samples, %v", payload, len(out), err)
		}
	}
}

// syllables is noise that comes and goes, with a tone.
func syllables(samples int) []int16 {
	dice := rand.New(rand.NewPCG(3, 4))
	pcm := make([]int16, samples)
	for i := range pcm {
		at := float64(i) / opusRate
		loud := math.Max(0, math.Sin(2*math.Pi*3*at))
		pcm[i] = int16(loud * (6000*math.Sin(2*math.Pi*180*at) + 3000*(dice.Float64()-0.5)))
	}
	return pcm
}

func TestOpusSendsNothingInSilence(t *testing.T) {
	const frame = opusRate / 50
	c := newOpus().(*opusCodec)
	c.SetDTX(true)
	for talk := syllables(opusRate); len(talk) > 0; talk = talk[frame:] {
		if len(c.Encode(nil, talk[:frame])) == 0 {
			t.Fatal("voice is not sent")
		}
	}
	sent, d := 0, newOpus().(*opusCodec)
	for range 100 {
		if p := c.Encode(nil, make([]int16, frame)); len(p) > 0 {
			sent++
			if _, err := d.Decode(nil, p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if sent > 40 {
		t.Errorf("%d of 100 packets of silence are sent", sent)
	}
	c.Tune("usedtx=0")
	sent = 0
	for range 50 {
		if len(c.Encode(nil, make([]int16, frame))) > 0 {
			sent++
		}
	}
	if sent < 50 {
		t.Errorf("%d of 50 packets are sent to a peer that wants no DTX", sent)
	}
}

func TestOpusObeysThePeersParameters(t *testing.T) {
	bits := func(f Fmtp) (n int, widest byte) {
		c := newOpus().(*opusCodec)
		c.Tune(f)
		for talk := syllables(2 * opusRate); len(talk) > 0; talk = talk[opusRate/50:] {
			p := c.Encode(nil, talk[:opusRate/50])
			n += 4 * len(p)
			widest = max(widest, p[0]>>3)
		}
		return n, widest
	}
	full, _ := bits("")
	if full > 50000 {
		t.Errorf("%d bit/s", full)
	}
	if slow, _ := bits("maxaveragebitrate=12000"); slow > 14000 {
		t.Errorf("%d bit/s for a peer that wants 12000", slow)
	}
	if _, widest := bits("maxplaybackrate=8000"); widest > 3 && widest < 16 || widest > 19 {
		t.Errorf("configuration %d for a peer that plays 4 kHz", widest)
	}
	for _, nonsense := range []Fmtp{"maxaveragebitrate=-1;maxplaybackrate=x", "maxaveragebitrate=99999999999999999999999", ";;;=;", "useinbandfec=maybe"} {
		if n, _ := bits(nonsense); n < 1000 || n > 50000 {
			t.Errorf("%q: %d bit/s", nonsense, n)
		}
	}
}

// TestOpusAllocations: none where packets come, few where they are lost.
func TestOpusAllocations(t *testing.T) {
	const frame = opusRate / 50
	encoder, decoder := newOpus().(*opusCodec), newOpus().(*opusCodec)
	encoder.Tune("useinbandfec=1")
	var list [][]byte
	for talk := syllables(opusRate); len(talk) > 0; talk = talk[frame:] {
		list = append(list, encoder.Encode(nil, talk[:frame]))
	}
	out, i := make([]int16, 0, frame), 0
	next := func() []byte { i++; return list[i%len(list)] }
	for _, c := range []struct {
		name string
		most float64
		run  func()
	}{
		{"decode", 0, func() { out, _ = decoder.Decode(out[:0], next()) }},
		{"conceal", 12, func() { out = decoder.Conceal(out[:0], frame); decoder.Decode(out[:0], next()) }},
		{"recover", 12, func() { out, _ = decoder.Recover(out[:0], next(), frame); decoder.Decode(out[:0], next()) }},
	} {
		if n := testing.AllocsPerRun(200, c.run); n > c.most {
			t.Errorf("%s: %v allocations, want %v at most", c.name, n, c.most)
		}
	}
}

// TestOpusProtectsWhatIsLost: at a rate at which redundancy must be paid for, it
// is there when the peer misses packets.
func TestOpusProtectsWhatIsLost(t *testing.T) {
	const frame = opusRate / 50
	repeated := func(loss int) (n int) {
		encoder := newOpus().(*opusCodec)
		encoder.Tune("useinbandfec=1;maxaveragebitrate=24000")
		encoder.Encode(nil, make([]int16, frame))
		encoder.Protect(loss)
		for talk := syllables(2 * opusRate); len(talk) >= frame; talk = talk[frame:] {
			if repeats(encoder.Encode(nil, talk[:frame])) {
				n++
			}
		}
		return n
	}
	few, many := repeated(0), repeated(25)
	t.Logf("%d of 100 packets repeat the one before without loss, %d at 25 %%", few, many)
	if few >= many || many < 50 {
		t.Errorf("%d of 100 packets repeat the one before without loss, %d at 25 %%", few, many)
	}
}
