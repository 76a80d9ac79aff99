package echo

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"deskset/audio/quality/speech"
	"deskset/audio/spectrum"
)

// room is where a loudspeaker and a microphone stand, as a test has it: the
// direct sound, then noise that dies away.
type room struct {
	delay  float64 // ms from the card to the microphone, with all buffers
	reverb float64 // ms until the echo has fallen by 60 dB
	gain   float64 // dB of the echo against what the loudspeaker is given
	seed   uint64
}

// response is the room's impulse response.
func (r room) response(rate int) []float64 {
	rng := rand.New(rand.NewPCG(r.seed, 7))
	h := make([]float64, int(float64(rate)*r.reverb/1000*1.1))
	sum := 0.0
	for i := range h {
		ms := float64(i) * 1000 / float64(rate)
		h[i] = rng.NormFloat64() * math.Pow(10, -3*ms/r.reverb)
		if ms < 2 {
			h[i] *= 0.3
		}
	}
	h[int(0.0015*float64(rate))] = 6 * math.Sqrt(float64(rate)/16000)
	for _, v := range h {
		sum += v * v
	}
	scale := math.Pow(10, r.gain/20) / math.Sqrt(sum)
	out := make([]float64, int(float64(rate)*r.delay/1000)+len(h))
	for i, v := range h {
		out[len(out)-len(h)+i] = v * scale
	}
	return out
}

// convolve by overlap-add.
func convolve(x, h []float64) []float64 {
	size := 1024
	for size < 2*len(h) {
		size *= 2
	}
	t := spectrum.New(size)
	block, H, X := make([]float32, size), spectrum.NewBins(t.Bins()), spectrum.NewBins(t.Bins())
	for i, v := range h {
		block[i] = float32(v)
	}
	t.Forward(H, block)
	out := make([]float64, len(x)+size)
	step := size - len(h)
	for at := 0; at < len(x); at += step {
		clear(block)
		for i := range min(step, len(x)-at) {
			block[i] = float32(x[at+i])
		}
		t.Forward(X, block)
		for k := range X.Re {
			a, b, c, d := X.Re[k], X.Im[k], H.Re[k], H.Im[k]
			X.Re[k], X.Im[k] = a*c-b*d, a*d+b*c
		}
		t.Inverse(block, X)
		for i, v := range block {
			out[min(at+i, len(out)-1)] += float64(v)
		}
	}
	return out[:len(x)]
}

// scene is a conversation in a room.
type scene struct {
	name   string
	room   room
	then   *room   // the room after change
	change float64 // s
	noise  float64 // dBFS in the microphone
	clip   float64 // how hard the loudspeaker clips; 0 is not at all
	drift  float64 // ppm by which the microphone's clock is late
	gaps   bool    // the loudspeaker's card runs dry at times
}

const (
	sceneLength = 30.0
	talkFrom    = 14.0 // double talk
	talkTo      = 22.0
)

// signals at a rate: what goes to the loudspeaker, what the microphone hears,
// and what of that is echo and what the person.
type signals struct {
	rate                  int
	far, mic, echo, voice []float64
}

func (s scene) play(t testing.TB, rate int) signals {
	t.Helper()
	spokenOnce.Do(func() { spoken = speech.Espeak(t, coreRate) })
	if spoken == nil {
		t.Skip("the speech is not here")
	}
	all := spoken
	if rate != coreRate {
		t.Fatalf("scenes are at %d Hz", coreRate)
	}
	n := int(sceneLength) * rate
	out := signals{rate: rate, far: repeat(all, n, 0), voice: make([]float64, n)}
	from, to := int(talkFrom)*rate, int(talkTo)*rate
	copy(out.voice[from:to], repeat(all, to-from, len(all)/2+3*rate/2))
	level(out.far, 0.08)
	level(out.voice[from:to], 0.05)
	played := make([]float64, n)
	for i, v := range out.far {
		played[i] = v
		if s.clip > 0 {
			played[i] = math.Tanh(s.clip*v) / s.clip
		}
	}
	if s.gaps {
		played = withGaps(played, rate)
	}
	out.echo = convolve(played, s.room.response(rate))
	if s.then != nil {
		second := convolve(played, s.then.response(rate))
		copy(out.echo[int(s.change*float64(rate)):], second[int(s.change*float64(rate)):])
	}
	if s.drift != 0 {
		out.echo = stretch(out.echo, 1+s.drift*1e-6)
	}
	rng := rand.New(rand.NewPCG(3, 9))
	floor := math.Pow(10, s.noise/20)
	out.mic = make([]float64, n)
	for i := range out.mic {
		out.mic[i] = out.echo[i] + out.voice[i] + floor*rng.NormFloat64()
	}
	return out
}

var (
	spokenOnce sync.Once // bringing it to this rate takes a while
	spoken     []float64
)

// repeat gives n samples of x from an offset on, over and over.
func repeat(x []float64, n, offset int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x[(offset+i)%len(x)]
	}
	return out
}

// level brings x to a root mean square.
func level(x []float64, rms float64) {
	scale := rms / math.Sqrt(power(x))
	for i := range x {
		x[i] *= scale
	}
}

func power(x []float64) float64 {
	sum := 1e-12
	for _, v := range x {
		sum += v * v
	}
	return sum / float64(len(x)+1)
}

// stretch reads x at another speed, by a cubic through four samples of what is
// well below half the rate.
func stretch(x []float64, speed float64) []float64 {
	out := make([]float64, len(x))
	for i := range out {
		place := float64(i) * speed
		k := int(place)
		if k < 8 || k+9 >= len(x) {
			continue
		}
		part, sum := place-float64(k), 0.0
		for j := -7; j <= 8; j++ { // a windowed sinc
			at := part - float64(j)
			w := math.Cos(math.Pi * at / 18)
			if at != 0 {
				w *= w * math.Sin(math.Pi*at) / (math.Pi * at)
			}
			sum += w * x[k+j]
		}
		out[i] = sum
	}
	return out
}

// withGaps lets the loudspeaker fall behind by 12 ms of silence in the 6th and
// 10th second, as a card does that was not served in time.
func withGaps(x []float64, rate int) []float64 {
	out := make([]float64, 0, len(x))
	gap := make([]float64, rate*12/1000)
	for i, v := range x {
		if i == 6*rate || i == 10*rate {
			out = append(out, gap...)
		}
		out = append(out, v)
	}
	return out[:len(x)]
}
