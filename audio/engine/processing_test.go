package engine

import (
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/quality/speech"
)

// talker is a stream whose peer speaks.
type talker struct {
	fakeMedia
	words []float32
}

func (w *talker) Read(dst []float32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range dst {
		dst[i] = w.words[w.played%len(w.words)]
		w.played++
	}
}

// words are the lab's sentences at a level that a telephone has.
func words(t *testing.T) []float32 {
	wordsOnce.Do(func() { wordsSpeech = speech.Lab(t, mix.Rate) })
	x := wordsSpeech
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v) / 2
	}
	return out
}

var (
	wordsOnce   sync.Once // bringing them to this rate takes a while
	wordsSpeech []float64
)

// air is the way from a loudspeaker to a microphone: a late, quieter and
// coloured copy, and a person.
type air struct {
	*device.Manual
	played  []float32
	taken   int
	silence bool // the loudspeaker is not heard
	person  func([]float32)
	heard   []float32 // all that the microphone took
}

const airDelay = 40 * mix.Rate / 1000

func (a *air) fill(block []float32) {
	a.played = append(a.played, a.Heard(device.ManualSpeaker)...)
	clear(block)
	if a.person != nil {
		a.person(block)
	}
	for i := range block {
		at := a.taken + i - airDelay
		if at < 500 || at >= len(a.played) || a.silence {
			continue
		}
		block[i] += 0.4*a.played[at] - 0.2*a.played[at-131] + 0.1*a.played[at-490]
	}
	a.taken += len(block)
	a.heard = append(a.heard, block...)
}

func newAir(r *rig) *air {
	a := &air{Manual: r.Manual}
	r.Speak(device.ManualMic, a.fill)
	return a
}

func rms(x []float32) float64 {
	sum := 1e-12
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(x)+1))
}

// onSpeaker has a call whose peer speaks, on the speaker of a room.
func onSpeaker(t *testing.T, p audio.Processing) (*rig, *talker, *air) {
	w := &talker{words: words(t)}
	r := newRig(t, func(c *Config) {
		c.NewMedia = func(audio.StreamConfig) (Media, error) { return w, nil }
	})
	if _, err := r.NewStream(audio.StreamConfig{}); err != nil {
		t.Fatal(err)
	}
	a := newAir(r)
	r.Process(p)
	r.Route(audio.PathSpeaker)
	return r, w, a
}

// wantUntouched wants what is said to be sent as it is, with no delay.
func wantUntouched(t *testing.T, r *rig, w *talker, a *air) {
	t.Helper()
	w.take()
	a.heard = nil
	r.run(time.Second)
	for i, sent := range w.take() {
		if sent != a.heard[i] {
			t.Fatalf("sample %d is sent as %v, was %v", i, sent, a.heard[i])
		}
	}
}

func TestPeerDoesNotHearHimselfOutOfTheLoudspeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w, a := onSpeaker(t, audio.Processing{Echo: audio.OnSpeaker})
		r.run(4 * time.Second)
		w.take()
		a.heard = nil
		r.run(3 * time.Second)
		erle := 20 * math.Log10(rms(a.heard)/rms(w.take()))
		if erle < 30 {
			t.Errorf("the echo is %.1f dB down, want 30", erle)
		}
		// Off, in the call: at once it is all there, and with no delay.
		r.Process(audio.Processing{})
		r.run(time.Second / 2)
		wantUntouched(t, r, w, a)
	})
}

func TestEchoIsCancelledOnTheSpeakerOnlyUnlessEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w, a := onSpeaker(t, audio.Processing{Echo: audio.OnSpeaker, Noise: audio.OnSpeaker, Gain: audio.OnSpeaker})
		r.run(time.Second)
		r.Route(audio.PathHandset)
		r.run(time.Second / 2)
		wantUntouched(t, r, w, a)
	})
}

func TestProcessingBeginsAndEndsWithoutAClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w, a := onSpeaker(t, audio.Processing{})
		a.silence, a.person = true, sineInto(440, 0.25)
		r.run(time.Second)
		w.take()
		for _, p := range []audio.Processing{{Echo: audio.OnSpeaker}, {}, {Echo: audio.OnSpeaker}} {
			r.Process(p)
			r.run(300 * time.Millisecond)
		}
		r.Route(audio.PathHandset)
		r.run(300 * time.Millisecond)
		r.Route(audio.PathSpeaker)
		r.run(300 * time.Millisecond)
		own := 2 * math.Pi * 440 / mix.Rate * 0.25
		if step, at := loudestStep(w.take()); step > 1.5*own {
			t.Errorf("a step of %.4f at sample %d, the tone itself has %.4f", step, at, own)
		}
	})
}

func TestSideToneIsHeardInTheHeadsetOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		_, _ = r.stream(t, 500, 0)
		r.Speak(headsetMic, sineInto(800, 0.4))
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		var p audio.Processing
		p.SideTone[audio.RoleHeadset] = -18
		p.SideTone[audio.RoleHandset] = -18
		r.Process(p)
		heard := func(path audio.Path, from string) []float32 {
			r.Route(path)
			r.run(time.Second)
			return lastPart(r.Heard(from), 500*time.Millisecond)
		}
		want := 0.4 * math.Pow(10, -18.0/20)
		wantLevel(t, "headset", heard(audio.PathHeadset, headsetOut), 800, want)
		// This handset's device is the speaker's: it would howl.
		wantLevel(t, "handset without a device of its own", heard(audio.PathHandset, device.ManualSpeaker), 800, 0)
		wantLevel(t, "speaker", heard(audio.PathSpeaker, device.ManualSpeaker), 800, 0)
		heard(audio.PathHeadset, headsetOut)
		r.Mute(true)
		wantLevel(t, "muted", heard(audio.PathHeadset, headsetOut), 800, 0)
		r.Mute(false)
		wantLevel(t, "and not any more", heard(audio.PathHeadset, headsetOut), 800, want)
	})
}

func TestMuteSendsSilenceWhateverIsProcessed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w, a := onSpeaker(t, audio.Processing{Echo: audio.OnSpeaker, Noise: audio.OnSpeaker, Gain: audio.OnSpeaker})
		a.person = sineInto(600, 0.3)
		r.run(time.Second)
		r.Mute(true)
		r.run(50 * time.Millisecond)
		w.take()
		r.run(time.Second)
		sent := w.take()
		if len(sent) == 0 || !silent(sent) {
			t.Errorf("%d samples sent while muted, not all silent", len(sent))
		}
	})
}
