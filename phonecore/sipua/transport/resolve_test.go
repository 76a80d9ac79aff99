package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"deskset/phonecore/sipua/transport"
)

// zone is DNS in a table: "SRV sip udp name" and "A name".
type zone map[string]string

func (z zone) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	text, ok := z["SRV "+service+" "+proto+" "+name]
	if !ok {
		return "", nil, errors.New("no such host")
	}
	var list []*net.SRV
	for _, r := range strings.Fields(text) {
		srv := &net.SRV{}
		fmt.Sscanf(strings.Replace(r, ":", " ", 1), "%s %d", &srv.Target, &srv.Port)
		list = append(list, srv)
	}
	return "", list, nil
}

func (z zone) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	text, ok := z["A "+host]
	if !ok {
		return nil, errors.New("no such host")
	}
	var list []netip.Addr
	for _, a := range strings.Fields(text) {
		list = append(list, netip.MustParseAddr(a))
	}
	return list, nil
}

func TestServersAreFoundAsRFC3263Says(t *testing.T) {
	z := zone{
		"SRV sip udp pbx.example":  "a.example.:5070 b.example.:5080",
		"SRV sips tcp pbx.example": "a.example.:5443",
		"SRV sip tcp only.example": "b.example.:5062",
		"A a.example":              "2001:db8::1 192.0.2.1",
		"A b.example":              "192.0.2.2",
		"A pbx.example":            "192.0.2.9",
		"A pbx":                    "192.0.2.8",
	}
	for _, c := range []struct {
		target transport.Target
		want   string
	}{
		{transport.Target{Host: "192.0.2.1"}, "udp 192.0.2.1:5060"},
		{transport.Target{Network: "tls", Host: "[2001:db8::1]"}, "tls [2001:db8::1]:5061"},
		{transport.Target{Host: "pbx.example"}, "udp 192.0.2.1:5070 udp [2001:db8::1]:5070 udp 192.0.2.2:5080"},
		{transport.Target{Network: "tls", Host: "pbx.example"}, "tls 192.0.2.1:5443 tls [2001:db8::1]:5443"},
		{transport.Target{Network: "udp", Host: "pbx.example", Port: 5090}, "udp 192.0.2.9:5090"},
		{transport.Target{Network: "tcp", Host: "pbx.example"}, "tcp 192.0.2.9:5060"},
		{transport.Target{Host: "only.example"}, "tcp 192.0.2.2:5062"},
		{transport.Target{Host: "pbx"}, "udp 192.0.2.8:5060"},
	} {
		list, err := transport.DNS{Lookup: z}.Resolve(context.Background(), c.target)
		var got []string
		for _, to := range list {
			got = append(got, to.Network+" "+to.Addr.String())
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %v %v, want %s", c.target, got, err, c.want)
		}
	}
	_, err := transport.DNS{Lookup: z}.Resolve(context.Background(), transport.Target{Host: "nowhere.example"})
	if err == nil || !strings.Contains(err.Error(), "nowhere.example") || !strings.Contains(err.Error(), "check") {
		t.Error(err)
	}
}
