package hostlease

import (
	"strings"
)

// parseKeyValue reads what systemd-networkd and NetworkManager write: lines of
// the form NAME=value. Private options, as OPTION_150, are in hexadecimal.
func parseKeyValue(text string) record {
	var r record
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		value = strings.Trim(value, `"`)
		switch name {
		case "ADDRESS":
			r.address = address(value)
		case "NEXT_SERVER", "next-server": // the second: NetworkManager, of a device
			r.next = address(value)
		case "dhcp-bootfile":
			r.file = value
		default:
			r.setNamed(name, func(as kind) []byte {
				if strings.HasPrefix(name, "OPTION_") {
					return octets(value)
				}
				return encode(value, as)
			})
		}
	}
	return r
}
