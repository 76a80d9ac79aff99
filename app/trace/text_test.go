package trace

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTraceHoldsNothingThatATerminalWouldObey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	tr, err := openText(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	tr.message("in", "udp", netip.AddrPort{}, netip.MustParseAddrPort("192.0.2.1:5060"), []byte("INVITE sip:a SIP/2.0\r\nFrom: \"A\x1b[2J\x07\u202e\xff\"\r\n\r\n"))
	tr.Close()
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "INVITE sip:a SIP/2.0\nFrom: \"A?[2J??") {
		t.Errorf("trace %q, %v", data, err)
	}
}

func TestTraceIsBounded(t *testing.T) {
	tr, err := openText(filepath.Join(t.TempDir(), "trace"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	big := make([]byte, 1<<20)
	for range 2 * maxFile / len(big) {
		tr.message("in", "udp", netip.AddrPort{}, netip.AddrPort{}, big)
	}
	if info, err := tr.f.Stat(); err != nil || info.Size() > maxFile+2<<20 {
		t.Errorf("the trace has %d bytes, %v", info.Size(), err)
	}
}

func TestTextHoldsNoSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	tr, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	tr.SIP()("in", "udp", here, server, []byte("INFO sip:x:QQ@y SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\nQ"))
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), "Q") || !strings.Contains(string(data), "INFO sip:x:**@y") {
		t.Errorf("%s, %v", data, err)
	}
}
