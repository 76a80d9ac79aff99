package echo

import (
	"math"
	"testing"

	"deskset/audio/mix"
	"deskset/audio/quality"
)

// find gives a scene by its name. Under the race detector, which makes numbers
// slow, there is none.
func find(t *testing.T, name string) scene {
	if raceEnabled {
		t.Skip("a proof in numbers: it runs without the race detector")
	}
	for _, s := range scenes {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no scene %q", name)
	return scene{}
}

func TestEchoIsGoneAfterThreeSecondsAndTheNearEndStays(t *testing.T) {
	s := find(t, "delay 150 ms")
	sig := s.play(t, coreRate)
	r := s.score(sig, sig.canceller(cleaning(false)))
	t.Logf("ERLE %.1f dB, worst second %.1f dB, STOI %.3f, SNR %.1f dB", r.erle, r.worst, r.stoi, r.snr)
	s.judge(t, r)
	if r.worst < goalERLE {
		t.Errorf("in the worst second the echo is %.1f dB down, want %d", r.worst, goalERLE)
	}
}

func TestAnotherRoomIsLearnedWithinTwoSeconds(t *testing.T) {
	s := find(t, "another room")
	sig := s.play(t, coreRate)
	out := sig.canceller(cleaning(true))
	for _, from := range []float64{s.change + 2, s.change + 4} {
		a, b := int(from*coreRate), int((from+2)*coreRate)
		erle := 10 * math.Log10(power(sig.echo[a:b])/power(out[a:b]))
		if erle < 25 {
			t.Errorf("%.0f s after the change the echo is %.1f dB down, want 25", from-s.change, erle)
		}
	}
}

func TestDriftOfTheClocksIsFoundAndUndone(t *testing.T) {
	s := find(t, "drift 50 ppm")
	sig := s.play(t, coreRate)
	n := int(talkFrom) * coreRate // without double talk is enough
	sig.far, sig.mic = sig.far[:n], sig.mic[:n]
	c := cleaning(false)
	sig.canceller(c)
	if ppm := c.core.drift.rate * 1e6; math.Abs(ppm-s.drift) > 10 {
		t.Errorf("a drift of %.1f ppm was found, it is %g", ppm, s.drift)
	}
}

func TestDelayIsFound(t *testing.T) {
	for _, ms := range []int{5, 40, 120, 230} {
		var s scout
		s.init()
		far := hiss(2*coreRate, 0.1)
		late := ms * coreRate / 1000
		seen := -1
		for i := late; i+hop <= len(far); i += hop {
			if at, ok := s.look(far[i-late:i-late+hop], far[i:i+hop]); ok {
				seen = at
			}
		}
		if math.Abs(float64(seen-late)) > 2*scoutStep {
			t.Errorf("a delay of %d samples is seen as %d", late, seen)
		}
	}
}

func TestScoutSeesNothingInWhatHasNothingToDoWithIt(t *testing.T) {
	var s scout
	s.init()
	all := hiss(20*coreRate, 0.1)
	far, mic := all[:10*coreRate], all[10*coreRate:]
	for i := 0; i+hop <= len(far); i += hop {
		if at, ok := s.look(mic[i:i+hop], far[i:i+hop]); ok {
			t.Fatalf("after %d ms it sees a delay of %d samples", i*1000/coreRate, at)
		}
	}
}

func TestNoiseIsTurnedDownAndSpeechKept(t *testing.T) {
	s := scene{room: room{delay: 20, reverb: 100, gain: -90, seed: 1}, noise: -50}
	sig := s.play(t, coreRate)
	clear(sig.far)
	c := New()
	c.Set(Settings{Noise: true})
	out := sig.canceller(c)
	a, b := 6*coreRate, 12*coreRate // nobody speaks
	if down := 10 * math.Log10(power(sig.mic[a:b])/power(out[a:b])); down < 11 || down > 20 {
		t.Errorf("noise is %.1f dB down, want 11 to 20", down)
	}
	a, b = int(talkFrom)*coreRate, int(talkTo)*coreRate
	clean, kept, _ := quality.Align(sig.voice[a:b], out[a:b], coreRate/20)
	if stoi := quality.STOI(clean, kept, coreRate); stoi < 0.97 {
		t.Errorf("STOI %.3f behind the noise suppression, want 0.97", stoi)
	}
}

func TestNoiseFloorDoesNotPump(t *testing.T) {
	s := find(t, "noise -50 dB")
	sig := s.play(t, coreRate)
	n := 13 * coreRate
	sig.far, sig.mic = sig.far[:n], sig.mic[:n]
	out := sig.canceller(cleaning(false))
	// The far end speaks and pauses; the floor is the same to 3 dB, second by
	// second.
	low, high := math.Inf(1), math.Inf(-1)
	for sec := 6; sec < 12; sec++ {
		p := 10 * math.Log10(power(out[sec*coreRate:(sec+1)*coreRate]))
		low, high = min(low, p), max(high, p)
	}
	if high-low > 3 || math.Abs(high+50) > 3 {
		t.Errorf("the floor is between %.1f and %.1f dB, want -50", low, high)
	}
}

func TestBridgeKeepsThePairsOfSamples(t *testing.T) {
	var b bridge
	count := float32(0)
	put := func(n int) {
		block := make([]float32, n)
		for i := range block {
			count++
			block[i] = count
		}
		b.put(block)
	}
	put(400)
	var dst [hop]float32
	next := func() float32 {
		b.take(dst[:], 0)
		return dst[0]
	}
	first := next()
	for i := 1; i < 100; i++ {
		if i%4 == 0 { // late by up to 10 ms, then all at once
			put(4 * hop)
		}
		if got, want := next(), first+float32(i*hop); got != 0 && math.Abs(float64(got-want)) > 0.01 {
			t.Fatalf("hop %d begins with sample %v, want %v", i, got, want)
		}
	}
	for range 100 { // the loudspeaker stands still
		next()
	}
	if got := next(); got != 0 {
		t.Errorf("a loudspeaker that stands says %v", got)
	}
	put(400)
	if got := next(); got < count-slack-sincSide-1 || got > count {
		t.Errorf("after that it begins with %v, the last is %v", got, count)
	}
}

func TestFaultsDoNotStay(t *testing.T) {
	c := cleaning(true)
	bad := []float32{float32(math.NaN()), float32(math.Inf(-1)), 1e30, -1e-40}
	for range 100 {
		mic := append([]float32(nil), bad...)
		c.Near(mic)
		c.Far(bad)
	}
	mic := hiss(mix.Rate, 0.1)
	out := through(c, mic, hiss(mix.Rate, 0.1), 240)
	for i, v := range out {
		if !(math.Abs(float64(v)) < 2) {
			t.Fatalf("sample %d is %v", i, v)
		}
	}
}
