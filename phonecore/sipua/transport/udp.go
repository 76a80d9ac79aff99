package transport

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"runtime/debug"
	"time"

	"deskset/phonecore/sipua/wire"
)

// readPause is how long the reader waits after an error of the socket, so that
// a lasting one does not become a busy loop.
const readPause = 20 * time.Millisecond

// writeDatagram sends a datagram. An ICMP error about an earlier one, to
// whomever, makes the kernel refuse the next: then it is sent again.
func (n *Net) writeDatagram(data []byte, to netip.AddrPort) (err error) {
	for range writeTries {
		if _, err = n.udp.WriteToUDPAddrPort(data, to); err == nil {
			return nil
		}
		n.readErrors() // unless the reader has done so
	}
	return err
}

const writeTries = 3

// readErrors tells of the ICMP errors that have come; it is false if none has.
func (n *Net) readErrors() bool {
	return errorsOf(n.udp, func(to netip.AddrPort, err error) {
		n.receiver.Closed(Destination{Network: UDP, Addr: to}, err)
	})
}

// readDatagrams reads until the socket is closed. Nothing else ends it.
func (n *Net) readDatagrams() {
	buf := make([]byte, wire.MaxMessage+1)
	for {
		size, from, err := n.udp.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil && n.readErrors():
		case err != nil:
			n.o.Log.Warn("reading SIP by UDP", "cause", err)
			select {
			case <-n.ctx.Done():
				return
			case <-time.After(readPause):
			}
		default:
			n.datagram(buf[:size], from)
		}
	}
}

func (n *Net) datagram(data []byte, from netip.AddrPort) {
	defer func() {
		if r := recover(); r != nil {
			n.o.Log.Error("parsing a datagram panicked", "from", from, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	if len(bytes.Trim(data, "\r\n\x00")) == 0 {
		return // a keep-alive; over UDP it wants no answer (RFC 5626 section 4.4)
	}
	raw := bytes.Clone(data)
	m, err := wire.Parse(raw)
	n.deliver(Packet{
		From:    Destination{Network: UDP, Addr: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())},
		Message: m, Err: err, Raw: raw,
	})
}
