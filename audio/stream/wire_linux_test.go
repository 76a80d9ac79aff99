package stream

import (
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskset/audio"
)

// marked listens and tells the TOS byte or traffic class of what arrives.
func marked(t *testing.T, addr string) (netip.AddrPort, func() int) {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(addr)))
	if err != nil {
		t.Skipf("%s: %v", addr, err)
	}
	t.Cleanup(func() { conn.Close() })
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	const recvTClass = 66 // IPV6_RECVTCLASS
	if err := raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_RECVTOS, 1)
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, recvTClass, 1)
	}); err != nil {
		t.Fatal(err)
	}
	return conn.LocalAddr().(*net.UDPAddr).AddrPort(), func() int {
		buf, oob := make([]byte, 2048), make([]byte, 256)
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, n, _, _, err := conn.ReadMsgUDP(buf, oob)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := syscall.ParseSocketControlMessage(oob[:n])
		if err != nil {
			t.Fatal(err)
		}
		const tclass = 67 // IPV6_TCLASS
		for _, m := range messages {
			if m.Header.Level == syscall.IPPROTO_IP && m.Header.Type == syscall.IP_TOS || m.Header.Level == syscall.IPPROTO_IPV6 && m.Header.Type == tclass {
				return int(m.Data[0])
			}
		}
		return -1
	}
}

// TestTheWireCarriesTheDSCP: RTP and RTCP, over IPv4, IPv6, and IPv4 from a socket
// that is bound to all addresses.
func TestTheWireCarriesTheDSCP(t *testing.T) {
	for _, c := range []struct{ name, local, peer string }{
		{"IPv4", "127.0.0.1", "127.0.0.1:0"}, {"IPv6", "::1", "[::1]:0"}, {"all, to IPv4", "", "127.0.0.1:0"}, {"all, to IPv6", "", "[::1]:0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to, rtp := marked(t, c.peer)
			control, rtcp := marked(t, c.peer)
			var cfg audio.StreamConfig
			if c.local != "" {
				cfg.Local = netip.MustParseAddr(c.local)
			}
			s, err := newStream(cfg, clock)
			if err != nil {
				t.Skip(err)
			}
			defer s.Close()
			p := params(to)
			p.DSCP, p.RemoteControl = 40, control // tos_media 5
			if err := s.Start(p); err != nil {
				t.Fatal(err)
			}
			if got := rtp(); got != 40<<2 {
				t.Errorf("RTP marked %#x, want %#x", got, 40<<2)
			}
			s.reportSoon()
			if got := rtcp(); got != 40<<2 {
				t.Errorf("RTCP marked %#x, want %#x", got, 40<<2)
			}
			p.DSCP = 0 // and no more
			if err := s.Start(p); err != nil {
				t.Fatal(err)
			}
			s.Write(make([]float32, cardRate/50))
			if got := rtp(); got != 0 {
				t.Errorf("marked %#x after it was switched off", got)
			}
		})
	}
}

// TestPortsRunOutAndComeBack: a range of three pairs, one of which another program
// has half of.
func TestPortsRunOutAndComeBack(t *testing.T) {
	probe, err := New(audio.StreamConfig{Local: loopback, PortLow: 21000, PortHigh: 29000})
	if err != nil {
		t.Fatal(err)
	}
	low := probe.LocalPort()
	if err := probe.Close(); err != nil {
		t.Fatal(err)
	}
	cfg := audio.StreamConfig{Local: loopback, PortLow: low, PortHigh: low + 5}
	other, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, low+3)))
	if err != nil {
		t.Skip(err)
	}
	defer other.Close()
	var open []*Stream
	for range 2 {
		s, err := New(cfg)
		if err != nil {
			t.Skipf("another program is here: %v", err)
		}
		open = append(open, s)
		if s.LocalPort() == low+2 {
			t.Error("a pair of which one is taken")
		}
	}
	if s, err := New(cfg); err == nil || !strings.Contains(err.Error(), "none is free") {
		t.Fatalf("a third: %v %v", s, err)
	}
	if err := open[0].Close(); err != nil {
		t.Fatal(err)
	}
	s, err := New(cfg)
	if err != nil || s.LocalPort() != open[0].LocalPort() {
		t.Fatalf("%v: a port that is free again is not found", err)
	}
	_, _ = s.Close(), open[1].Close()
}
