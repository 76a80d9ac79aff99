package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// maxServers is how many a phone knows: primary, secondary and tertiary.
const maxServers = 3

// ServersOptions says how to ask several servers.
type ServersOptions struct {
	// Answered is told which server a file came from, or which one said that it
	// has none; it may be nil and must not block.
	Answered func(s Source, file string)
	// SearchAll has the other servers asked, too, where one has no such file.
	// The instrument takes that for an answer: every server of an installation
	// is to hold all files. It matters where each has some.
	SearchAll bool
}

// Servers asks several sources in order. It is a Source itself, for one run of
// the start-up; it may be used by several goroutines.
type Servers struct {
	options ServersOptions
	sources []Source

	mu   sync.Mutex
	last int     // the source that answered last
	dead []error // why a source is not asked any more
}

// NewServers takes the first maxServers sources.
func NewServers(sources []Source, options ServersOptions) *Servers {
	sources = sources[:min(len(sources), maxServers)]
	return &Servers{options: options, sources: sources, dead: make([]error, len(sources))}
}

// String implements Source.
func (s *Servers) String() string {
	var names []string
	for _, source := range s.sources {
		names = append(names, source.String())
	}
	return strings.Join(names, ", ")
}

// Close closes the sources that want it.
func (s *Servers) Close() error {
	var all error
	for _, source := range s.sources {
		if c, ok := source.(io.Closer); ok {
			all = errors.Join(all, c.Close())
		}
	}
	return all
}

// Fetch implements Source, see Download.
func (s *Servers) Fetch(ctx context.Context, file string, max int64) ([]byte, error) {
	return whole(ctx, s, file, max)
}

// Download implements Source. The source that answered last is asked first. One
// that is silent or unreachable is not asked again by this Servers; one that
// fails in another way (server error, protocol violated, wrong size) is passed
// over for this file. If none has the file, the error is that of the server
// that said so; if all fail, it is all of their errors. What a server had sent
// before it failed is compared with what the next one sends.
func (s *Servers) Download(ctx context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) error {
	if len(s.sources) == 0 {
		return fmt.Errorf("%s: no server to ask: %w", file, ErrUnreachable)
	}
	to := newResume(w, progress)
	var failed []error
	var missing error
	for _, i := range s.order() {
		if err := s.whyDead(i); err != nil {
			failed = append(failed, err)
			continue
		}
		err := s.ask(ctx, i, file, max, to)
		switch {
		case ctx.Err() != nil && err != nil:
			return err
		case errors.Is(err, ErrNotFound) && s.options.SearchAll:
			if missing == nil {
				missing = err
			}
		case err != nil && fails(err):
			failed = append(failed, err)
		default:
			return err
		}
	}
	if missing != nil {
		return missing
	}
	return errors.Join(failed...)
}

// ask asks one source and remembers how it went.
func (s *Servers) ask(ctx context.Context, i int, file string, max int64, to *resume) error {
	source := s.sources[i]
	to.begin()
	err := source.Download(ctx, file, max, to, to.tell)
	if err == nil {
		err = to.finish()
	}
	if errors.Is(err, errChanged) {
		err = fmt.Errorf("%s %s: %w (%w): see that all servers have the same file", source, file, ErrSize, errChanged)
	}
	if ctx.Err() != nil {
		return err
	}
	answered := err == nil || errors.Is(err, ErrNotFound)
	s.mu.Lock()
	switch {
	case answered:
		s.last = i
	case errors.Is(err, ErrTimeout), errors.Is(err, ErrUnreachable):
		s.dead[i] = err
	}
	s.mu.Unlock()
	if answered && s.options.Answered != nil {
		s.options.Answered(source, file)
	}
	return err
}

// fails tells a failure of the server from an answer, or from an error of ours.
func fails(err error) bool {
	for _, kind := range []error{ErrTimeout, ErrUnreachable, ErrServer, ErrProtocol, ErrSize} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// order gives the indices of the sources as they are to be asked.
func (s *Servers) order() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	order := []int{s.last}
	for i := range s.sources {
		if i != s.last {
			order = append(order, i)
		}
	}
	return order
}

func (s *Servers) whyDead(i int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead[i]
}
