//go:build !linux

package tftp

import (
	"net"
	"net/netip"
)

// reportUnreachable does nothing: Windows reports ICMP errors by itself, and
// elsewhere the time-out ends the wait.
func reportUnreachable(*net.UDPConn, netip.Addr) {}
