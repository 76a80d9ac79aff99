package speech

import (
	"math"
	"os"
	"strings"
	"testing"
)

func TestEveryKeyHasAWord(t *testing.T) {
	for _, key := range []byte("0123456789*#ABCD") {
		pcm := Digit(key)
		if len(pcm) < Rate/5 || len(pcm) > 2*Rate {
			t.Errorf("%c: %d samples", key, len(pcm))
		}
	}
	if Digit('x') != nil || Clip("../speech") != nil {
		t.Error("a word for what is no key")
	}
}

func TestEverySentenceIsSpokenAtTheLevelOfATalker(t *testing.T) {
	text, err := os.ReadFile("sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, "\t")
		pcm := Clip(name)
		total += len(pcm)
		power := 0.0
		for _, s := range pcm {
			power += float64(s) * float64(s)
		}
		// 3.17 dBm0 is a full-scale sine in µ-law.
		level := 10*math.Log10(power/float64(len(pcm))/(32636*32636/2)) + 3.17
		if level < -26 || level > -8 {
			t.Errorf("%s: %.1f dBm0", name, level)
		}
	}
	if total > 400_000 {
		t.Errorf("%d bytes of speech, want less than 400,000", total)
	}
}
