package trace

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
)

// data makes a DATA packet.
func data(block uint16, content string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0, tftpData}, block)
	return append(b, content...)
}

var (
	here   = netip.MustParseAddrPort("192.0.2.5:40000")
	server = netip.MustParseAddrPort("192.0.2.1:69")
	answer = netip.MustParseAddrPort("192.0.2.1:50123")
)

func TestSecretsAcrossTwoBlocksAreHidden(t *testing.T) {
	out, tr := open(t, Options{})
	tap := tr.TFTP()()
	tap(true, here, server, []byte("\x00\x01SIP.cnf\x00octet\x00"))
	blocks := []string{"line1_name: 1001\nline1_pass", "word: QQQQ", "QQQQ\nsync: 7\n"}
	for i, b := range blocks {
		tap(false, here, answer, data(uint16(i+1), b))
		tap(false, here, answer, data(uint16(i+1), b)) // repeated
	}
	tap(false, here, answer, data(1, blocks[0]))               // late
	tap(false, here, answer, data(2, blocks[1]))               // late
	tap(false, here, answer, data(9, "QQQQ"))                  // out of turn
	tap(false, here, answer, data(3, "another thing of QQQQ")) // another thing
	tap(false, here, answer, []byte("\x00\x05\x00\x00bad password QQQQ\x00"))
	tap(false, here, answer, []byte("\x00\x03"))
	packets := read(t, out, tr)
	if len(packets) != 13 {
		t.Errorf("%d packets", len(packets))
	}
	for i, want := range []string{"", blocks[0], blocks[0], "word: ****", "word: ****", "****\nsync: 7\n", "****\nsync: 7\n"} {
		if got := packets[i].data[headerIPv4+headerUDP+tftpHeader:]; i > 0 && string(got) != want {
			t.Errorf("packet %d: %q, want %q", i, got, want)
		}
	}
	for i, p := range packets {
		if bytes.ContainsRune(p.data, 'Q') {
			t.Errorf("packet %d: %q", i, p.data)
		}
	}
}

func TestLargeFilesShowTheirBeginning(t *testing.T) {
	out, tr := open(t, Options{})
	tap := tr.TFTP()()
	content := strings.Repeat("0123456789abcde\n", 64)
	const blocks = 200
	for i := range blocks {
		tap(false, here, answer, data(uint16(i+1), content))
	}
	packets := read(t, out, tr)
	kept := 0
	for _, p := range packets {
		kept += len(p.data)
	}
	last := packets[blocks-1]
	if kept > maxContent+blocks*200 || last.length-len(last.data) != len(content) {
		t.Errorf("%d bytes kept, the last packet has %d of %d", kept, len(last.data), last.length)
	}
}
