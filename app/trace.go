package main

import (
	"fmt"
	"net/netip"
	"os"
	"time"
)

// traceFile is the text trace of -trace. Messages reach it from the phone's
// event loop only, with credentials already masked.
type traceFile struct{ f *os.File }

func openTrace(path string) (*traceFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace file: %w", err)
	}
	return &traceFile{f}, nil
}

func (t *traceFile) message(direction, network string, remote netip.AddrPort, message []byte) {
	fmt.Fprintf(t.f, "%s %s %s %s\n%s\n", time.Now().Format(time.RFC3339Nano), direction, network, remote, message)
}

// Close implements io.Closer.
func (t *traceFile) Close() error { return t.f.Close() }
