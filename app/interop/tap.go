//go:build linux

package interop

import (
	"encoding/binary"
	"net"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Packet is one UDP datagram on loopback, with the kernel's time.
type Packet struct {
	At       time.Time
	From, To uint16 // ports
	Data     []byte
}

// Tap sees every UDP datagram over IPv4 on loopback.
type Tap struct {
	mu  sync.Mutex
	all []Packet
}

// StartTap listens until the test ends; it takes the right to (CAP_NET_RAW).
func StartTap(t testing.TB) *Tap {
	t.Helper()
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	protocol := binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_IP))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, int(protocol))
	if err != nil {
		t.Skipf("listening on loopback takes root: %v", err)
	}
	file := os.NewFile(uintptr(fd), "tap")
	for _, err := range []error{
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 16<<20),
		unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: lo.Index}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	tap := &Tap{}
	var wg sync.WaitGroup
	wg.Go(func() { tap.read(file) })
	t.Cleanup(func() { file.Close(); wg.Wait() })
	return tap
}

func (tap *Tap) read(file *os.File) {
	raw, err := file.SyscallConn()
	if err != nil {
		return
	}
	buf, oob := make([]byte, 65536), make([]byte, 64)
	for {
		var n, m int
		var from unix.Sockaddr
		var failed error
		err := raw.Read(func(fd uintptr) bool {
			n, m, _, from, failed = unix.Recvmsg(int(fd), buf, oob, 0)
			return failed != unix.EAGAIN
		})
		if err != nil || failed != nil {
			return
		}
		// Loopback shows each packet twice, on its way out and in.
		if ll, ok := from.(*unix.SockaddrLinklayer); !ok || ll.Pkttype == unix.PACKET_OUTGOING {
			continue
		}
		tap.keep(buf[:n], stamp(oob[:m]))
	}
}

// keep takes an IPv4 packet apart (RFC 791, RFC 768).
func (tap *Tap) keep(packet []byte, at time.Time) {
	if len(packet) < 20 || packet[9] != unix.IPPROTO_UDP {
		return
	}
	udp := packet[min(int(packet[0]&15)*4, len(packet)):]
	if len(udp) < 8 {
		return
	}
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.all = append(tap.all, Packet{at, binary.BigEndian.Uint16(udp), binary.BigEndian.Uint16(udp[2:]), slices.Clone(udp[8:])})
}

// First is the first packet after a time that fits.
func (tap *Tap) First(after time.Time, fits func(Packet) bool) (Packet, bool) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for _, p := range tap.all {
		if !p.At.Before(after) && fits(p) {
			return p, true
		}
	}
	return Packet{}, false
}

// stamp is the kernel's time in a control message; now, if there is none.
func stamp(oob []byte) time.Time {
	messages, _ := unix.ParseSocketControlMessage(oob)
	for _, c := range messages {
		if c.Header.Level == unix.SOL_SOCKET && c.Header.Type == unix.SCM_TIMESTAMPNS && len(c.Data) >= 16 {
			return time.Unix(int64(binary.NativeEndian.Uint64(c.Data)), int64(binary.NativeEndian.Uint64(c.Data[8:])))
		}
	}
	return time.Now()
}
