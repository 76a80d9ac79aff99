package dhcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Times of Inform: all of it, and when the message is sent again.
const (
	informTime  = 2 * time.Second
	informAgain = 700 * time.Millisecond
)

// Inform asks for settings (RFC 2131, 3.4) with an ordinary socket and no right
// of any kind: the server, or all if it is invalid, as the host with this
// address and hardware address. The lease has the host's address, with a mask
// if the server gave one, and no time.
//
// It takes 2 seconds at most; its error is ErrTimeout, ctx's or the socket's.
// As its port is not 68, which is the operating system's, some servers answer
// (dnsmasq) and others do so to port 68 (ISC dhcpd, Kea), where the answer is
// lost.
func Inform(ctx context.Context, server, host netip.Addr, mac net.HardwareAddr, log *slog.Logger) (Lease, error) {
	hardware, ok := frame.Address(mac)
	if !ok || !host.Is4() || server.IsValid() && !server.Is4() {
		return Lease{}, fmt.Errorf("INFORM to %v from %v (%q): want IPv4 and Ethernet", server, host, mac)
	}
	to := netip.AddrPortFrom(server, portServer)
	if !server.IsValid() {
		to = netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), portServer)
	}
	return informAt(ctx, to, host, identity{mac: hardware}, log)
}

// informAt is Inform to a port.
func informAt(ctx context.Context, to netip.AddrPort, host netip.Addr, who identity, log *slog.Logger) (Lease, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithTimeout(ctx, informTime)
	defer cancel()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(host, 0)))
	if err != nil {
		return Lease{}, fmt.Errorf("INFORM from %v: %w", host, err)
	}
	defer conn.Close()
	// A cancelled context ends a read that is under way.
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	m := who.asking(dhcpv4.MessageTypeInform, newXID(), 0)
	m.ClientIPAddr = host.AsSlice()
	for again := time.Now().Add(informAgain); ; again = again.Add(informTime) {
		if _, err := conn.WriteToUDPAddrPort(m.ToBytes(), to); err != nil {
			return Lease{}, fmt.Errorf("INFORM to %v: %w", to, err)
		}
		l, err := informed(ctx, conn, m, again, log)
		switch {
		case err == nil:
			return l, nil
		case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
			return Lease{}, ctx.Err()
		case ctx.Err() != nil:
			return Lease{}, fmt.Errorf("%w INFORM to %v", ErrTimeout, to)
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return Lease{}, fmt.Errorf("INFORM to %v: %w", to, err)
		}
	}
}

// informed reads until the ACK comes or the time is over.
func informed(ctx context.Context, conn *net.UDPConn, asked *dhcpv4.DHCPv4, until time.Time, log *slog.Logger) (Lease, error) {
	if err := conn.SetReadDeadline(until); err != nil {
		return Lease{}, err
	}
	if ctx.Err() != nil { // it may have ended before the line above
		return Lease{}, os.ErrDeadlineExceeded
	}
	buffer := make([]byte, frame.MaxPayload+1)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return Lease{}, err
		}
		m, err := parseMessage(buffer[:n])
		if err != nil || m.MessageType() != dhcpv4.MessageTypeAck || m.TransactionID != asked.TransactionID ||
			string(m.ClientHWAddr) != string(asked.ClientHWAddr) || !m.ClientIPAddr.Equal(asked.ClientIPAddr) {
			log.Debug("not the answer to INFORM", "from", from.Addr(), "error", err)
			continue
		}
		l := settingsOf(m)
		l.Start = time.Now()
		own := netip.AddrFrom4([4]byte(asked.ClientIPAddr))
		l.Address = netip.PrefixFrom(own, prefixLength(m.Options.Get(dhcpv4.OptionSubnetMask), own))
		return l, nil
	}
}
