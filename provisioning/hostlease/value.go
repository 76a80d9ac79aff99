package hostlease

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// maxText bounds a file or what a program prints; leases are of a few kB.
const maxText = 1 << 20

// kind is how the value of an option is written.
type kind uint8

const (
	asText kind = iota
	asAddresses
	asSeconds
)

// named is an option of the phone's with the names that systems give it. The
// last of 150 are what administrators call it in dhclient.conf, which has no
// name of its own for it.
var named = []struct {
	code  dhcpv4.OptionCode
	kind  kind
	names []string
}{
	{dhcpv4.OptionSubnetMask, asAddresses, []string{"NETMASK", "subnet-mask", "subnet_mask"}},
	{dhcpv4.OptionRouter, asAddresses, []string{"ROUTER", "routers", "router"}},
	{dhcpv4.OptionDomainNameServer, asAddresses, []string{"DNS", "domain-name-servers", "domain_name_server"}},
	{dhcpv4.OptionDomainName, asText, []string{"DOMAINNAME", "domain-name", "domain_name"}},
	{dhcpv4.OptionNTPServers, asAddresses, []string{"NTP", "ntp-servers", "network_time_protocol_servers"}},
	{dhcpv4.OptionServerIdentifier, asAddresses, []string{"SERVER_ADDRESS", "dhcp-server-identifier", "server_identifier"}},
	{dhcpv4.OptionIPAddressLeaseTime, asSeconds, []string{"LIFETIME", "dhcp-lease-time", "lease_time"}},
	{dhcpv4.OptionRenewTimeValue, asSeconds, []string{"T1", "dhcp-renewal-time", "renewal_t1_time_value"}},
	{dhcpv4.OptionRebindingTimeValue, asSeconds, []string{"T2", "dhcp-rebinding-time", "rebinding_t2_time_value"}},
	{dhcpv4.OptionTFTPServerName, asText, []string{"OPTION_66", "tftp-server-name", "tftp_server_name", "unknown-66", "option_66"}},
	{dhcpv4.OptionBootfileName, asText, []string{"OPTION_67", "bootfile-name", "bootfile_name", "unknown-67", "option_67"}},
	{tftpServers, asAddresses, []string{"OPTION_150", "unknown-150", "option-150", "option_150", "tftp-server-address", "tftp-servers",
		"tftp150", "voip-tftp-server", "cisco-tftp", "tftp-server"}},
}

// setNamed keeps an option by its name; names that are not known are left out.
func (r *record) setNamed(name string, value func(kind) []byte) {
	for _, o := range named {
		for _, n := range o.names {
			if n == name {
				r.set(o.code, value(o.kind))
				return
			}
		}
	}
}

// encode makes a printed value an option's; nil if it is none of that kind.
func encode(value string, as kind) []byte {
	switch as {
	case asAddresses:
		return addresses(value)
	case asSeconds:
		return duration(value)
	}
	return []byte(value)
}

// addresses reads a list of IPv4 addresses, parted by blanks or commas.
func addresses(value string) (b []byte) {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,\t{}", r) }) {
		a, err := netip.ParseAddr(word)
		if err != nil || !a.Is4() {
			return nil
		}
		b = append(b, a.AsSlice()...)
	}
	return b
}

// units are those of systemd.time(7).
var units = map[string]time.Duration{
	"": time.Second, "s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	"month": 2629800 * time.Second, "y": 31557600 * time.Second,
}

// duration reads "3600", "0xe10" or "1h 30min", and "infinity".
func duration(value string) []byte {
	const most = 1<<32 - 1
	if value == "infinity" {
		return binary.BigEndian.AppendUint32(nil, most)
	}
	if n, err := strconv.ParseUint(value, 0, 32); err == nil {
		return binary.BigEndian.AppendUint32(nil, uint32(n))
	}
	total := uint64(0)
	words := strings.Fields(value)
	for _, word := range words {
		digits := strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyz")
		n, err := strconv.ParseUint(digits, 10, 32)
		unit, ok := units[word[len(digits):]]
		if err != nil || !ok {
			return nil
		}
		if total += n * uint64(unit/time.Second); total > most {
			return nil
		}
	}
	if len(words) == 0 {
		return nil
	}
	return binary.BigEndian.AppendUint32(nil, uint32(total))
}

// octets reads bytes in hexadecimal: "c0:0:2:5", "c0 00 02 05" or "c0000205".
func octets(value string) []byte {
	words := strings.FieldsFunc(value, func(r rune) bool { return r == ':' || r == ' ' })
	if len(words) == 1 && len(words[0]) > 2 {
		b, err := hex.DecodeString(strings.TrimPrefix(words[0], "0x"))
		if err != nil {
			return nil
		}
		return b
	}
	var b []byte
	for _, word := range words {
		n, err := strconv.ParseUint(word, 16, 8)
		if err != nil {
			return nil
		}
		b = append(b, byte(n))
	}
	return b
}

// address reads one; invalid if it is none.
func address(value string) netip.Addr {
	a, _ := netip.ParseAddr(value)
	return a
}
