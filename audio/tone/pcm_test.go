package tone

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// kilohertz is µ-law of 1 kHz: eight samples a period.
func kilohertz(samples int) []byte {
	return bytes.Repeat([]byte{0xFF, 0x9A, 0x90, 0x9A, 0xFF, 0x1A, 0x10, 0x1A}, samples/8)
}

func pcmRing(t *testing.T, name string, ulaw []byte) Ring {
	t.Helper()
	ring, err := PCMRing(name, ulaw)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestPCMRingSoundsAndPauses(t *testing.T) {
	r := NewRinger(rate)
	wave := kilohertz(7920)
	if err := r.SetRings([]Ring{pcmRing(t, "Bell", wave), pcmRing(t, "Bell", make([]byte, 240))}); err != nil {
		t.Fatal(err)
	}
	clear(wave) // it keeps a copy
	if !r.Play("Bell") {
		t.Fatal("the ring is not known")
	}
	for round := range 3 {
		x := record(r, 900*time.Millisecond)
		if got := levelAt(x, 1000); got < -10 {
			t.Errorf("round %d: 1000 Hz at %.1f dBm0, want a loud tone", round, got)
		}
		if image := levelAt(x, 7000); image > -50 {
			t.Errorf("round %d: 7000 Hz at %.1f dBm0, an image of 1000 Hz", round, image)
		}
		record(r, 100*time.Millisecond)
		if power(record(r, 2900*time.Millisecond)) != 0 {
			t.Error("no pause after the ring")
		}
		record(r, 90*time.Millisecond) // 7920 samples are 990 ms
	}
}

func TestRingsFromFilesAreReplaced(t *testing.T) {
	r := NewRinger(rate)
	bell := pcmRing(t, "Bell", kilohertz(8160))
	if err := r.SetRings([]Ring{bell}); err != nil {
		t.Fatal(err)
	}
	r.Play("Bell")
	record(r, 100*time.Millisecond)
	if err := r.SetRings([]Ring{pcmRing(t, "Horn", kilohertz(8160))}); err != nil {
		t.Fatal(err)
	}
	if levelAt(record(r, 500*time.Millisecond), 1000) < -10 {
		t.Error("what rings was disturbed")
	}
	if r.Play("Bell") || !r.Play("Horn") || !r.Play(Chirp2) {
		t.Error("wrong rings are known")
	}
	if err := r.SetRings(make([]Ring, MaxRings+1)); err == nil || !strings.Contains(err.Error(), "50 at most") || !r.Play("Horn") {
		t.Errorf("%v", err)
	}
}

func TestPCMRingsAreBounded(t *testing.T) {
	for _, test := range []struct {
		name string
		size int
		want string
	}{
		{"", 240, "without a name"}, {Chirp1, 240, "built-in"}, {Chirp2, 240, "built-in"},
		{"a", 0, "want 1 to 16080"}, {"a", maxRingSamples + 1, "want 1 to 16080"},
	} {
		if _, err := PCMRing(test.name, make([]byte, test.size)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q of %d: %v", test.name, test.size, err)
		}
	}
	var all []Ring
	for i := range MaxRings {
		all = append(all, pcmRing(t, fmt.Sprint(i), make([]byte, maxRingSamples)))
	}
	if err := NewRinger(rate).SetRings(all); err != nil {
		t.Error(err)
	}
}

func TestPCMRingDoesNotAllocateWhileItSounds(t *testing.T) {
	r := NewRinger(rate)
	if err := r.SetRings([]Ring{pcmRing(t, "Bell", kilohertz(240))}); err != nil {
		t.Fatal(err)
	}
	r.Play("Bell")
	buf := make([]float32, 240)
	if n := testing.AllocsPerRun(2000, func() { r.Read(buf) }); n != 0 {
		t.Errorf("%v allocations per block, want 0", n)
	}
}

func BenchmarkPlayLongestRing(b *testing.B) {
	r := NewRinger(rate)
	ring, err := PCMRing("Bell", kilohertz(maxRingSamples))
	if err == nil {
		err = r.SetRings([]Ring{ring})
	}
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.Play("Bell")
	}
}
