package record

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio/codec"
	"deskset/audio/mix"
)

// talk gives a recorder so much of a call: 400 Hz near, 1000 Hz far.
func talk(r *Recorder, from, length int) {
	const n = mix.Rate / 100
	near, far := make([]float32, n), make([]float32, n)
	for at := from; at < from+length; at += n {
		for i := range near {
			near[i] = float32(0.3 * math.Sin(2*math.Pi*400*float64(at+i)/mix.Rate))
			far[i] = float32(0.3 * math.Sin(2*math.Pi*1000*float64(at+i)/mix.Rate))
		}
		r.Take(near, far)
	}
}

// recorded makes a recording in virtual time and gives its path.
func recorded(t *testing.T, o Options, length time.Duration) (r *Recorder) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r = New(o)
		done := make(chan struct{})
		go func() { r.Run(); close(done) }()
		for at := time.Duration(0); at < length; at += 200 * time.Millisecond {
			talk(r, int(at*mix.Rate/time.Second), int(min(length-at, 200*time.Millisecond)*mix.Rate/time.Second))
			<-time.After(200 * time.Millisecond)
		}
		r.Stop()
		<-done
	})
	return r
}

// decoded lets ffmpeg read a file: samples of both channels at 16 kHz.
func decoded(t *testing.T, path string) (near, far []float64) {
	t.Helper()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("no ffmpeg to judge the file")
	}
	raw, err := exec.Command(ffmpeg, "-v", "error", "-i", path, "-f", "s16le", "-ar", "16000", "-ac", "2", "-").Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	for ; len(raw) >= 4; raw = raw[4:] {
		near = append(near, float64(int16(binary.LittleEndian.Uint16(raw)))/32768)
		far = append(far, float64(int16(binary.LittleEndian.Uint16(raw[2:])))/32768)
	}
	return near, far
}

func level(x []float64, hz float64) float64 {
	var re, im float64
	for i, v := range x {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / wavRate)
		re, im = re+v*cos, im+v*sin
	}
	return 2 * math.Hypot(re, im) / float64(len(x))
}

func formats(t *testing.T, f func(t *testing.T, format string)) {
	for _, format := range []string{WAV, Opus} {
		t.Run(format, func(t *testing.T) {
			if _, ok := codec.Lookup("opus"); format == Opus && !ok {
				t.Skip("Opus is not built in")
			}
			f(t, format)
		})
	}
}

// TestBothFormatsHoldBothSides: left and right are the two sides and nothing of
// each other, as long as the call was; ffmpeg and ffprobe judge.
func TestBothFormatsHoldBothSides(t *testing.T) {
	formats(t, func(t *testing.T, format string) {
		length := 3210 * time.Millisecond
		r := recorded(t, Options{Folder: filepath.Join(t.TempDir(), "new", "folder"), Name: "call", Format: format}, length)
		info, err := os.Stat(r.Path())
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v %v", info, err)
		}
		near, far := decoded(t, r.Path())
		if got, want := len(near), int(length*wavRate/time.Second); got < want-wavRate/50 || got > want+wavRate/50 {
			t.Errorf("%d samples, want %d", got, want)
		}
		if r.Missing() != 0 {
			t.Errorf("%v missing", r.Missing())
		}
		middle := func(x []float64) []float64 { return x[wavRate/2 : len(x)-wavRate/2] }
		for name, c := range map[string][4]float64{
			"near": {level(middle(near), 400), 0.3, level(middle(near), 1000), 0}, "far": {level(middle(far), 1000), 0.3, level(middle(far), 400), 0},
		} {
			if math.Abs(c[0]-c[1]) > 0.03 || c[2] > 0.003 {
				t.Errorf("%s: own %.3f, the other's %.4f", name, c[0], c[2])
			}
		}
		if out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "stream=codec_name,channels,channel_layout", "-of", "csv=p=0", r.Path()).CombinedOutput(); err == nil {
			want := map[string]string{WAV: "pcm_s16le,2", Opus: "opus,2"}[format]
			if !strings.HasPrefix(string(out), want) {
				t.Errorf("ffprobe: %s, want %s", out, want)
			}
		} else {
			t.Logf("ffprobe: %v %s", err, out)
		}
	})
}

// TestBothSidesStayInStep: a click in both at the same moment, after the ring has
// overflowed, is at the same moment in the file, and where it was in the call.
func TestBothSidesStayInStep(t *testing.T) {
	formats(t, func(t *testing.T, format string) {
		r := New(Options{Folder: t.TempDir(), Name: "step", Format: format})
		if err := r.open(); err != nil {
			t.Fatal(err)
		}
		quiet := make([]float32, blockFrames)
		for range 400 { // 4 s, and nobody writes: 1.44 s find no room
			r.Take(quiet, quiet)
		}
		r.empty()
		for range 50 {
			r.Take(quiet, quiet)
		}
		click := make([]float32, blockFrames)
		for i := range 48 {
			click[i] = float32(0.8 * math.Sin(2*math.Pi*float64(i)/48))
		}
		r.Take(click, click) // at 4.5 s
		for range 50 {
			r.Take(quiet, quiet)
		}
		r.empty()
		r.finish()
		if got, want := r.Missing(), 1440*time.Millisecond; got != want {
			t.Errorf("%v missing, want %v", got, want)
		}
		near, far := decoded(t, r.Path())
		peak := func(x []float64) (at int) {
			for i := range x {
				if math.Abs(x[i]) > math.Abs(x[at]) {
					at = i
				}
			}
			return at
		}
		a, b := peak(near), peak(far)
		if want := 45 * wavRate / 10; a != b || a < want-200 || a > want+400 {
			t.Errorf("clicks at %d and %d, want %d", a, b, want)
		}
	})
}

// TestWhatDiesInTheMiddlePlays: a file as it stands while the recorder writes.
func TestWhatDiesInTheMiddlePlays(t *testing.T) {
	formats(t, func(t *testing.T, format string) {
		r := New(Options{Folder: t.TempDir(), Name: "cut", Format: format})
		if err := r.open(); err != nil {
			t.Fatal(err)
		}
		for second := range 10 {
			talk(r, second*mix.Rate, mix.Rate)
			r.empty()
		}
		// Killed here: nothing is closed.
		dead := filepath.Join(t.TempDir(), "dead."+format)
		b, err := os.ReadFile(r.Path())
		if err != nil || os.WriteFile(dead, b, 0o600) != nil {
			t.Fatal(err)
		}
		near, far := decoded(t, dead)
		if len(near) < 8*wavRate || len(near) > 11*wavRate || level(near[wavRate:7*wavRate], 400) < 0.25 || level(far[wavRate:7*wavRate], 1000) < 0.25 {
			t.Errorf("%d samples, %.2f and %.2f", len(near), level(near, 400), level(far, 1000))
		}
		if format == WAV && int(binary.LittleEndian.Uint32(b[40:])) > len(b)-wavHeader {
			t.Errorf("the header says %d bytes of %d", binary.LittleEndian.Uint32(b[40:]), len(b)-wavHeader)
		}
		r.finish()
	})
}

// TestALongCallInFastTime: an hour where DESKSET_LONG says 60, seconds otherwise.
func TestALongCallInFastTime(t *testing.T) {
	length := 10 * time.Second
	if n, err := strconv.Atoi(os.Getenv("DESKSET_LONG")); err == nil {
		length = time.Duration(n) * time.Minute
	}
	formats(t, func(t *testing.T, format string) {
		began := time.Now()
		r := recorded(t, Options{Folder: t.TempDir(), Name: "long", Format: format}, length)
		info, err := os.Stat(r.Path())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v in %v: %d kB", length, time.Since(began).Round(time.Millisecond), info.Size()/1000)
		out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", r.Path()).Output()
		if err != nil {
			t.Skip("no ffprobe")
		}
		if got, _ := strconv.ParseFloat(strings.TrimSpace(string(out)), 64); math.Abs(got-length.Seconds()) > 0.1 {
			t.Errorf("%v s, want %v", got, length.Seconds())
		}
	})
}

// TestADiskThatFailsEndsTheRecordingOnly: told once, and Take goes on.
func TestADiskThatFailsEndsTheRecordingOnly(t *testing.T) {
	formats(t, func(t *testing.T, format string) {
		for name, o := range map[string]Options{
			"no folder": {Folder: "/dev/null/recordings"},
			"full":      {Folder: t.TempDir(), Limit: 20000},
		} {
			var told []error
			o.Name, o.Format, o.Failed = "fails", format, func(err error) { told = append(told, err) }
			r := recorded(t, o, 10*time.Second)
			if len(told) != 1 || name == "full" != errors.Is(told[0], ErrFull) {
				t.Errorf("%s: %v", name, told)
			}
			if name == "full" {
				if info, err := os.Stat(r.Path()); err != nil || info.Size() > 80000 {
					t.Errorf("%v %v", info.Size(), err)
				}
				decoded(t, r.Path())
			}
		}
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no /dev/full")
		}
		var told []error
		r := New(Options{Format: format, Failed: func(err error) { told = append(told, err) }})
		w, err := newWAV(full)
		if err == nil {
			t.Fatal("a header on a full disk")
		}
		r.file = &oggFile{oggWriter: newOggWriter(full)}
		_ = w
		r.file.(*oggFile).packet([]byte{1})
		if err := r.file.(*oggFile).flush(0, 0); err == nil {
			t.Error("a page on a full disk")
		}
	})
}

func TestNamesOfFiles(t *testing.T) {
	at := time.Date(2026, 11, 21, 18, 5, 9, 0, time.UTC)
	for party, want := range map[string]string{
		"Bob": "Bob", "../../etc/passwd": "etc_passwd", "sip:a@b;x=\x00y": "sip_a_b_x_y", "": "unknown", "///": "unknown",
		"Jürgen Größe": "Jürgen_Größe", "+49 (30) 123": "+49_30_123", strings.Repeat("x", 300): strings.Repeat("x", maxName), "-rf": "rf",
	} {
		if got := Name(at, party, true); got != "2026-11-21_18-05-09_to_"+want {
			t.Errorf("%q: %s", party, got)
		}
	}
	if got := Name(at, "1", false); !strings.Contains(got, "_from_") {
		t.Error(got)
	}
	folder := t.TempDir()
	for i := range 3 { // the same second, the same party
		r := recorded(t, Options{Folder: folder, Name: "same", Format: WAV}, 0)
		if want := map[int]string{0: "same.wav", 1: "same-2.wav", 2: "same-3.wav"}[i]; filepath.Base(r.Path()) != want {
			t.Errorf("%s, want %s", r.Path(), want)
		}
	}
}

func TestTakeDoesNotAllocate(t *testing.T) {
	r := New(Options{})
	block := make([]float32, 240)
	if n := testing.AllocsPerRun(1000, func() { r.Take(block, block) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
