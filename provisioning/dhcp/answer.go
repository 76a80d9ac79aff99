package dhcp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// The message's fixed fields (RFC 2131, 2), which end with the cookie.
const (
	offsetServerName = 44
	offsetFile       = 108
	offsetCookie     = 236
	fixedFields      = 240
)

// Bounds of what an answer may give: the phone has fields for five routers and
// DNS servers (guide 3-3), names go into 255 bytes.
const (
	maxList = 5
	maxName = 255
)

const (
	infinite = 0xffffffff // RFC 2131, 3.3

	// unsaid is the time of a lease for which the server, against RFC 2131,
	// gives none.
	unsaid = time.Hour

	tftpServers = dhcpv4.GenericOptionCode(150) // RFC 5859
)

// Parse reads a DHCP message that a server sent and somebody stored, and gives
// its lease, which began at start. It fails for messages that give no address.
func Parse(message []byte, start time.Time) (Lease, error) {
	m, err := parseMessage(message)
	if err != nil {
		return Lease{}, err
	}
	return leaseOf(m, start)
}

// Stored is the lease of an operating system that began at start: the address,
// the fields siaddr and file, if they are set, and the options by their codes.
// It obeys the same rules as one that comes from a server.
func Stored(address, next netip.Addr, file string, options map[uint8][]byte, start time.Time) (Lease, error) {
	m := &dhcpv4.DHCPv4{YourIPAddr: address.AsSlice(), ServerIPAddr: next.AsSlice(), BootFileName: file, Options: maps.Clone(options)}
	if m.Options == nil {
		m.Options = dhcpv4.Options{}
	}
	m.UpdateOption(dhcpv4.OptMessageType(dhcpv4.MessageTypeAck))
	return leaseOf(m, start)
}

// parseMessage reads an answer. The module reads fields and options; it wants
// an end that old servers leave out, and does not know that options may stand
// in the fields for names (option 52: RFC 2132, 9.3).
func parseMessage(b []byte) (*dhcpv4.DHCPv4, error) {
	if len(b) < fixedFields || len(b) > frame.MaxPayload {
		return nil, fmt.Errorf("message of %d bytes: want %d to %d", len(b), fixedFields, frame.MaxPayload)
	}
	m, err := dhcpv4.FromBytes(append(slices.Clone(b[:fixedFields]), dhcpv4.OptionEnd.Code()))
	if err != nil {
		return nil, err
	}
	if m.OpCode != dhcpv4.OpcodeBootReply {
		return nil, errors.New("not an answer")
	}
	if err := m.Options.FromBytes(b[fixedFields:]); err != nil {
		return nil, err
	}
	const inFile, inServerName = 1, 2
	overload := m.Options.Get(dhcpv4.OptionOptionOverload)
	if len(overload) != 1 {
		overload = []byte{0}
	}
	// The order is that of RFC 3396, 5.
	for _, area := range []struct {
		bit  byte
		data []byte
		name *string
	}{
		{inFile, b[offsetFile:offsetCookie], &m.BootFileName},
		{inServerName, b[offsetServerName:offsetFile], &m.ServerHostName},
	} {
		if overload[0]&area.bit == 0 {
			continue
		}
		*area.name = ""
		if err := m.Options.FromBytes(area.data); err != nil {
			return nil, err
		}
	}
	if kind := m.Options.Get(dhcpv4.OptionDHCPMessageType); kind != nil && len(kind) != 1 {
		return nil, fmt.Errorf("message type of %d bytes", len(kind))
	}
	return m, nil
}

// leaseOf reads what an OFFER, ACK or BOOTP reply gives.
func leaseOf(m *dhcpv4.DHCPv4, start time.Time) (Lease, error) {
	address, ok := host(m.YourIPAddr)
	if !ok {
		return Lease{}, fmt.Errorf("it gives the address %v, which no host can have", m.YourIPAddr)
	}
	l := settingsOf(m)
	l.Start = start
	l.Address = netip.PrefixFrom(address, prefixLength(m.Options.Get(dhcpv4.OptionSubnetMask), address))
	if !assignable(l.Address) {
		return Lease{}, fmt.Errorf("it gives the address %v, which is the network's own or its broadcast address", l.Address)
	}
	if l.BOOTP {
		return l, nil // for ever: RFC 1534, 2
	}
	return l, setTimes(&l, m.Options)
}

// settingsOf reads all that does not belong to an address of its own.
func settingsOf(m *dhcpv4.DHCPv4) Lease {
	l := Lease{
		Routers:  hosts(m.Options.Get(dhcpv4.OptionRouter)),
		DNS:      hosts(m.Options.Get(dhcpv4.OptionDomainNameServer)),
		NTP:      hosts(m.Options.Get(dhcpv4.OptionNTPServers)),
		TFTP:     hosts(m.Options.Get(tftpServers)),
		TFTPName: name(m.Options.Get(dhcpv4.OptionTFTPServerName)),
		BootFile: name(m.Options.Get(dhcpv4.OptionBootfileName)),
		Domain:   name(m.Options.Get(dhcpv4.OptionDomainName)),
		BOOTP:    m.MessageType() == dhcpv4.MessageTypeNone,
	}
	if l.BootFile == "" {
		l.BootFile = name([]byte(m.BootFileName))
	}
	l.Server, _ = host(m.Options.Get(dhcpv4.OptionServerIdentifier))
	l.NextServer, _ = host(m.ServerIPAddr)
	return l
}

// setTimes reads the lease's times. T1 and T2 that are missing or out of order
// are half and seven eighths of the lease (RFC 2131, 4.4.5).
func setTimes(l *Lease, options dhcpv4.Options) error {
	l.Time = unsaid
	if t, ok := seconds(options.Get(dhcpv4.OptionIPAddressLeaseTime)); ok {
		if t == 0 {
			return errors.New("its lease is of 0 seconds")
		}
		l.Time = t
	}
	if l.Time == infinite*time.Second {
		l.Time = 0
		return nil
	}
	t1, _ := seconds(options.Get(dhcpv4.OptionRenewTimeValue))
	t2, _ := seconds(options.Get(dhcpv4.OptionRebindingTimeValue))
	if t2 == 0 || t2 >= l.Time {
		t2 = l.Time / 8 * 7
	}
	if t1 == 0 || t1 >= t2 {
		t1 = min(l.Time/2, t2)
	}
	l.T1, l.T2 = t1, t2
	return nil
}

func seconds(b []byte) (time.Duration, bool) {
	if len(b) != 4 {
		return 0, false
	}
	return time.Duration(binary.BigEndian.Uint32(b)) * time.Second, true
}

// host reads an address of 4 bytes that a host can have.
func host(b []byte) (netip.Addr, bool) {
	const thisNetwork, classE = 0, 240 // RFC 1122, 3.2.1.3; RFC 1112, 4
	a, ok := netip.AddrFromSlice(b)
	if !ok || !a.Is4() {
		return netip.Addr{}, false
	}
	first := a.As4()[0]
	if first == thisNetwork || first >= classE || a.IsLoopback() || a.IsMulticast() {
		return netip.Addr{}, false
	}
	return a, true
}

// hosts reads a list of addresses. A list whose length is no multiple of 4 is
// none, as RFC 2132 has it; addresses that are no host's are left out.
func hosts(b []byte) (list []netip.Addr) {
	if len(b)%4 != 0 {
		return nil
	}
	for one := range slices.Chunk(b, 4) {
		if a, ok := host(one); ok && len(list) < maxList && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// prefixLength reads a mask; one that is missing or has holes is that of the
// address's class (RFC 791, 3.2).
func prefixLength(mask []byte, address netip.Addr) int {
	if len(mask) == 4 {
		bits := binary.BigEndian.Uint32(mask)
		ones := 0
		for bits&(1<<31) != 0 {
			bits <<= 1
			ones++
		}
		if bits == 0 && ones > 0 {
			return ones
		}
	}
	switch first := address.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// assignable is false for the first and last address of a network, which mean
// the network and all its hosts (RFC 1122, 3.2.1.3). Networks of two have
// neither (RFC 3021).
func assignable(p netip.Prefix) bool {
	if p.Bits() > 30 {
		return true
	}
	a := p.Addr().As4()
	rest := binary.BigEndian.Uint32(a[:]) << p.Bits()
	return rest != 0 && rest>>p.Bits() != 1<<(32-p.Bits())-1
}

// name reads a text, which servers may end with NUL (RFC 2132, 2). One with
// control characters or of another alphabet names nothing.
func name(b []byte) string {
	s := strings.TrimRight(string(b), "\x00 ")
	if len(s) > maxName || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return s
}
