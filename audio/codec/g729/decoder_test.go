package g729

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// synthetic makes a stream without an encoder: frames of random bits, the first
// half of them with the parity bit in order and with descriptors and gaps
// between. Each is a payload; none is a frame that did not come.
func synthetic(seed uint64, frames int) (payloads [][]byte) {
	dice := rand.New(rand.NewPCG(seed, 729))
	for i := range frames {
		payload := make([]byte, speechBytes)
		for j := range payload {
			payload[j] = byte(dice.Uint32())
		}
		switch kind := i % 50; {
		case kind == 30:
			payload = payload[:sidBytes]
		case kind > 30 && kind < 40, dice.IntN(20) == 0:
			payload = nil
		case i < frames/2:
			s := unpackSpeech(payload)
			s.parity = delayParity(s.sub[0].delay)
			payload = packSpeech(nil, s)
		}
		payloads = append(payloads, payload)
	}
	return payloads
}

func decodeAll(t testing.TB, d *Decoder, payloads [][]byte) (pcm []int16) {
	t.Helper()
	var err error
	for _, payload := range payloads {
		if payload == nil {
			pcm = d.Conceal(pcm, frameSamples)
		} else if pcm, err = d.Decode(pcm, payload); err != nil {
			t.Fatal(err)
		}
	}
	return pcm
}

// TestSyntheticStreamsStayAsTheyAre notices a change where no vectors lie. The
// checksums are those of the decoder that gave all vectors back bit for bit.
func TestSyntheticStreamsStayAsTheyAre(t *testing.T) {
	for seed, want := range map[uint64]uint32{1: 0x90133186, 2: 0x41d1d4a9, 3: 0x8c512ba7} {
		pcm := decodeAll(t, NewDecoder(), synthetic(seed, 1000))
		if got := checksum(pcm...); got != want {
			t.Errorf("stream %d: checksum %#x, want %#x", seed, got, want)
		}
	}
}

func TestPayloadIsWholeFrames(t *testing.T) {
	d := NewDecoder()
	kept := []int16{1, 2, 3}
	for length := range 64 {
		got, err := d.Decode(kept, make([]byte, length))
		frames, rest := length/speechBytes, length%speechBytes
		if length == 0 || rest != 0 && rest != sidBytes {
			if !errors.Is(err, errPayloadLength) || !slices.Equal(got, kept) {
				t.Errorf("%d bytes: error %v, %d samples; want an error and what was there", length, err, len(got))
			}
			continue
		}
		if rest != 0 {
			frames++
		}
		if want := len(kept) + frames*frameSamples; err != nil || len(got) != want || !slices.Equal(got[:3], kept) {
			t.Errorf("%d bytes: error %v, %d samples, want %d after what was there", length, err, len(got), want)
		}
	}
}

func TestRefusedPayloadLeavesTheDecoderAlone(t *testing.T) {
	d := NewDecoder()
	payloads := synthetic(4, 40)
	want := decodeAll(t, NewDecoder(), payloads)
	var got []int16
	for _, payload := range payloads {
		if _, err := d.Decode(nil, make([]byte, 11)); err == nil {
			t.Fatal("11 bytes were taken")
		}
		got = append(got, decodeAll(t, d, [][]byte{payload})...)
	}
	if !slices.Equal(got, want) {
		t.Error("a refused payload changed what came after it")
	}
}

func TestConcealmentIsAsLongAsAsked(t *testing.T) {
	d := NewDecoder()
	for _, samples := range []int{-1, 0, 1, 79, 80, 81, 160, 240} {
		if got := d.Conceal([]int16{7}, samples); len(got) != 1+max(samples, 0) || got[0] != 7 {
			t.Errorf("%d samples asked for, %d given", samples, len(got)-1)
		}
	}
}

// TestLongLossFadesAway: section 4.4.2 attenuates the gains of speech; comfort
// noise goes on.
func TestLongLossFadesAway(t *testing.T) {
	d := NewDecoder()
	decodeAll(t, d, synthetic(5, 25))
	if last := d.Conceal(nil, 8000)[7920:]; slices.Max(last) > 10 || slices.Min(last) < -10 {
		t.Errorf("a second after the last packet there is still %v", last)
	}
	decodeAll(t, d, [][]byte{{0x12, 0x34 | 30<<1}})
	first := d.Conceal(nil, frameSamples)
	if last := d.Conceal(nil, 8000)[7920:]; energy(last, 0) < energy(first, 0)/100 {
		t.Error("comfort noise faded away")
	}
}

func TestResetIsANewDecoder(t *testing.T) {
	payloads := synthetic(6, 60)
	d := NewDecoder()
	want := decodeAll(t, d, payloads)
	d.Reset()
	if !slices.Equal(decodeAll(t, d, payloads), want) {
		t.Error("after Reset the same packets sound different")
	}
}

func TestDecoderDoesNotAllocate(t *testing.T) {
	d := NewDecoder()
	pcm := make([]int16, 0, 4*frameSamples)
	packet, descriptor := make([]byte, 2*speechBytes), []byte{0x12, 0x34}
	if n := testing.AllocsPerRun(100, func() {
		d.Decode(pcm, packet)
		d.Conceal(pcm, 2*frameSamples)
		d.Decode(pcm, descriptor)
		d.Conceal(pcm, 2*frameSamples)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzDecoder: what comes from the network gives sound or an error, and never
// more than its frames.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{0, 10, 2, 1}, []byte("0123456789abcdefghij"))
	f.Fuzz(func(t *testing.T, plan, bits []byte) {
		d := NewDecoder()
		pcm := make([]int16, 0, 8192)
		for _, step := range plan[:min(len(plan), 64)] {
			before := len(pcm)
			length := min(int(step), len(bits))
			if step == 0 {
				pcm = d.Conceal(pcm, frameSamples)
			} else {
				pcm, _ = d.Decode(pcm, bits[:length])
			}
			if grown := len(pcm) - before; grown > frameSamples*(length/speechBytes+1) {
				t.Fatalf("%d bytes became %d samples", length, grown)
			}
			bits = append(bits[length:], bits[:length]...)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	d := NewDecoder()
	payloads := synthetic(7, 1000)
	payloads = slices.DeleteFunc(payloads, func(p []byte) bool { return len(p) != speechBytes })
	pcm := make([]int16, 0, frameSamples)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := d.Decode(pcm, payloads[i%len(payloads)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0.01*float64(b.N)/b.Elapsed().Seconds(), "x_real_time")
}
