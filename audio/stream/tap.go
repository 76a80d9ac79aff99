package stream

import (
	"net"
	"net/netip"

	"deskset/audio"
)

// tap shows a datagram to who traces the stream.
func (s *Stream) tap(out, control bool, conn *net.UDPConn, remote netip.AddrPort, data []byte) {
	if s.cfg.Tap == nil {
		return
	}
	p := audio.Packet{Out: out, Control: control, Remote: remote, Data: data}
	port := s.port
	if conn == s.rtcp {
		port++ // bind takes a pair
	}
	p.Local = netip.AddrPortFrom(s.cfg.Local, port)
	if n := s.session.Load(); n != nil && out {
		p.Event, p.DSCP = n.params.EventSend, n.params.DSCP
	} else if n != nil {
		p.Event = n.params.EventReceive
	}
	s.cfg.Tap(p)
}
