package transport

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// wantErrors asks the kernel to keep ICMP errors for us: our socket is not
// connected, so it would drop them, and a dead server would cost the whole
// time-out. Without it the time-out still ends the wait: failing is no error.
func wantErrors(c *net.UDPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.SOL_IP, unix.IP_RECVERR, 1)
		_ = unix.SetsockoptInt(int(fd), unix.SOL_IPV6, unix.IPV6_RECVERR, 1)
	})
}

// maxErrors bounds how many errors are read in one go.
const maxErrors = 64

// errorsOf empties the socket's queue of errors and tells of each that RFC
// 3261 section 18.4 counts as a failure to send. It is true if there was any
// error, of whatever kind.
func errorsOf(c *net.UDPConn, tell func(to netip.AddrPort, err error)) (any bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		var data [1]byte // of our datagram; nobody needs it
		var control [512]byte
		for range maxErrors {
			_, size, _, from, err := unix.Recvmsg(int(fd), data[:], control[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
			if err != nil {
				return
			}
			any = true
			if to, cause := readError(control[:size], from); cause != nil {
				tell(to, cause)
			}
		}
	})
	return any
}

// readError reads one error with the address that our datagram went to.
func readError(control []byte, from unix.Sockaddr) (netip.AddrPort, error) {
	messages, err := unix.ParseSocketControlMessage(control)
	to, ok := addrPort(from)
	if err != nil || !ok {
		return to, nil
	}
	for _, m := range messages {
		ours := m.Header.Level == unix.SOL_IP && m.Header.Type == unix.IP_RECVERR ||
			m.Header.Level == unix.SOL_IPV6 && m.Header.Type == unix.IPV6_RECVERR
		// struct sock_extended_err: errno, origin, type, code (recvmsg(2), ip(7)).
		if ours && len(m.Data) >= 8 && fatal(m.Data[4], m.Data[5], m.Data[6]) {
			cause := syscall.Errno(binary.NativeEndian.Uint32(m.Data))
			return to, fmt.Errorf("sending to %v by UDP: %w", to, cause)
		}
	}
	return to, nil
}

// fatal are the ICMP errors of RFC 3261 section 18.4: unreachable, except for
// want of fragmentation, and parameter problem.
func fatal(origin, kind, code uint8) bool {
	switch origin {
	case unix.SO_EE_ORIGIN_ICMP:
		return kind == 3 && code != 4 || kind == 12
	case unix.SO_EE_ORIGIN_ICMP6:
		return kind == 1 || kind == 4
	}
	return false
}

func addrPort(s unix.Sockaddr) (netip.AddrPort, bool) {
	switch s := s.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(s.Addr), uint16(s.Port)), true
	case *unix.SockaddrInet6:
		a := netip.AddrFrom16(s.Addr).Unmap()
		if s.ZoneId != 0 && a.Is6() {
			if ifi, err := net.InterfaceByIndex(int(s.ZoneId)); err == nil {
				a = a.WithZone(ifi.Name)
			}
		}
		return netip.AddrPortFrom(a, uint16(s.Port)), true
	}
	return netip.AddrPort{}, false
}
