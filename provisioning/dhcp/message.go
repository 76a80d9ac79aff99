package dhcp

import (
	"net/netip"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/iana"
)

// Ports (RFC 2131, 4.1).
const (
	portServer = 67
	portClient = 68
)

// maxMessage is option 57: a whole datagram, as this client joins no fragments.
const maxMessage = 1500

// wanted is option 55, the options that the instrument uses.
var wanted = []dhcpv4.OptionCode{
	dhcpv4.OptionSubnetMask, dhcpv4.OptionRouter, dhcpv4.OptionDomainNameServer, dhcpv4.OptionHostName, dhcpv4.OptionDomainName,
	dhcpv4.OptionNTPServers, dhcpv4.OptionRequestedIPAddress, dhcpv4.OptionTFTPServerName, dhcpv4.OptionBootfileName,
	dhcpv4.GenericOptionCode(120), tftpServers, dhcpv4.OptionClassIdentifier,
}

// identity is what each message says of the sender.
type identity struct {
	mac      frame.MAC
	hostName string
}

// clientID is option 61: Ethernet and the address (RFC 2132, 9.14). Servers
// that know phones by their address have it in one form or the other; with the
// option, a host name or VLAN that changes does not make another client of it.
func (i identity) clientID() []byte {
	return append([]byte{byte(iana.HWTypeEthernet)}, i.mac[:]...)
}

// bare is a message without options but those that all have.
func (i identity) bare(kind dhcpv4.MessageType, xid dhcpv4.TransactionID) *dhcpv4.DHCPv4 {
	return &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootRequest, HWType: iana.HWTypeEthernet, ClientHWAddr: i.mac[:], TransactionID: xid,
		Options: dhcpv4.OptionsFromList(dhcpv4.OptMessageType(kind), dhcpv4.OptClientIdentifier(i.clientID())),
	}
}

// asking is a message that asks for settings (RFC 2131, table 5). after is how
// long the client has been asking, which goes into the field secs.
func (i identity) asking(kind dhcpv4.MessageType, xid dhcpv4.TransactionID, after time.Duration) *dhcpv4.DHCPv4 {
	m := i.bare(kind, xid)
	m.NumSeconds = uint16(min(max(after, 0)/time.Second, 0xffff))
	m.UpdateOption(dhcpv4.OptParameterRequestList(wanted...))
	m.UpdateOption(dhcpv4.OptClassIdentifier(VendorClass))
	m.UpdateOption(dhcpv4.OptMaxMessageSize(maxMessage))
	if i.hostName != "" {
		m.UpdateOption(dhcpv4.OptHostName(i.hostName))
	}
	return m
}

// withAddress sets options 50 and 54, each if it is valid.
func withAddress(m *dhcpv4.DHCPv4, requested, server netip.Addr) *dhcpv4.DHCPv4 {
	if requested.IsValid() {
		m.UpdateOption(dhcpv4.OptRequestedIPAddress(requested.AsSlice()))
	}
	if server.IsValid() {
		m.UpdateOption(dhcpv4.OptServerIdentifier(server.AsSlice()))
	}
	return m
}
