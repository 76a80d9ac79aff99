package ringlist

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
)

func TestLoadGetsTheRingsOfTheList(t *testing.T) {
	asked := ""
	source := fetchtest.Source(func(_ context.Context, file string) ([]byte, error) {
		asked += file + " "
		switch file {
		case "a.pcm", "b.pcm":
			return []byte(strings.Repeat(file[:1], 240)), nil
		case "wav.pcm":
			return []byte("RIFF" + strings.Repeat("x", 236)), nil
		case "long.pcm":
			return make([]byte, maxSamples+1), nil
		case "odd.pcm":
			return make([]byte, 241), nil
		}
		return nil, fmt.Errorf("%s: %w", file, fetch.ErrNotFound)
	})
	list := "A\ta.pcm\nNone\tnone.pcm\nWave\twav.pcm\nLong\tlong.pcm\nOdd\todd.pcm\nAgain\ta.pcm\nB\tb.pcm\n"
	rings, _ := Parse("RINGLIST.DAT", []byte(list))
	sounds, problems := Load(t.Context(), source, "RINGLIST.DAT", rings)
	got := ""
	for _, s := range sounds {
		got += s.Name + s.File[:1] + string(s.ULaw[0]) + " "
	}
	if got != "Aaa Againaa Bbb " || asked != "a.pcm none.pcm wav.pcm long.pcm odd.pcm b.pcm " {
		t.Errorf("got %s, asked for %s", got, asked)
	}
	for i, want := range []string{`DAT:2: ring "None" is left out`, "DAT:3: ", "DAT:4: ", "DAT:5: "} {
		if len(problems) != 4 || !strings.Contains(problems[i].Error(), want) {
			t.Fatalf("%v", problems)
		}
	}
	if !strings.Contains(problems[1].Error(), "WAV") || !strings.Contains(problems[2].Error(), "too large") || !strings.Contains(problems[3].Error(), "multiple of 240") {
		t.Errorf("%v", problems)
	}
}

func TestLoadStopsWhereNobodyAnswers(t *testing.T) {
	for _, reason := range []error{fetch.ErrTimeout, fetch.ErrUnreachable, context.Canceled} {
		asked := 0
		ctx, cancel := context.WithCancel(t.Context())
		source := fetchtest.Source(func(context.Context, string) ([]byte, error) {
			asked++
			if errors.Is(reason, context.Canceled) {
				cancel()
			}
			return nil, reason
		})
		rings, _ := Parse("f", []byte("A\ta.pcm\nB\tb.pcm\n"))
		if sounds, problems := Load(ctx, source, "f", rings); asked != 1 || len(sounds) != 0 || len(problems) != 1 {
			t.Errorf("%v: asked %d times, %v, %v", reason, asked, sounds, problems)
		}
		cancel()
	}
}
