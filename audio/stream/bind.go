package stream

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Ports that are used when none are set (guide, start_media_port and
// end_media_port).
const (
	defaultPortLow  = 16384
	defaultPortHigh = 32766
)

// bind opens a pair of ports: RTP on an even one within the range, RTCP on the
// next (RFC 3550 section 11). It begins at random, so that a port which a late
// packet of the last call still looks for is not taken again at once.
func bind(local netip.Addr, low, high uint16) (rtp, rtcp *net.UDPConn, err error) {
	if low == 0 && high == 0 {
		low, high = defaultPortLow, defaultPortHigh
	}
	first, last := (uint32(low)+1)&^1, uint32(high)&^1
	if low == 0 || first > last {
		return nil, nil, fmt.Errorf("media ports %d to %d: no even port in the range; check start_media_port and end_media_port", low, high)
	}
	count := (last-first)/2 + 1
	start := rand.Uint32N(count)
	for i := range count {
		port := uint16(first + 2*((start+i)%count))
		if rtp, err = listen(local, port); err != nil {
			continue
		}
		if rtcp, err = listen(local, port+1); err == nil {
			return rtp, rtcp, nil
		}
		_ = rtp.Close()
	}
	return nil, nil, fmt.Errorf("media ports %d to %d: none is free: %w", low, high, err)
}

func listen(local netip.Addr, port uint16) (*net.UDPConn, error) {
	var addr net.UDPAddr
	if local.IsValid() {
		addr = *net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, port))
	} else {
		addr.Port = int(port)
	}
	return net.ListenUDP("udp", &addr)
}

// mark sets the DSCP of what is sent (RFC 2474: the upper six bits of the TOS
// byte). A system that does not let us is no reason to have no call.
func mark(conn *net.UDPConn, dscp uint8) {
	tos := int(dscp&0x3F) << 2
	_ = ipv4.NewConn(conn).SetTOS(tos)
	_ = ipv6.NewConn(conn).SetTrafficClass(tos)
}
