package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// double is a server of a test: it writes some of a file, then fails or not.
type double struct {
	name  string
	gives string
	err   error
	asked int
	shut  int
}

func (d *double) String() string { return d.name }

func (d *double) Close() error { d.shut++; return nil }

func (d *double) Fetch(ctx context.Context, file string, max int64) ([]byte, error) {
	return whole(ctx, d, file, max)
}

func (d *double) Download(ctx context.Context, file string, _ int64, w io.Writer, progress func(done, total int64)) error {
	d.asked++
	for i := range len(d.gives) {
		if _, err := io.WriteString(w, d.gives[i:i+1]); err != nil {
			return err
		}
		if progress != nil {
			progress(int64(i+1), -1)
		}
	}
	if d.err != nil {
		return fmt.Errorf("%s %s: %w", d.name, file, d.err)
	}
	return ctx.Err()
}

func TestServersAreAskedInOrder(t *testing.T) {
	for _, test := range []struct {
		name      string
		errs      [3]error
		searchAll bool
		asked     string // how often, for two files
		answered  string
		want      error
	}{
		{"the primary", [3]error{}, false, "2 0 0", "AA", nil},
		{"a silent primary is asked once", [3]error{ErrTimeout}, false, "1 2 0", "BB", nil},
		{"an unreachable one, too", [3]error{ErrUnreachable, ErrTimeout}, false, "1 1 2", "CC", nil},
		{"one that answers stays", [3]error{ErrServer}, false, "1 2 0", "BB", nil},
		{"a broken one may recover", [3]error{ErrServer, ErrProtocol, ErrSize}, false, "2 2 2", "", ErrProtocol},
		{"no such file is an answer", [3]error{ErrNotFound}, false, "2 0 0", "AA", ErrNotFound},
		{"unless all are to be searched", [3]error{ErrNotFound}, true, "1 2 0", "ABB", nil},
		{"and then nobody has it", [3]error{ErrNotFound, ErrTimeout, ErrNotFound}, true, "2 1 2", "ACCA", ErrNotFound},
		{"refused", [3]error{ErrAccess}, false, "2 0 0", "", ErrAccess},
		{"too large", [3]error{ErrTooLarge}, false, "2 0 0", "", ErrTooLarge},
		{"all dead", [3]error{ErrTimeout, ErrUnreachable, ErrTimeout}, false, "1 1 1", "", ErrUnreachable},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sources []Source
			var doubles []*double
			for i, err := range test.errs {
				d := &double{name: string(rune('A' + i)), err: err}
				if err == nil {
					d.gives = "file"
				}
				doubles, sources = append(doubles, d), append(sources, d)
			}
			answered := ""
			s := NewServers(append(sources, &double{name: "D"}), ServersOptions{
				SearchAll: test.searchAll,
				Answered:  func(s Source, _ string) { answered += s.String() },
			})
			var err error
			for range 2 {
				var data []byte
				if data, err = s.Fetch(t.Context(), "f", 10); !errors.Is(err, test.want) || err == nil && string(data) != "file" {
					t.Errorf("%q, %v; want %v", data, err, test.want)
				}
			}
			if asked := fmt.Sprint(doubles[0].asked, doubles[1].asked, doubles[2].asked); asked != test.asked || answered != test.answered {
				t.Errorf("asked %s, answered %s; want %s, %s", asked, answered, test.asked, test.answered)
			}
			if test.name == "all dead" && strings.Join(strings.Split(err.Error(), "\n"), "|") != "A f: no answer|B f: unreachable|C f: no answer" {
				t.Errorf("%q does not name each", err)
			}
			if s.Close(); doubles[2].shut != 1 || s.String() != "A, B, C" {
				t.Errorf("%d, %s", doubles[2].shut, s)
			}
		})
	}
	if _, err := NewServers(nil, ServersOptions{}).Fetch(t.Context(), "f", 1); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
}

func TestServersGoOnWhereAnotherStopped(t *testing.T) {
	for _, test := range []struct {
		first, second, want string
		err                 error
	}{
		{"begin", "begin and end", "begin and end", nil},
		{"", "all", "all", nil},
		{"all", "all", "all", nil},
		{"begin", "other file", "begin", ErrSize},
		{"begin", "beg", "begin", ErrSize},
	} {
		var to bytes.Buffer
		last := int64(0)
		s := NewServers([]Source{&double{name: "A", gives: test.first, err: ErrTimeout}, &double{name: "B", gives: test.second}}, ServersOptions{})
		err := s.Download(t.Context(), "f", 100, &to, func(done, _ int64) {
			if done < last {
				t.Errorf("progress went back from %d to %d", last, done)
			}
			last = done
		})
		if to.String() != test.want || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%+v: %q, %v", test, to.String(), err)
		}
	}
}

func TestServersStopWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	second := &double{name: "B"}
	s := NewServers([]Source{&double{name: "A"}, second}, ServersOptions{})
	if _, err := s.Fetch(ctx, "f", 1); !errors.Is(err, context.Canceled) || second.asked != 0 {
		t.Errorf("%v, asked %d", err, second.asked)
	}
}

func TestServersErrorOfTheWriterIsNotAServers(t *testing.T) {
	second := &double{name: "B", gives: "x"}
	s := NewServers([]Source{&double{name: "A", gives: "x"}, second}, ServersOptions{})
	full := errors.New("disk full")
	if err := s.Download(t.Context(), "f", 1, failing{full}, nil); !errors.Is(err, full) || second.asked != 0 {
		t.Errorf("%v, asked %d", err, second.asked)
	}
}

// However a file is torn and begun again, what is written is its beginning.
func FuzzResume(f *testing.F) {
	f.Add([]byte("the file"), uint8(3), uint8(5), uint8(1))
	f.Fuzz(func(t *testing.T, file []byte, first, second, piece uint8) {
		var to bytes.Buffer
		r := newResume(&to, nil)
		for _, end := range []int{int(first), int(second), len(file)} {
			r.begin()
			for part := file[:min(end, len(file))]; len(part) > 0; {
				n, err := r.Write(part[:min(int(piece)+1, len(part))])
				if err != nil {
					t.Fatal(err)
				}
				part = part[n:]
			}
		}
		if err := r.finish(); err != nil || !bytes.Equal(to.Bytes(), file) {
			t.Errorf("%q, %v", to.Bytes(), err)
		}
		if r.begin(); to.Len() > 0 && r.finish() == nil {
			t.Error("a shorter file was not noticed")
		}
	})
}
