package stream

import (
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/dtmf"
)

// keys are the digits of a memory, oldest first.
func keys(h audio.HeardDigits) (s string) {
	for _, d := range h {
		if d.Key != 0 {
			s += string(d.Key)
		}
	}
	return s
}

func TestTheLastDigitsAreRemembered(t *testing.T) {
	var h heard
	for _, digit := range []byte("123x456789*0#ABCD") {
		h.note(digit, audio.DigitsTones)
	}
	h.note('5', audio.DigitsEvents)
	got := h.digits()
	if keys(got) != "*0#ABCD5" || got[6].Method != audio.DigitsTones || got[7].Method != audio.DigitsEvents {
		t.Errorf("%v", got)
	}
	if n := testing.AllocsPerRun(100, func() { h.note('1', audio.DigitsTones) }); n != 0 {
		t.Errorf("%v allocations per digit", n)
	}
}

// TestTonesInTheVoiceAreFound, and not counted twice where the peer sends events
// as well.
func TestTonesInTheVoiceAreFound(t *testing.T) {
	for _, test := range []struct {
		name         string
		hear, events bool
		want         string
	}{
		{"tones", true, false, "5#A"},
		{"not wanted", false, false, ""},
		{"both ways", true, true, "9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := open(t, nil), open(t, nil)
			connect(t, a, b, func(ofA, ofB *audio.Params) {
				ofA.EventSend, ofA.Inband = 0, true
				ofB.HearTones = test.hear
			})
			if test.events {
				b.heard.events.Store(true)
				b.hear('9', audio.DigitsEvents)
			}
			for _, digit := range []byte("5#A") {
				a.DigitDown(digit)
				a.DigitUp()
			}
			talk(t, a, b, &sine{}, &sine{}, time.Second)
			if got := keys(b.Stats().Heard); got != test.want {
				t.Errorf("heard %q, want %q", got, test.want)
			}
		})
	}
}

func BenchmarkDetect10ms(b *testing.B) {
	d := dtmf.NewDetector(cardRate)
	voice := make([]float32, block)
	for b.Loop() {
		d.Write(voice, func(byte) {})
	}
}
