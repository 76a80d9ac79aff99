package stream

import (
	"math"
	"testing"
	"time"

	"deskset/audio"
)

// TestHoldFadesTheVoice: cut off in the middle of a wave, it would click.
func TestHoldFadesTheVoice(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, nil)
	heard, _ := talk(t, a, b, &sine{hz: 400, amplitude: 0.3}, &sine{hz: 1004, amplitude: 0.3}, time.Second)
	held := params(b.addr())
	held.Direction = audio.Inactive
	if err := a.Start(held); err != nil {
		t.Fatal(err)
	}
	rest := make([]float32, 20*cardRate/1000)
	a.Read(rest)
	whole := append(heard[len(heard)/2:], rest...)
	natural, loudest := 0.3*2*math.Pi*1004/cardRate, 0.0
	for i := 1; i < len(whole); i++ {
		loudest = max(loudest, math.Abs(float64(whole[i]-whole[i-1])))
	}
	if loudest > 1.2*natural {
		t.Errorf("a step of %.3f, the tone's own are %.3f", loudest, natural)
	}
	if end := rest[len(rest)-1]; end != 0 {
		t.Errorf("%v after 20 ms on hold, want silence", end)
	}
}
