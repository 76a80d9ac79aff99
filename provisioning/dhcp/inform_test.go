package dhcp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// answering is a server on loopback that gives what reply makes of a request.
func answering(t *testing.T, reply func(n int, m *dhcpv4.DHCPv4) []*dhcpv4.DHCPv4) netip.AddrPort {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for count := 0; ; count++ {
			n, from, err := conn.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			m, err := dhcpv4.FromBytes(buffer[:n])
			if err != nil {
				t.Errorf("INFORM: %v", err)
				return
			}
			for _, r := range reply(count, m) {
				conn.WriteToUDPAddrPort(r.ToBytes(), from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// ack answers INFORM with option 150.
func ack(t *testing.T, m *dhcpv4.DHCPv4) *dhcpv4.DHCPv4 {
	r, err := dhcpv4.NewReplyFromRequest(m, dhcpv4.WithMessageType(dhcpv4.MessageTypeAck), dhcpv4.WithClientIP(m.ClientIPAddr),
		dhcpv4.WithNetmask(net.CIDRMask(24, 32)), dhcpv4.WithGeneric(tftpServers, []byte{192, 0, 2, 5}))
	if err != nil {
		t.Error(err)
	}
	return r
}

var (
	loopback = netip.MustParseAddr("127.0.0.1")
	informer = identity{mac: frame.MAC{2, 0, 0, 0, 0, 9}}
)

func TestInformTakesTheAnswerToItsQuestionOnly(t *testing.T) {
	server := answering(t, func(n int, m *dhcpv4.DHCPv4) []*dhcpv4.DHCPv4 {
		if n == 0 {
			return nil // lost
		}
		if m.MessageType() != dhcpv4.MessageTypeInform || !m.ClientIPAddr.Equal(net.IPv4(127, 0, 0, 1)) || m.ClassIdentifier() != VendorClass {
			t.Errorf("%s", m.Summary())
		}
		wrongXID, wrongHost, nak, fine := ack(t, m), ack(t, m), ack(t, m), ack(t, m)
		wrongXID.TransactionID[0]++
		wrongHost.ClientIPAddr = net.IPv4(192, 0, 2, 7)
		nak.UpdateOption(dhcpv4.OptMessageType(dhcpv4.MessageTypeNak))
		for _, r := range []*dhcpv4.DHCPv4{wrongXID, wrongHost, nak} {
			r.UpdateOption(dhcpv4.OptGeneric(tftpServers, []byte{6, 6, 6, 6}))
		}
		return []*dhcpv4.DHCPv4{wrongXID, wrongHost, nak, fine}
	})
	l, err := informAt(t.Context(), server, loopback, informer, nil)
	if err != nil || len(l.TFTP) != 1 || l.TFTP[0] != netip.MustParseAddr("192.0.2.5") || l.Address != netip.MustParsePrefix("127.0.0.1/24") || l.Time != 0 {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestInformEndsInTime(t *testing.T) {
	silent := answering(t, func(int, *dhcpv4.DHCPv4) []*dhcpv4.DHCPv4 { return nil })
	start := time.Now()
	if _, err := informAt(t.Context(), silent, loopback, informer, nil); !errors.Is(err, ErrTimeout) || time.Since(start) > informTime+time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := informAt(ctx, silent, loopback, informer, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Inform(t.Context(), netip.Addr{}, netip.Addr{}, nil, nil); err == nil {
		t.Error("no address, no hardware address: no error")
	}
}
