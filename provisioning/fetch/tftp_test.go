package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"deskset/provisioning/tftp"
)

// live is a writer that keeps nothing, and looks now and then at what is kept.
type live struct {
	size, looked int64
	most         uint64
}

func (l *live) Write(b []byte) (int, error) {
	if l.size += int64(len(b)); l.size-l.looked > 8<<20 {
		l.looked = l.size
		l.most = max(l.most, liveHeap())
	}
	return len(b), nil
}

func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A file is taken up to the limit, and does not stand in memory.
func TestTFTPDownloadDoesNotGrow(t *testing.T) {
	const most = 64 << 20
	s := &tftpServer{t: t, files: map[string][]byte{"f": make([]byte, most+1)}, schedule: scaled(hpa)}
	at, end := s.serve()
	defer end()
	before, to := liveHeap(), &live{}
	err := TFTP(at, tftp.Client{}).Download(t.Context(), "f", most, to, nil)
	if !errors.Is(err, ErrTooLarge) || to.looked < most/2 {
		t.Errorf("%d bytes, %v", to.size, err)
	}
	if to.most > before+1<<20 {
		t.Errorf("the heap has grown from %d to %d bytes", before, to.most)
	}
}

// A transfer that stops in the middle is begun again, and what was written is
// not written again.
func TestTFTPGoesOnWhereItStopped(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 2000)
	for _, test := range []struct {
		name   string
		second []byte
		want   error
	}{
		{"the same file", content, nil},
		{"another file", bytes.Repeat([]byte("x"), 32_000), ErrSize},
		{"a shorter file", content[:1000], ErrSize},
	} {
		// The first transfer is cut off after ten blocks.
		s := &tftpServer{t: t, files: map[string][]byte{"f": content}, schedule: scaled(hpa), cut: 10, then: test.second}
		at, end := s.serve()
		var to bytes.Buffer
		err := TFTP(at, tftp.Client{Timeout: 50 * time.Millisecond}).Download(t.Context(), "f", 100_000, &to, nil)
		end()
		if !errors.Is(err, test.want) || err == nil && !bytes.Equal(to.Bytes(), content) {
			t.Errorf("%s: %d bytes, %v; want %v", test.name, to.Len(), err, test.want)
		}
	}
}

func TestTFTPServerThatStallsIsGivenUp(t *testing.T) {
	t.Parallel()
	s := &tftpServer{t: t, files: map[string][]byte{"f": make([]byte, 10_000)}, schedule: scaled(hpa), cut: 2, always: true}
	at, end := s.serve()
	defer end()
	began := time.Now()
	_, err := TFTP(at, tftp.Client{Timeout: 50 * time.Millisecond}).Fetch(t.Context(), "f", 100_000)
	// Four times six times three time-outs, and what starting costs.
	if took := time.Since(began); !errors.Is(err, ErrTimeout) || took > 10*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestTFTPErrorOfTheWriterEndsTheTransfer(t *testing.T) {
	s := &tftpServer{t: t, files: map[string][]byte{"f": make([]byte, 10_000)}, schedule: scaled(hpa)}
	at, end := s.serve()
	defer end()
	full := errors.New("disk full")
	began := time.Now()
	err := TFTP(at, tftp.Client{}).Download(t.Context(), "f", 100_000, failing{full}, nil)
	if took := time.Since(began); !errors.Is(err, full) || took > 2*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	if _, err := TFTP(at, tftp.Client{}).Fetch(t.Context(), "f", 0); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestTFTPCancelledInTheMiddle(t *testing.T) {
	s := &tftpServer{t: t, files: map[string][]byte{"f": make([]byte, 100_000)}, schedule: scaled(hpa)}
	at, end := s.serve()
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	err := TFTP(at, tftp.Client{}).Download(ctx, "f", 100_000, io.Discard, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
