package device

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio/wav"
)

func writeSine(t *testing.T, path string, hz float64, rate int, length time.Duration) {
	t.Helper()
	w, err := wav.NewWriter(path, rate)
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, int(length)*rate/int(time.Second))
	for i := range pcm {
		pcm[i] = int16(16384 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	if err := w.Write(pcm); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func rms(block []float32) float64 {
	var sum float64
	for _, v := range block {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(1, len(block))))
}

func TestFileIsPlayedFromItsBeginningAndReadAgainWhenItHasChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "said.wav")
	b := NewFile()
	for call, length := range []time.Duration{time.Second, time.Second, time.Second / 2} {
		if call != 1 {
			writeSine(t, path, 440, Rate, length)
		}
		synctest.Test(t, func(t *testing.T) {
			var heard []float32
			d, err := b.Open(Config{Kind: Capture, Name: path, Data: func(b []float32) { heard = append(heard, b...) }})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(1500 * time.Millisecond)
			d.Close()
			end := int(length.Seconds() * Rate)
			if said, after := rms(heard[:end]), rms(heard[end:]); math.Abs(said-0.354) > 0.005 || after != 0 {
				t.Errorf("call %d: level %.3f, %.3f after %v", call, said, after, length)
			}
		})
	}
}

func TestFileIsHeardAsTheMicrophoneAtAnyRateThenSilence(t *testing.T) {
	for _, rate := range []int{8000, 44100, 48000} {
		path := filepath.Join(t.TempDir(), "said.wav")
		writeSine(t, path, 440, rate, time.Second)
		synctest.Test(t, func(t *testing.T) {
			var heard []float32
			d, err := NewFile().Open(Config{Kind: Capture, Name: path, Data: func(b []float32) { heard = append(heard, b...) }})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(1500 * time.Millisecond)
			d.Close()
			if got := rms(heard[:Rate]); math.Abs(got-0.354) > 0.005 {
				t.Errorf("%d Hz: level %.3f in the first second, want 0.354", rate, got)
			}
			if got := rms(heard[Rate:]); got != 0 {
				t.Errorf("%d Hz: level %.3f after the end, want silence", rate, got)
			}
		})
	}
}

func TestFileRecordsWhatIsHeardAcrossOpenings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heard.wav")
	synctest.Test(t, func(t *testing.T) {
		b := NewFile()
		for range 2 {
			d, err := b.Open(Config{Kind: Playback, Name: path, Data: func(block []float32) {
				for i := range block {
					block[i] = 2 // too loud: clipped, not wrapped
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			d.Close()
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	})
	pcm, rate, err := wav.Read(path)
	if err != nil || rate != Rate || len(pcm) < 2*Rate-2*240 || len(pcm) > 2*Rate {
		t.Fatalf("%d samples at %d Hz, %v", len(pcm), rate, err)
	}
	for i, v := range pcm {
		if v != 32767 {
			t.Fatalf("sample %d is %d", i, v)
		}
	}
}

func TestFileThatCannotBeUsedIsAMissingDevice(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("not sound"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := NewFile()
	defer b.Close()
	for _, c := range []Config{
		{Kind: Capture, Name: filepath.Join(dir, "none.wav")},
		{Kind: Capture, Name: text},
		{Kind: Playback, Name: filepath.Join(dir, "no", "such", "folder.wav")},
	} {
		if _, err := b.Open(c); !errors.Is(err, ErrNoDevice) {
			t.Errorf("%v %s: %v", c.Kind, c.Name, err)
		}
	}
}

func TestDefaultFileDeviceHasNoSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewFile()
		d, err := b.Open(Config{Kind: Capture, Data: func([]float32) {}})
		if err != nil || d.Name() != NullName {
			t.Fatal(d, err)
		}
		d.Close()
	})
}
