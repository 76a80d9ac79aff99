package tftp

import (
	"net"
	"net/netip"
	"syscall"
)

// reportUnreachable asks the kernel for ICMP errors on a socket that is not
// connected: ours cannot be, since the server answers from another port (RFC
// 1350 section 4). A dead server then costs one round trip and not the whole
// time-out. Without it the time-out still ends the wait, so failing is no
// error.
func reportUnreachable(conn *net.UDPConn, server netip.Addr) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	level, option := syscall.IPPROTO_IP, syscall.IP_RECVERR
	if server.Is6() {
		level, option = syscall.IPPROTO_IPV6, syscall.IPV6_RECVERR
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), level, option, 1)
	})
}
