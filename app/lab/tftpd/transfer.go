package tftpd

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// A packet that is not acknowledged is repeated so often, in such distances:
// the lab's network is loopback, its clients may be slow.
const (
	repeatAfter = 250 * time.Millisecond
	maxRepeats  = 20
	// maxEndless ends a transfer without end after so many blocks.
	maxEndless = 1 << 24
)

// transfer sends one file.
type transfer struct {
	s      *Server
	conn   *net.UDPConn
	peer   netip.AddrPort
	packet []byte // the request, to know it again
	req    request
	// heard is set when the client has acknowledged anything.
	heard atomic.Bool
}

func (t *transfer) run() {
	defer t.s.end(t)
	data, err := t.s.open(t.req.name)
	switch fault := t.s.ill(); {
	case fault.Error != "":
		t.refuse(codeUndefined, fault.Error)
	case errors.Is(err, fs.ErrNotExist):
		t.refuse(codeNotFound, "File not found") // the text of RFC 1350
	case err != nil:
		t.refuse(codeUndefined, err.Error())
	default:
		if t.req.netascii {
			data = toNetascii(data)
		}
		sent, whole := t.serve(data, fault)
		t.s.log.Info("lab: TFTP request", "file", shorten(t.req.name), "bytes", sent, "whole", whole)
	}
}

func (t *transfer) refuse(code uint16, text string) {
	t.s.log.Info("lab: TFTP request refused", "file", shorten(t.req.name), "reason", shorten(text))
	t.send(packError(code, text))
}

// serve sends the file; it tells how much of it was acknowledged, and whether
// that was all.
func (t *transfer) serve(data []byte, f Fault) (sent int, whole bool) {
	size := int64(len(data)) + f.Extra
	if f.Endless {
		size = -1
	}
	if oack := t.req.oack(size); oack != nil && !t.deliver(oack, 0) {
		return 0, false
	}
	next := chunks(data, t.req.blockSize)
	if f.Endless {
		next = endless(data, t.req.blockSize)
	}
	for number := uint16(1); ; number++ { // it begins anew at 0: RFC 1350 does not say, all do
		chunk, more := next()
		if !t.pause(t.s.ill().Delay) || !t.deliver(packData(number, chunk), number) {
			return sent, false
		}
		sent += len(chunk)
		if !more {
			return sent, true
		}
	}
}

// chunks divides a file into blocks; the last one is shorter than the others,
// and may be empty (RFC 1350 section 6).
func chunks(data []byte, size int) func() (chunk []byte, more bool) {
	return func() ([]byte, bool) {
		n := min(size, len(data))
		chunk := data[:n]
		data = data[n:]
		return chunk, n == size
	}
}

// endless gives full blocks of the file over and over.
func endless(data []byte, size int) func() ([]byte, bool) {
	if len(data) == 0 {
		data = []byte{0}
	}
	at, blocks := 0, 0
	return func() ([]byte, bool) {
		chunk := make([]byte, size)
		for i := range chunk {
			chunk[i] = data[at%len(data)]
			at++
		}
		blocks++
		return chunk, blocks < maxEndless
	}
}

// pause waits; false if the server closes.
func (t *transfer) pause(d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-t.s.done:
		return false
	}
}

// deliver sends a packet until it is acknowledged; false if the client has
// ended the transfer or says nothing.
func (t *transfer) deliver(packet []byte, number uint16) bool {
	wait, tries := repeatAfter, maxRepeats
	if t.req.timeout > 0 { // the client sets the pace (RFC 2349)
		wait, tries = t.req.timeout, 5
	}
	for range tries {
		t.send(packet)
		switch acked, over := t.await(number, time.Now().Add(wait)); {
		case over:
			return false
		case acked:
			t.heard.Store(true)
			return true
		}
	}
	return false
}

// send sends a packet unless the fault loses it.
func (t *transfer) send(packet []byte) {
	if !t.s.ill().Silent && !t.s.loses() {
		_, _ = t.conn.WriteToUDPAddrPort(packet, t.peer)
	}
}

// await waits for the acknowledgement of a packet. Those of others are not
// answered, or each packet that was doubled would double all that follow (RFC
// 1123 section 4.2.3.1).
func (t *transfer) await(number uint16, deadline time.Time) (acked, over bool) {
	var buf [maxRequestSize]byte
	_ = t.conn.SetReadDeadline(deadline)
	for {
		n, from, err := t.conn.ReadFromUDPAddrPort(buf[:])
		var timeout net.Error
		switch {
		case errors.Is(err, net.ErrClosed):
			return false, true
		case errors.As(err, &timeout) && timeout.Timeout():
			return false, false
		case err != nil || t.s.loses():
		case plain(from) != t.peer:
			// Somebody else's packet does not end the transfer (RFC 1350 section 4).
			_, _ = t.conn.WriteToUDPAddrPort(packError(codeUnknownTID, "Unknown transfer ID"), from)
		case n < 4:
		case binary.BigEndian.Uint16(buf[:]) == opERROR:
			return false, true
		case binary.BigEndian.Uint16(buf[:]) == opACK && binary.BigEndian.Uint16(buf[2:]) == number:
			return true, false
		}
	}
}
