package ringlist

import (
	"context"
	"errors"
	"fmt"

	"deskset/provisioning/fetch"
	"deskset/provisioning/param"
)

// Sound is a ring with its file, as CheckPCM accepts it.
type Sound struct {
	Ring
	// ULaw are the samples: µ-law at SampleRate.
	ULaw []byte
}

// Load gets the files of a list, in its order; those that lie on a server twice
// are asked for once. What cannot be had or played is left out and becomes a
// problem of its line; once the server is silent no more is asked for. name is
// that of the list.
//
//	rings, problems := ringlist.Parse(name, data)
//	sounds, more := ringlist.Load(ctx, source, name, rings)
//	for _, s := range sounds {
//		ring, err := tone.PCMRing(s.Name, s.ULaw)
func Load(ctx context.Context, source fetch.Source, name string, rings []Ring) ([]Sound, []param.Problem) {
	l := loader{parser: parser{source: name}, files: map[string]answer{}}
	var sounds []Sound
	for _, ring := range rings[:min(len(rings), MaxRings)] {
		l.line = ring.Line
		got := l.get(ctx, source, ring.File)
		if got.err != nil {
			l.report(param.Warning, param.CodeBadValue, fmt.Sprintf("ring %q is left out: %v", ring.Name, got.err))
			if stop(ctx, got.err) {
				break
			}
			continue
		}
		sounds = append(sounds, Sound{ring, got.data})
	}
	return sounds, l.problems
}

type loader struct {
	parser
	files map[string]answer
}

type answer struct {
	data []byte
	err  error
}

func (l *loader) get(ctx context.Context, source fetch.Source, file string) answer {
	if got, known := l.files[file]; known {
		return got
	}
	var got answer
	if got.data, got.err = source.Fetch(ctx, file, maxSamples); got.err == nil {
		if err := CheckPCM(got.data); err != nil {
			got.err = fmt.Errorf("%s: %w", printable(file), err)
		}
	}
	l.files[file] = got
	return got
}

// stop tells whether a server that failed so is worth asking again.
func stop(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, fetch.ErrTimeout) || errors.Is(err, fetch.ErrUnreachable)
}
