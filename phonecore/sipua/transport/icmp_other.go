//go:build !linux

package transport

import (
	"net"
	"net/netip"
)

// wantErrors does nothing: only Linux tells a socket that is not connected
// which of its datagrams an ICMP error is about. Elsewhere the time-out ends
// the wait.
func wantErrors(*net.UDPConn) {}

func errorsOf(*net.UDPConn, func(netip.AddrPort, error)) bool { return false }
