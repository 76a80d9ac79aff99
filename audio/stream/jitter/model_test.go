package jitter

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"deskset/audio/codec"
)

const (
	rate = 8000
	size = 160 // samples per packet
	msec = rate / 1000
)

// arrival is a packet on its way: what it holds and when it is there.
type arrival struct {
	ms     float64 // on the card's clock
	number int
}

// network is a deterministic model of impairments.
type network struct {
	seed      uint64
	loss      float64
	burst     int     // packets lost together
	jitter    float64 // ms, mean of an exponential distribution
	duplicate float64
	spikes    int     // a delay of 150 ms each so many packets
	skew      float64 // of the sender's clock against the card's
	inOrder   bool
}

// deliver tells when each of count packets arrives, in order of arrival.
func (n network) deliver(count int) []arrival {
	random := rand.New(rand.NewPCG(n.seed, 7))
	var out []arrival
	last, losing := 0.0, 0
	for i := range count {
		at := float64(i) * 20 * (1 - n.skew)
		if n.jitter > 0 {
			at += random.ExpFloat64() * n.jitter
		}
		if n.spikes > 0 && i%n.spikes == n.spikes-1 {
			at += 150
		}
		if n.inOrder {
			at = max(at, last)
			last = at
		}
		if losing == 0 && random.Float64() < n.loss {
			losing = max(1, n.burst)
		}
		if losing > 0 {
			losing--
			continue
		}
		out = append(out, arrival{at, i})
		if random.Float64() < n.duplicate {
			out = append(out, arrival{at + 1, i})
		}
	}
	slices.SortStableFunc(out, func(a, b arrival) int {
		switch {
		case a.ms < b.ms:
			return -1
		case a.ms > b.ms:
			return 1
		}
		return 0
	})
	return out
}

// player runs a buffer against a network in virtual time.
type player struct {
	*Buffer
	encode codec.Codec
	voice  func(i int) float64 // sample i of what is said, ±1
	first  uint32              // timestamp of packet 0
	number uint16              // its sequence number
	period int                 // samples per pull
	out    []float32
	depths []float64 // ms

	payloads [500][]byte
}

func newPlayer(voice func(i int) float64) *player {
	info, _ := codec.Lookup(codec.PCMU)
	b := New(rate, info.ClockRate)
	b.SetDecoders(&Decoders{0: info.New()})
	return &player{Buffer: b, encode: info.New(), voice: voice, period: 5 * msec}
}

// packet makes packet number of the voice, which repeats itself every 10 s.
func (p *player) packet(number int) Packet {
	payload := &p.payloads[number%len(p.payloads)]
	if *payload == nil {
		pcm := make([]int16, size)
		for i := range pcm {
			pcm[i] = int16(32767 * p.voice(number*size+i))
		}
		*payload = p.encode.Encode(nil, pcm)
	}
	return Packet{Sequence: p.number + uint16(number), Timestamp: p.first + uint32(number*size), Payload: *payload}
}

// run plays what the network delivers, and 200 ms more.
func (p *player) run(arrivals []arrival) {
	end := int(arrivals[len(arrivals)-1].ms*msec) + 200*msec
	block := make([]float32, p.period)
	for pulled := 0; pulled < end; pulled += p.period {
		for len(arrivals) > 0 && arrivals[0].ms*msec <= float64(pulled) {
			p.Put(p.packet(arrivals[0].number))
			arrivals = arrivals[1:]
			p.depths = append(p.depths, float64(p.Depth.Load())/msec)
		}
		p.Pull(block)
		p.out = append(p.out, block...)
	}
}

// concealed is the share of the time that was made up.
func (p *player) concealed() float64 { return float64(p.Concealed.Load()) / float64(len(p.out)) }

// circle holds a sine over 400 samples, seven periods of 140 Hz.
var circle = func() (c [400]float64) {
	for i := range c {
		c[i] = math.Sin(2 * math.Pi * float64(i) / float64(len(c)))
	}
	return c
}()

// harmonic gives sine and cosine of a harmonic of 140 Hz at sample i.
func harmonic(k, i int) (sin, cos float64) {
	at := 7 * k * i % len(circle)
	return circle[at], circle[(at+len(circle)/4)%len(circle)]
}

// vowel is a sustained voice of 140 Hz with harmonics.
func vowel(i int) float64 {
	v := 0.0
	for k, a := range []float64{0.2, 0.16, 0.1, 0.06, 0.03} {
		sin, _ := harmonic(k+1, i)
		v += a * sin
	}
	return v
}

// speech is the vowel in syllables, with pauses.
func speech(i int) float64 {
	t := float64(i) / rate
	return vowel(i) * max(0, math.Sin(2*math.Pi*2.1*t))
}

// longestGap is the longest silence in ms within x.
func longestGap(x []float32) float64 {
	longest, run := 0, 0
	for _, v := range x {
		if math.Abs(float64(v)) < 0.002 {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return float64(longest) / msec
}

// fits is the share of 20 ms windows in which x is a clean vowel: nearly all of
// its energy in the harmonics of 140 Hz.
func fits(t *testing.T, x []float32) float64 {
	t.Helper()
	good, windows := 0, 0
	for ; len(x) >= 400; x = x[200:] { // 50 ms hold 7 periods
		w := x[:400]
		var total, tonal float64
		for _, v := range w {
			total += float64(v) * float64(v)
		}
		for k := 1; k <= 5; k++ {
			var re, im float64
			for i, v := range w {
				sin, cos := harmonic(k, i)
				re += float64(v) * cos
				im += float64(v) * sin
			}
			tonal += (re*re + im*im) * 2 / float64(len(w))
		}
		windows++
		if total > 0.01*float64(len(w)) && tonal > 0.9*total {
			good++
		}
	}
	return float64(good) / float64(windows)
}

func percentile(x []float64, p float64) float64 {
	s := slices.Clone(x)
	slices.Sort(s)
	return s[int(p*float64(len(s)-1))]
}
