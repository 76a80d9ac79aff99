package vad

import (
	"math"
	"math/rand/v2"
	"testing"

	"deskset/audio/quality/speech"
)

// with adds noise of a level in dBov to a voice.
func with(voice []float64, dBov float64) []int16 {
	dice := rand.New(rand.NewPCG(1, 2))
	gain := math.Pow(10, dBov/20)
	out := make([]float64, len(voice))
	for i, v := range voice {
		out[i] = v + gain*dice.NormFloat64()
	}
	return speech.Int16(out)
}

// TestSpeechIsKeptAndSilenceFound: the lab's sentences between pauses, in quiet
// and in noise: next to nothing of what is loud is lost, and pauses are found.
func TestSpeechIsKeptAndSilenceFound(t *testing.T) {
	const rate = 8000
	words := speech.Lab(t, rate)
	words = words[:min(len(words), 10*rate)]
	pause := make([]float64, 3*rate)
	voice := append(append(append([]float64{}, pause...), words...), pause...)
	for _, noise := range []float64{-90, -60, -50, -40} {
		pcm := with(voice, noise)
		d := New(rate)
		lost, loudBlocks, quietBlocks, kept := 0, 0, 0, 0
		for at := 0; at+160 <= len(pcm); at += 160 {
			var power float64
			for _, v := range voice[at : at+160] {
				power += v * v / 160
			}
			spoken := d.Voice(pcm[at : at+160])
			switch {
			case 10*math.Log10(power+1e-12) > max(-45, noise+3):
				if loudBlocks++; !spoken {
					lost++
				}
			case at > 2*rate && at < len(pause) || at > len(pcm)-2*rate:
				if quietBlocks++; spoken {
					kept++
				}
			}
		}
		t.Logf("noise %.0f dBov: %d of %d packets of voice lost, %d of %d of silence kept", noise, lost, loudBlocks, kept, quietBlocks)
		if lost*100 > loudBlocks || kept*10 > quietBlocks {
			t.Errorf("noise %.0f dBov: %d of %d packets of voice lost, %d of %d of silence kept", noise, lost, loudBlocks, kept, quietBlocks)
		}
	}
}

func TestHangoverOutlastsABreath(t *testing.T) {
	d := New(8000)
	quiet, tone := make([]int16, 80), make([]int16, 80)
	for i := range tone {
		tone[i] = int16(4000 * math.Sin(float64(i)/3))
	}
	for range 50 {
		d.Voice(quiet)
	}
	for range 10 {
		if !d.Voice(tone) {
			t.Fatal("the onset is clipped")
		}
	}
	held := 0
	for d.Voice(quiet) {
		held++
	}
	if held < longHangover || held > longHangover+1 {
		t.Errorf("voice is held for %d blocks", held)
	}
	d.Voice(tone)
	for held = 0; d.Voice(quiet); held++ {
	}
	if held < shortHangover || held > shortHangover+1 {
		t.Errorf("a click is held for %d blocks", held)
	}
}

// Noise that begins, as of a fan, is voice at first and noise within seconds.
func TestNewNoiseIsLearned(t *testing.T) {
	pcm := with(make([]float64, 10*8000), -50)
	d := New(8000)
	for range 100 {
		d.Voice(make([]int16, 80))
	}
	last := 0
	for at := 0; at+80 <= len(pcm); at += 80 {
		if d.Voice(pcm[at : at+80]) {
			last = at
		}
	}
	if last > 8*8000 {
		t.Errorf("after %.1f s it still counts as voice", float64(last)/8000)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	d, pcm := New(48000), make([]int16, 960)
	if n := testing.AllocsPerRun(100, func() { d.Voice(pcm) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
