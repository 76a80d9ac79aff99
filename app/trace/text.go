package trace

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"
	"unicode"
)

// textFile is SIP as text. Messages come from the phone's event loop only.
type textFile struct {
	f       *os.File
	digits  bool
	written int
}

func openText(path string, o Options) (*textFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace file: %w; name another with -trace FILE", err)
	}
	return &textFile{f: f, digits: o.Digits}, nil
}

func (t *textFile) message(direction, network string, _, remote netip.AddrPort, message []byte) {
	if t.written > maxFile {
		return
	}
	message, _ = maskSIP(message, t.digits)
	n, _ := fmt.Fprintf(t.f, "%s %s %s %s\n%s\n", time.Now().Format(time.RFC3339Nano), direction, network, remote, harmless(message))
	if t.written += n; t.written > maxFile {
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
func (t *textFile) Close() error { return t.f.Close() }
