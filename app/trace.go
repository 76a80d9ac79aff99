package main

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"
	"unicode"
)

// maxTrace bounds the trace file of one run, in bytes.
const maxTrace = 64 << 20

// traceFile is the text trace of -trace. Messages reach it from the phone's
// event loop only, with credentials already masked.
type traceFile struct {
	f       *os.File
	written int
}

func openTrace(path string) (*traceFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace file: %w", err)
	}
	return &traceFile{f: f}, nil
}

func (t *traceFile) message(direction, network string, remote netip.AddrPort, message []byte) {
	if t.written > maxTrace {
		return
	}
	n, _ := fmt.Fprintf(t.f, "%s %s %s %s\n%s\n", time.Now().Format(time.RFC3339Nano), direction, network, remote, harmless(message))
	if t.written += n; t.written > maxTrace {
		fmt.Fprintf(t.f, "the trace ends here: it has %d bytes\n", t.written)
	}
}

// harmless takes from a message what a terminal would obey when a person looks
// at the trace.
func harmless(message []byte) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			return r
		}
		return '?'
	}, string(message))
}

// Close implements io.Closer.
func (t *traceFile) Close() error { return t.f.Close() }
