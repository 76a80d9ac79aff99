package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTraceHoldsNothingThatATerminalWouldObey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	tr, err := openTrace(path)
	if err != nil {
		t.Fatal(err)
	}
	tr.message("in", "udp", netip.MustParseAddrPort("192.0.2.1:5060"), []byte("INVITE sip:a SIP/2.0\r\nFrom: \"A\x1b[2J\x07\u202e\xff\"\r\n\r\n"))
	tr.Close()
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "INVITE sip:a SIP/2.0\nFrom: \"A?[2J??") {
		t.Errorf("trace %q, %v", data, err)
	}
}

func TestTraceIsBounded(t *testing.T) {
	tr, err := openTrace(filepath.Join(t.TempDir(), "trace"))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	big := make([]byte, 1<<20)
	for range 2 * maxTrace / len(big) {
		tr.message("in", "udp", netip.AddrPort{}, big)
	}
	if info, err := tr.f.Stat(); err != nil || info.Size() > maxTrace+2<<20 {
		t.Errorf("the trace has %d bytes, %v", info.Size(), err)
	}
}
