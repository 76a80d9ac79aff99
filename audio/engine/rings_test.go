package engine

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
)

var _ audio.RingTaker = (*Engine)(nil)

// A ring of a file, 1 kHz in µ-law, is what the ringer's device plays.
func TestRingsOfAFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		// Eight samples a period.
		wave := bytes.Repeat([]byte{0xFF, 0x8F, 0x87, 0x8F, 0xFF, 0x0F, 0x07, 0x0F}, 2010)
		bell, err := tone.PCMRing("Bell", wave)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.SetRings([]tone.Ring{bell}); err != nil {
			t.Fatal(err)
		}
		r.Ring("Bell")
		r.run(1500 * time.Millisecond)
		rung := lastPart(r.Heard(bellOut), time.Second)
		loud := level(rung, 1000)
		if loud < 0.1 || level(rung, 880) > loud/30 || level(rung, 7000) > loud/300 {
			t.Errorf("1000 Hz at %.4f, 880 Hz at %.4f, 7000 Hz at %.4f", loud, level(rung, 880), level(rung, 7000))
		}
		r.run(1500 * time.Millisecond) // 2.01 s of ring, then a pause of 3 s
		r.Heard(bellOut)
		r.run(1800 * time.Millisecond)
		if !silent(r.Heard(bellOut)) {
			t.Error("no pause")
		}
		r.run(1500 * time.Millisecond)
		if again := level(lastPart(r.Heard(bellOut), 500*time.Millisecond), 1000); again < loud/1.1 {
			t.Errorf("%.4f the second time, %.4f the first", again, loud)
		}
		r.StopRing()
		r.run(200 * time.Millisecond)
		r.Ring(tone.Chirp1)
		r.run(time.Second)
		if level(lastPart(r.Heard(bellOut), 500*time.Millisecond), 1000) > loud/3 {
			t.Error("Chirp 1 sounds like the file")
		}
	})
}
