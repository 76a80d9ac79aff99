package jitter_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"deskset/audio/codec"
	"deskset/audio/quality"
	"deskset/audio/quality/network"
	"deskset/audio/quality/speech"
	"deskset/audio/stream/jitter"
)

// Whatever is put, in any order, nothing is allocated, and all samples are
// within bounds.
func TestHostilePacketsAllocateNothing(t *testing.T) {
	// Opus is not ours: what its library allocates, audio/codec measures.
	for _, name := range []codec.Name{codec.PCMU, codec.PCMA, codec.G722, codec.G729} {
		info, _ := codec.Lookup(name)
		b := jitter.New(info.SampleRate, info.ClockRate)
		b.SetDecoders(&jitter.Decoders{0: info.New(), 1: info.New(), 13: codec.NewNoise(info.SampleRate)})
		random := rand.New(rand.NewPCG(1, 2))
		payload, block := make([]byte, jitter.MaxPayload), make([]float32, info.SampleRate/50)
		var p jitter.Packet
		if n := testing.AllocsPerRun(3000, func() {
			p.Sequence += uint16(random.IntN(4))
			p.Timestamp += uint32(random.IntN(3) * info.ClockRate / 50)
			switch random.IntN(40) {
			case 0:
				p.Timestamp = random.Uint32()
			case 1:
				p.Sequence = uint16(random.Uint32())
			case 2:
				b.Reset()
			}
			p.PayloadType = []uint8{0, 0, 0, 0, 1, 13, 77}[random.IntN(7)]
			p.Marker = random.IntN(10) == 0
			for i := range 40 {
				payload[i] = byte(random.Uint32())
			}
			p.Payload = payload[:[]int{20, 160, 40, random.IntN(len(payload))}[random.IntN(4)]]
			b.Put(p)
			b.Pull(block[:random.IntN(len(block))])
			for _, v := range block {
				if !(v >= -1 && v <= 1) {
					t.Fatalf("%s: sample %v", name, v)
				}
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations per packet", name, n)
		}
	}
}

// A peer that sends 10 ms, then 20, 30 and 60 in one packet is heard as one that
// does not.
func TestPacketTimeMayChange(t *testing.T) {
	const rate = 8000
	info, _ := codec.Lookup(codec.PCMU)
	voice := speech.Lab(t, rate)[:8*rate]
	coded := info.New().Encode(nil, speech.Int16(voice))
	b := jitter.New(rate, rate)
	b.SetDecoders(&jitter.Decoders{0: info.New()})
	block := make([]float32, rate/200)
	var out []float64
	sent, size, number := 0, 80, uint16(0)
	for now := 0; now < len(voice); now += len(block) {
		for sent+size <= now { // a packet leaves when it is full
			b.Put(jitter.Packet{Sequence: number, Timestamp: uint32(sent), Payload: coded[sent : sent+size]})
			sent += size
			number++
			size = []int{80, 160, 240, 480}[sent/(rate/2)%4]
		}
		b.Pull(block)
		for _, v := range block {
			out = append(out, float64(v))
		}
	}
	followed, _ := quality.Follow(voice, out, rate, rate/15)
	if s := quality.STOI(voice, followed, rate); s < 0.97 || b.Late.Load() != 0 {
		t.Errorf("STOI %.3f, %d late", s, b.Late.Load())
	}
}

// Our concealment at the rates of wideband codecs.
func TestConcealmentIsGoodAtEveryRate(t *testing.T) {
	if raceEnabled {
		t.Skip("arithmetic only")
	}
	for _, rate := range []int{8000, 16000, 48000} {
		c := &call{info: muLawAt(rate), voice: speech.Espeak(t, rate)[:6*rate], period: 5 * ms, packetTime: packetTime}
		c.encode(t)
		h := c.through(network.Model{Seed: 1, Loss: 0.05})
		s := c.score(h, 0)
		t.Logf("%d Hz: STOI %.3f, gap %v, made up %.1f %%", rate, s.stoi, s.gap, h.concealed())
		if s.stoi < 0.96 || s.gap > 60*ms {
			t.Errorf("%d Hz: STOI %.3f, gap %v", rate, s.stoi, s.gap)
		}
	}
}

// The decoder of G.722 goes beyond full scale where voice behind a loss is loud.
func TestLossesOfG722DoNotCrack(t *testing.T) {
	c := newCall(t, codec.G722, speech.Espeak, 5*time.Second)
	if got, want := steepest(c.through(network.Model{Seed: 3, Loss: 0.1}).out), steepest(c.decoded); got > 1.5*want {
		t.Errorf("a step of %.2f behind a loss, of %.2f without", got, want)
	}
}

// muLawAt is µ-law at any rate.
func muLawAt(rate int) codec.Info {
	info, _ := codec.Lookup(codec.PCMU)
	info.SampleRate, info.ClockRate = rate, rate
	return info
}

// BenchmarkGap is a gap of 20 ms: what a callback has to do at most.
func BenchmarkGap(b *testing.B) {
	for _, rate := range []int{8000, 16000, 48000} {
		b.Run(fmt.Sprintf("%d Hz", rate), func(b *testing.B) {
			c := &call{info: muLawAt(rate), voice: speech.Lab(b, rate)[:3*rate], period: 5 * ms, packetTime: packetTime}
			c.encode(b)
			buffer := jitter.New(rate, rate)
			buffer.SetDecoders(&jitter.Decoders{0: c.info.New()})
			block := make([]float32, rate/50)
			b.ReportAllocs()
			worst, number := time.Duration(0), 0
			for b.Loop() {
				for range 4 {
					buffer.Put(c.packet(number))
					number++
					buffer.Pull(block)
				}
				number++
				began := time.Now()
				buffer.Pull(block)
				worst = max(worst, time.Since(began))
			}
			b.ReportMetric(float64(worst.Microseconds()), "worst-µs")
		})
	}
}
