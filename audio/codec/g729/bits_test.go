package g729

import (
	"bytes"
	"testing"
)

// TestFrameIsLaidOutAsInTable8 sets one index after the other to ones.
func TestFrameIsLaidOutAsInTable8(t *testing.T) {
	var s speech
	at := 0
	for _, f := range s.fields() {
		*f.value = 1<<f.bits - 1
		frame := packSpeech(nil, s)
		for bit := range 80 {
			want := bit >= at && bit < at+f.bits
			if got := frame[bit/8]>>(7-bit%8)&1 == 1; got != want {
				t.Fatalf("bit %d of the frame is %v for the index at bits %d to %d", bit, got, at, at+f.bits-1)
			}
		}
		if back := unpackSpeech(frame); back != s {
			t.Errorf("read back as %+v, want %+v", back, s)
		}
		*f.value = 0
		at += f.bits
	}
	if at != 8*speechBytes {
		t.Errorf("a frame of speech has %d bits", at)
	}
}

func TestSilenceIsLaidOutAsInTableB2(t *testing.T) {
	s := silence{predictor: 1, first: 0b10011, second: 0b0110, gain: 0b10101}
	frame := packSilence(nil, s)
	if want := []byte{0b11001101, 0b10101010}; !bytes.Equal(frame, want) {
		t.Errorf("packed as %08b, want %08b", frame, want)
	}
	if back := unpackSilence(frame); back != s {
		t.Errorf("read back as %+v, want %+v", back, s)
	}
}
