package tone

import (
	"math"
	"testing"
	"time"
)

const rate = 48000

// reader is the audio side of every player.
type reader interface{ Read(dst []float32) bool }

// record reads in blocks of 5 ms, as a sound card does.
func record(r reader, d time.Duration) []float32 {
	out := make([]float32, int(d*rate/time.Second))
	for at := 0; at < len(out); at += 240 {
		r.Read(out[at:min(at+240, len(out))])
	}
	return out
}

// levelAt gives the level in dBm0 of one frequency.
func levelAt(x []float32, hz float64) float64 {
	var re, im float64
	n := float64(len(x))
	for i, v := range x {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/n)
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / rate)
		re += w * float64(v) * cos
		im += w * float64(v) * sin
	}
	return 20*math.Log10(4*math.Hypot(re, im)/n+1e-9) + FullScaleDBm0
}

func power(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(x))
}

// edges gives the times at which sound begins and ends. Silence between bursts
// is exact, and longer than any zero crossing; the sound fades after its end.
func edges(x []float32) []time.Duration {
	const gap = 10 * rate / 1000
	var out []time.Duration
	zeros, on := gap, false
	for i, v := range x {
		switch {
		case v == 0:
			zeros++
		case !on && zeros >= gap:
			on = true
			out = append(out, time.Duration(i)*time.Second/rate)
			fallthrough
		default:
			zeros = 0
		}
		if on && zeros == gap {
			on = false
			out = append(out, time.Duration(i+1-gap)*time.Second/rate-edge)
		}
	}
	return out
}

func TestTonesOfTheUnitedStates(t *testing.T) {
	for _, test := range []struct {
		tone Name
		hz   []float64
		dBm0 float64
	}{
		{Dial, []float64{350, 440}, -13},
		{OutsideDial, []float64{450, 548}, -13},
		{Ringback, []float64{440, 480}, -19},
		{Busy, []float64{480, 620}, -24},
		{Reorder, []float64{480, 620}, -24},
		{CallWaiting, []float64{440}, -13},
		{Stutter, []float64{350, 440}, -13},
		{Confirmation, []float64{350, 440}, -13},
	} {
		p := NewPlayer(rate)
		p.Play(test.tone)
		x := record(p, 95*time.Millisecond)[480:] // within the first burst
		for _, hz := range test.hz {
			if got := levelAt(x, hz); math.Abs(got-test.dBm0) > 0.5 {
				t.Errorf("tone %d: %.1f dBm0 at %g Hz, want %g", test.tone, got, hz, test.dBm0)
			}
		}
		total := 10*math.Log10(2*power(x)) + FullScaleDBm0
		want := test.dBm0 + 10*math.Log10(float64(len(test.hz)))
		if math.Abs(total-want) > 1 {
			t.Errorf("tone %d: %.1f dBm0 in all, want %.1f: something else sounds", test.tone, total, want)
		}
	}
}

// Frequencies hold to 0.1 Hz over a long tone, with no break of phase between
// blocks.
func TestDialToneIsPhaseContinuous(t *testing.T) {
	p := NewPlayer(rate)
	p.Play(Dial)
	record(p, time.Second)
	x := record(p, 20*time.Second)
	for _, hz := range []float64{350, 440} {
		if centre, off := levelAt(x, hz), levelAt(x, hz+0.5); math.Abs(centre+13) > 0.1 || off > centre-20 {
			t.Errorf("%.2f dBm0 at %g Hz, %.2f half a Hz beside", centre, hz, off)
		}
	}
}

func TestCadencesToOneMillisecond(t *testing.T) {
	for _, test := range []struct {
		country Country
		tone    Name
		times   []float64 // seconds of the first edges
	}{
		{US, Ringback, []float64{0, 2, 6, 8, 12}},
		{US, Busy, []float64{0, .5, 1, 1.5, 2, 2.5, 3}},
		{US, Reorder, []float64{0, .25, .5, .75, 1}},
		{US, CallWaiting, []float64{0, .3, 10, 10.3, 20}},
		{US, Stutter, []float64{0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2}},
		{US, Confirmation, []float64{0, .1, .2, .3, .4, .5}},
		{US, BeepBonk, []float64{0, .25}},
		{US, Zip, []float64{0, .12}},
		{UK, Ringback, []float64{0, .4, .6, 1, 3, 3.4}},
		{DE, Busy, []float64{0, .48, .96}},
		{UK, Stutter, []float64{0, .75, 1.5}},
		{ES, Reorder, []float64{0, .2, .4, .6, .8, 1, 1.6, 1.8}},
		{IT, Dial, []float64{0, .2, .4, 1, 2, 2.2}},
	} {
		p := NewPlayer(rate)
		p.SetCountry(test.country)
		p.Play(test.tone)
		last := test.times[len(test.times)-1]
		got := edges(record(p, time.Duration((last+0.05)*float64(time.Second))))
		if len(got) != len(test.times) {
			t.Errorf("%s tone %d: edges at %v, want %v s", test.country, test.tone, got, test.times)
			continue
		}
		for i, want := range test.times {
			if d := got[i].Seconds() - want; math.Abs(d) > 0.001 {
				t.Errorf("%s tone %d: edge %d at %v, want %g s", test.country, test.tone, i, got[i], want)
			}
		}
	}
}

func TestOneShotTonesEnd(t *testing.T) {
	for _, n := range []Name{Confirmation, BeepBonk, Zip} {
		p := NewPlayer(rate)
		p.Play(n)
		record(p, time.Second)
		if buf := make([]float32, 240); p.Read(buf) || power(buf) != 0 {
			t.Errorf("tone %d still sounds after 1 s", n)
		}
	}
}

// A click is energy far from the tone; a step of amplitude spreads over the
// whole band, the edge of 4 ms does not.
func TestTonesBeginAndEndWithoutClicks(t *testing.T) {
	p := NewPlayer(rate)
	p.Play(Dial)
	x := record(p, 103*time.Millisecond)
	p.Play(Busy) // replaced in the middle
	x = append(x, record(p, 103*time.Millisecond)...)
	p.Play(None)
	x = append(x, record(p, 50*time.Millisecond)...)
	steepest := float32(0)
	for i := 1; i < len(x); i++ {
		steepest = max(steepest, float32(math.Abs(float64(x[i]-x[i-1]))))
	}
	// Two sines at their steepest: amplitude times angle per sample.
	limit := float32(1.2 * Amplitude(-13) * 2 * math.Pi * (350 + 440) / rate)
	if steepest > limit {
		t.Errorf("jump of %.4f between samples, a pure tone has %.4f at most", steepest, limit)
	}
	if power(x[len(x)-480:]) != 0 {
		t.Error("None does not stop the tone")
	}
}

func TestPlayAgainBeginsAnew(t *testing.T) {
	p := NewPlayer(rate)
	p.Play(Busy)
	record(p, 700*time.Millisecond) // in the pause
	p.Play(Busy)
	if power(record(p, 50*time.Millisecond)) == 0 {
		t.Error("the second Play did not begin with sound")
	}
}

func TestAudioSidesDoNotAllocate(t *testing.T) {
	p, k, r := NewPlayer(rate), NewKeyPad(rate), NewRinger(rate)
	p.Play(Stutter)
	k.Down('5')
	r.Play(Chirp1)
	buf := make([]float32, 240)
	for _, side := range []reader{p, k, r} {
		if n := testing.AllocsPerRun(1000, func() { side.Read(buf) }); n != 0 {
			t.Errorf("%T: %v allocations per block, want 0", side, n)
		}
	}
}

func BenchmarkPlayer20ms(b *testing.B) {
	p := NewPlayer(rate)
	p.Play(Dial)
	buf := make([]float32, 960)
	b.ReportAllocs()
	for b.Loop() {
		p.Read(buf)
	}
}

func TestEveryCountryHasEveryTone(t *testing.T) {
	p := NewPlayer(rate)
	for _, country := range append(Countries(), "nowhere") {
		p.SetCountry(country)
		for n := Dial; n < NumNames; n++ {
			p.Play(n)
			if power(record(p, 100*time.Millisecond)) == 0 {
				t.Errorf("%s: tone %d is silent", country, n)
			}
			p.Play(None)
			record(p, 20*time.Millisecond)
		}
	}
}

func TestCountryChangesWithTheNextTone(t *testing.T) {
	p := NewPlayer(rate)
	p.Play(Dial)
	record(p, 50*time.Millisecond)
	p.SetCountry(DE)
	if x := record(p, 200*time.Millisecond); levelAt(x, 350) < -20 || levelAt(x, 425) > -30 {
		t.Errorf("the tone that sounds has changed: 350 Hz at %.1f dBm0, 425 Hz at %.1f", levelAt(x, 350), levelAt(x, 425))
	}
	p.Play(Dial)
	record(p, 50*time.Millisecond)
	if x := record(p, 200*time.Millisecond); levelAt(x, 425) < -20 || levelAt(x, 350) > -30 {
		t.Errorf("the next tone is not the country's: 350 Hz at %.1f dBm0, 425 Hz at %.1f", levelAt(x, 350), levelAt(x, 425))
	}
}
