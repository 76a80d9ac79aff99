// Package fetchtest gives tests of the start-up a server made of a function.
package fetchtest

import (
	"context"
	"fmt"
	"io"

	"deskset/provisioning/fetch"
)

// Source is a server that gives what the function gives.
type Source func(ctx context.Context, file string) ([]byte, error)

// String implements fetch.Source.
func (Source) String() string { return "test server" }

// Fetch implements fetch.Source.
func (s Source) Fetch(ctx context.Context, file string, max int64) ([]byte, error) {
	data, err := s(ctx, file)
	if err == nil && int64(len(data)) > max {
		return nil, fmt.Errorf("%s: %w", file, fetch.ErrTooLarge)
	}
	return data, err
}

// Download implements fetch.Source; it comes in pieces of 512 bytes.
func (s Source) Download(ctx context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) error {
	data, err := s.Fetch(ctx, file, max)
	if err != nil {
		return err
	}
	for done := 0; done < len(data); {
		n := min(512, len(data)-done)
		if _, err := w.Write(data[done : done+n]); err != nil {
			return err
		}
		if done += n; progress != nil {
			progress(int64(done), int64(len(data)))
		}
	}
	return ctx.Err()
}

// Named is a server with a name of its own.
type Named struct {
	Source
	Name string
}

// String implements fetch.Source.
func (n Named) String() string { return n.Name }
