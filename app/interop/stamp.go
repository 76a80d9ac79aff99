//go:build linux

package interop

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Stamped is a UDP socket of loopback whose datagrams bear the kernel's time of
// arrival: what is measured is the sender, not how busy the reader is.
type Stamped struct {
	*net.UDPConn
	Port int
}

// ListenStamped opens a socket on a free port of 127.0.0.1, or on port.
func ListenStamped(t testing.TB, port int) *Stamped {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	raw, err := conn.SyscallConn()
	if err == nil {
		controlErr := raw.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
		})
		if err == nil {
			err = controlErr
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return &Stamped{conn, conn.LocalAddr().(*net.UDPAddr).Port}
}

// Read takes one datagram and the time at which the kernel had it.
func (s *Stamped) Read(buf []byte) (n int, at time.Time, from *net.UDPAddr, err error) {
	oob := make([]byte, 64)
	n, m, _, from, err := s.ReadMsgUDP(buf, oob)
	if err != nil {
		return 0, time.Time{}, nil, err
	}
	return n, stamp(oob[:m]), from, nil
}
