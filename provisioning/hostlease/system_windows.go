package hostlease

import (
	"context"
	"strings"

	"golang.org/x/sys/windows/registry"
)

// interfaces is the key of all interfaces' settings.
const interfaces = `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`

// system reads the keys of all interfaces, as their names are not those of
// on.name; the address tells which is meant.
func system(_ context.Context, on port) (all []found) {
	top, err := registry.OpenKey(registry.LOCAL_MACHINE, interfaces, registry.ENUMERATE_SUB_KEYS)
	if err != nil {
		return nil
	}
	defer top.Close()
	names, err := top.ReadSubKeyNames(-1)
	if err != nil {
		return nil
	}
	for _, name := range names {
		path := interfaces + `\` + name
		k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
		if err != nil {
			continue
		}
		if l, err := parseRegistry(readValues(k)).lease(); err == nil {
			all = append(all, found{l, `HKEY_LOCAL_MACHINE\` + path})
		}
		k.Close()
	}
	return all
}

func readValues(k registry.Key) values {
	v := values{text: map[string]string{}, number: map[string]uint64{}}
	texts := []string{"DhcpIPAddress"}
	for _, t := range windowsTexts {
		texts = append(texts, t.name)
	}
	for _, name := range texts {
		if s, _, err := k.GetStringValue(name); err == nil {
			v.text[name] = s
		} else if list, _, err := k.GetStringsValue(name); err == nil {
			v.text[name] = strings.Join(list, " ")
		}
	}
	for _, name := range []string{"LeaseObtainedTime", "LeaseTerminatesTime"} {
		if n, _, err := k.GetIntegerValue(name); err == nil {
			v.number[name] = n
		}
	}
	if b, _, err := k.GetBinaryValue("DhcpInterfaceOptions"); err == nil {
		v.options = b[:min(len(b), maxText)]
	}
	return v
}
