package hostlease

import (
	"strings"
	"testing"
	"time"

	"deskset/provisioning/dhcp"
)

// check fails for a lease that no phone could use.
func check(t *testing.T, r record) {
	l, err := r.lease()
	if err != nil {
		return
	}
	if !l.Address.IsValid() || len(l.TFTP) > 5 || len(l.TFTPName) > 255 || strings.ContainsFunc(l.TFTPName+l.BootFile+l.Domain, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%+v", l)
	}
}

func FuzzKeyValue(f *testing.F) {
	f.Add(networkd)
	f.Add("ADDRESS=192.0.2.20\nLIFETIME=99999999y 1min\nOPTION_150=0x\n=\n")
	f.Fuzz(func(t *testing.T, text string) { check(t, parseKeyValue(text)) })
}

func FuzzDhclient(f *testing.F) {
	f.Add(dhclient)
	f.Add("lease{lease {option unknown-150 \"\\400\\9\\")
	f.Add("lease { expire epoch 99999999999999999; option x; ; }")
	f.Fuzz(func(t *testing.T, text string) {
		if r, ok := parseDhclient(text, "eth0", now); ok {
			check(t, r)
		}
	})
}

func FuzzIPConfig(f *testing.F) {
	f.Add(ipconfig)
	f.Add("option_150 (opaque): \n0000 c0\n0010   zz\nx): (")
	f.Fuzz(func(t *testing.T, text string) { check(t, parseIPConfig(text)) })
}

func FuzzRegistry(f *testing.F) {
	f.Add(windowsSample().options, "192.0.2.20")
	f.Add([]byte(strings.Repeat("\xff", 41)), "")
	f.Fuzz(func(t *testing.T, options []byte, address string) {
		v := windowsSample()
		v.options, v.text["DhcpIPAddress"] = options, address
		check(t, parseRegistry(v))
	})
}

func FuzzDhcpcd(f *testing.F) {
	f.Add(message(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := dhcp.Parse(b, time.Time{}); err == nil && !l.Address.IsValid() {
			t.Errorf("%+v", l)
		}
	})
}
