// Package speech gives tests something to say, at any rate, full scale ±1:
//
//	x := speech.Lab(t, 8000)      // the lab's sentences, always there
//	x := speech.Person(t, 8000)   // asterisk-core-sounds-en-wav
//	x := speech.Espeak(t, 16000)  // espeak-ng: speech with more than 4 kHz
//
// Person and Espeak skip the test where the Debian package is missing: a figure
// is only worth a threshold if it is always the same voice. No part of the
// program uses this package.
package speech

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deskset/audio/quality"
	"deskset/audio/wav"
)

// persons are a woman's recordings, about 35 s, with their own pauses.
var persons = []string{"demo-congrats", "vm-intro"}

// personDirs are where distributions put them.
var personDirs = []string{
	"/usr/share/asterisk/sounds/en_US_f_Allison",
	"/usr/share/asterisk/sounds/en",
	"/var/lib/asterisk/sounds/en",
}

// text is for the synthesiser: sounds of all kinds (the Harvard sentences are
// in the public domain).
const text = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. " +
	"It's easy to tell the depth of a well. These days a chicken leg is a rare dish. " +
	"Rice is often served in round bowls. The juice of lemons makes fine punch. " +
	"The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage. " +
	"Four hours of steady work faced us. A large size in stockings is hard to sell."

// voices of the synthesiser, a man's and a woman's.
var voices = []string{"en-gb", "en-us+f3"}

// Lab gives the sentences that the lab embeds, some 20 s of a synthesiser's
// µ-law at 8 kHz. They are part of the source.
func Lab(t testing.TB, rate int) []float64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(t), "app/lab/speech/ulaw/*.ul"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the lab's sentences are not in the source: %v", err)
	}
	var pcm []int16
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range data {
			pcm = append(pcm, expand(code))
		}
		pcm = append(pcm, make([]int16, 1600)...)
	}
	return quality.Resample(Floats(pcm), 8000, rate)
}

// expand is µ-law (G.711 table 2a): the codecs themselves have tests that import
// this package.
func expand(code byte) int16 {
	code = ^code
	v := (int16(code&0x0F)<<3+0x84)<<(code>>4&7) - 0x84
	if code&0x80 != 0 {
		return -v
	}
	return v
}

// root finds the module: a test runs in the folder of its package.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// Person gives recordings of a person, 8 kHz in origin.
func Person(t testing.TB, rate int) []float64 {
	t.Helper()
	for _, dir := range personDirs {
		var out []float64
		for _, name := range persons {
			pcm, from, err := wav.Read(filepath.Join(dir, name+".wav"))
			if err != nil {
				out = nil
				break
			}
			out = append(out, quality.Resample(Floats(pcm), from, rate)...)
		}
		if out != nil {
			return out
		}
	}
	t.Skip("asterisk-core-sounds-en-wav is not installed: packaging/install-deps peers")
	return nil
}

// Espeak gives ten sentences, each half by a man and a woman of a synthesiser,
// with all of the telephone's and the wideband's spectrum.
func Espeak(t testing.TB, rate int) []float64 {
	t.Helper()
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed: packaging/install-deps peers")
	}
	half := strings.Index(text, "Rice")
	var out []float64
	for i, part := range []string{text[:half], text[half:]} {
		file := filepath.Join(t.TempDir(), "voice.wav")
		cmd := exec.Command("espeak-ng", "-v", voices[i], "-w", file, part)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err != nil {
			t.Fatalf("espeak-ng: %v\n%s", err, said.Bytes())
		}
		pcm, from, err := wav.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, quality.Resample(Floats(pcm), from, rate)...)
	}
	return out
}

// Floats gives samples at full scale ±1.
func Floats(pcm []int16) []float64 {
	x := make([]float64, len(pcm))
	for i, v := range pcm {
		x[i] = float64(v) / 32768
	}
	return x
}

// Int16 gives samples as codecs take them, rounded and limited.
func Int16(x []float64) []int16 {
	pcm := make([]int16, len(x))
	for i, v := range x {
		pcm[i] = int16(max(-32768, min(32767, math.Round(v*32768))))
	}
	return pcm
}
