package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"

	"deskset/provisioning/tftp"
)

// Of RFC 1350, section 5.
const (
	tftpPort   = 69
	tftpHeader = 4
	tftpData   = 3
	tftpError  = 5
)

// maxContent is how much of one file is shown. More is an image, which would
// fill the trace.
const maxContent = 128 << 10

// TFTP is the hook of tftp.Client.
func (t *Trace) TFTP() func() tftp.Tap {
	c := t.file()
	if c == nil {
		return nil
	}
	return func() tftp.Tap { return (&transfer{c: c}).packet }
}

// transfer is one transfer of a file. Its blocks are masked one after the other
// as the text that they are together.
type transfer struct {
	c *capture
	// odd is the port of a server that does not listen on TFTP's, else 0. Since
	// Wireshark knows TFTP by its port only, the packets become exported PDUs
	// that name it.
	odd     uint16
	begun   bool
	masker  masker
	size    int
	last    uint16 // block
	raw     []byte // that block
	shown   []byte // that block, masked
	secrets bool   // it had any
}

func (f *transfer) packet(out bool, local, remote netip.AddrPort, packet []byte) {
	if !f.begun && remote.Port() != tftpPort {
		f.odd = remote.Port()
	}
	f.begun = true
	r := &record{place: onUDP, out: out, name: "tftp", local: local, remote: remote, length: len(packet)}
	if f.odd != 0 {
		r.place = onPDU
	}
	if remote.Port() == f.odd {
		r.remote = netip.AddrPortFrom(remote.Addr(), tftpPort)
		r.comment = fmt.Sprintf("the server's port is %d, shown as %d for Wireshark", f.odd, tftpPort)
	}
	op := uint16(0)
	if !out && len(packet) >= tftpHeader {
		op = binary.BigEndian.Uint16(packet)
	}
	switch op {
	case tftpData:
		r.data = append(r.data, packet[:tftpHeader]...)
		content, secrets := f.block(binary.BigEndian.Uint16(packet[2:]), packet[tftpHeader:])
		r.data = append(r.data, content...)
		if secrets {
			r.comment = "secrets masked"
		}
	case tftpError:
		r.data = bytes.Clone(packet)
		(&masker{}).mask(r.data[tftpHeader:])
	default:
		r.data = bytes.Clone(packet)
	}
	f.c.tell(r)
}

// block gives what may be seen of a block: nothing behind the beginning of a
// large file, the same again of one that came twice, and nothing in clear of one
// that is out of turn.
func (f *transfer) block(number uint16, content []byte) (shown []byte, secrets bool) {
	switch {
	case number == f.last && bytes.Equal(content, f.raw):
		return f.shown, f.secrets
	case number != f.last+1:
		return bytes.Repeat([]byte("*"), len(content)), true
	}
	f.last = number
	f.raw = append(f.raw[:0], content...)
	f.shown, f.secrets = nil, false
	if f.size += len(content); f.size <= maxContent {
		f.shown = bytes.Clone(content)
		before := f.masker.hidden
		f.masker.mask(f.shown)
		f.secrets = f.masker.hidden > before
	}
	return f.shown, f.secrets
}
