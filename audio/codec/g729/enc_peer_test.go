package g729

import (
	"testing"

	"deskset/audio/oracle"
	voice "deskset/audio/quality/speech"
)

// TestOthersHearWhatWeSend: two decoders that are not ours make of our frames
// what our decoder makes of them.
func TestOthersHearWhatWeSend(t *testing.T) {
	pcm := voice.Int16(voice.Lab(t, 8000))
	pcm = pcm[:min(longest, 1000)*frameSamples]
	payload := NewEncoder().Encode(nil, pcm)
	ours := decodePayload(t, payload)
	same := func(t *testing.T, theirs []int16) {
		if len(theirs) != len(ours) {
			t.Fatalf("%d samples, want %d", len(theirs), len(ours))
		}
		var d difference
		d.add(ours, theirs)
		t.Logf("SNR %.1f dB", d.snr())
		if !(d.snr() > 15) {
			t.Errorf("it agrees with our decoder to %.1f dB", d.snr())
		}
	}
	t.Run("bcg729", func(t *testing.T) {
		program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
		var frames [][]byte
		for at := 0; at < len(payload); at += speechBytes {
			frames = append(frames, payload[at:at+speechBytes])
		}
		same(t, oracleDecode(t, program, frames))
	})
	t.Run("ffmpeg", func(t *testing.T) {
		oracle.Need(t, "ffmpeg")
		same(t, toSamples(oracle.Run(t, payload, "ffmpeg", "-v", "error", "-f", "g729", "-i", "-", "-f", "s16le", "-ac", "1", "-")))
	})
}
