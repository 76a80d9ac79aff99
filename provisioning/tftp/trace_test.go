package tftp

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

func TestTraceSeesEveryPacketOfATransfer(t *testing.T) {
	server := pinServer(t, func(string) ([]byte, error) { return text(2000), nil })
	var mu sync.Mutex
	transfers := 0
	var seen []string
	var content []byte
	c := steady()
	c.Trace = func() Tap {
		transfers++
		return func(out bool, local, remote netip.AddrPort, packet []byte) {
			mu.Lock()
			defer mu.Unlock()
			if local.Port() == 0 || out && packet[1] == 1 && remote != server {
				t.Errorf("%v to %v: %q", local, remote, packet)
			}
			seen = append(seen, fmt.Sprintf("%v %d", out, packet[1]))
			if !out && packet[1] == byte(opDATA) {
				content = append(content, packet[headerLength:]...)
			}
		}
	}
	if _, err := fetch(t, c, server, "f"); err != nil {
		t.Fatal(err)
	}
	// pin's server may take the size of blocks that was asked for, or not.
	want := "true 1 false 6 true 4" + strings.Repeat(" false 3 true 4", (len(seen)-3)/2)
	if got := strings.Join(seen, " "); got != want || transfers != 1 || !bytes.Equal(content, text(2000)) {
		t.Errorf("%d transfers, %d bytes, packets %s, want %s", transfers, len(content), got, want)
	}
}
