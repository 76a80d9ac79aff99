package hostlease

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// values are those of an interface's key in Windows' registry (below Tcpip's
// Parameters\Interfaces).
type values struct {
	text    map[string]string // lists parted by blanks
	number  map[string]uint64
	options []byte // DhcpInterfaceOptions
}

// windowsTexts are the values that are options; DhcpInterfaceOptions may lack
// them.
var windowsTexts = []struct {
	name string
	code dhcpv4.OptionCode
	kind kind
}{
	{"DhcpSubnetMask", dhcpv4.OptionSubnetMask, asAddresses},
	{"DhcpDefaultGateway", dhcpv4.OptionRouter, asAddresses},
	{"DhcpNameServer", dhcpv4.OptionDomainNameServer, asAddresses},
	{"DhcpServer", dhcpv4.OptionServerIdentifier, asAddresses},
	{"DhcpDomain", dhcpv4.OptionDomainName, asText},
}

// parseRegistry makes a lease of them.
func parseRegistry(v values) record {
	r := record{address: address(v.text["DhcpIPAddress"]), options: registryOptions(v.options)}
	for _, o := range windowsTexts {
		r.set(o.code, encode(strings.TrimSpace(v.text[o.name]), o.kind))
	}
	if from, to := v.number["LeaseObtainedTime"], v.number["LeaseTerminatesTime"]; from > 0 && from < to && to <= 1<<32-1 {
		r.start = time.Unix(int64(from), 0)
		r.set(dhcpv4.OptionIPAddressLeaseTime, binary.BigEndian.AppendUint32(nil, uint32(to-from)))
	}
	return r
}

// registryOptions reads DhcpInterfaceOptions: for each option five words of 32
// bits, little endian, of which the first is the code, the third the length and
// the fourth not 0 for an option of the vendor's own; then the value, filled up
// to whole words.
func registryOptions(b []byte) map[uint8][]byte {
	const head, codeAt, lengthAt, vendorAt = 20, 0, 8, 12
	options := map[uint8][]byte{}
	for len(b) >= head {
		code, length := binary.LittleEndian.Uint32(b[codeAt:]), binary.LittleEndian.Uint32(b[lengthAt:])
		vendor := binary.LittleEndian.Uint32(b[vendorAt:]) != 0
		b = b[head:]
		if uint64(length) > uint64(len(b)) {
			break
		}
		if code <= 255 && length > 0 && !vendor {
			options[uint8(code)] = b[:length:length]
		}
		b = b[min((int(length)+3)&^3, len(b)):]
	}
	return options
}
