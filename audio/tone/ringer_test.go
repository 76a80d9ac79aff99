package tone

import (
	"testing"
	"time"
)

func TestKeyPadSoundsTheKeysOfQ23(t *testing.T) {
	for i, digit := range []byte("123A456B789C*0#D") {
		k := NewKeyPad(rate)
		if !k.Down(digit) {
			t.Fatalf("%c is no key", digit)
		}
		x := record(k, 100*time.Millisecond)[480:]
		for j, hz := range []float64{697, 770, 852, 941, 1209, 1336, 1477, 1633} {
			want := j == i/4 || j == 4+i%4
			if got := levelAt(x, hz) > -20; got != want {
				t.Errorf("%c: %g Hz sounds: %v, want %v", digit, hz, got, want)
			}
		}
	}
	if NewKeyPad(rate).Down('x') {
		t.Error("x was taken for a key")
	}
}

func TestKeySoundsAsLongAsItIsHeldAndAtLeast100ms(t *testing.T) {
	k := NewKeyPad(rate)
	k.Down('1')
	k.Up()
	got := edges(record(k, 300*time.Millisecond))
	if len(got) != 2 || (got[1]-got[0]-100*time.Millisecond).Abs() > 2*time.Millisecond {
		t.Errorf("short press sounds %v, want 100 ms", got)
	}
	k.Down('2')
	x := record(k, 400*time.Millisecond)
	k.Up()
	x = append(x, record(k, 100*time.Millisecond)...)
	if got := edges(x); len(got) != 2 || (got[1]-got[0]-400*time.Millisecond).Abs() > 2*time.Millisecond {
		t.Errorf("long press sounds %v, want 400 ms", got)
	}
}

func TestChirpsRingForASecondAndPauseForThree(t *testing.T) {
	for _, name := range []string{Chirp1, Chirp2} {
		r := NewRinger(rate)
		if !r.Play(name) {
			t.Fatalf("no ring %q", name)
		}
		x := record(r, 1200*time.Millisecond)
		if power(x[:rate]) < 0.01 {
			t.Errorf("%s is too soft: %g", name, power(x[:rate]))
		}
		if rest := record(r, 2700*time.Millisecond); power(rest) != 0 {
			t.Errorf("%s sounds in its pause", name)
		}
		if again := record(r, 500*time.Millisecond); power(again) < 0.005 {
			t.Errorf("%s does not come again", name)
		}
		r.Stop()
		record(r, 10*time.Millisecond)
		if power(record(r, 5*time.Second)) != 0 {
			t.Errorf("%s does not stop", name)
		}
	}
}

func TestUnknownRingIsChirp1(t *testing.T) {
	r := NewRinger(rate)
	if r.Play("Old Phone") {
		t.Error("an unknown ring was reported as known")
	}
	if power(record(r, 500*time.Millisecond)) == 0 {
		t.Error("an unknown ring does not ring")
	}
}
