package boot

import (
	"context"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
)

// cable is a phone's port on a network of its own, in virtual time.
type cable struct {
	*world
	port   *linktest.Port
	server *fakeserver.Server
	dns    []netip.Addr
}

var (
	phoneMAC  = net.HardwareAddr{0, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	switchMAC = net.HardwareAddr{2, 0, 0, 0, 0, 1}
	serverMAC = net.HardwareAddr{2, 0, 0, 0, 0, 2}
)

// onCable runs a test with a switch that names vlan and a server on onVLAN; a
// vlan below 0 is no switch.
func onCable(t *testing.T, vlan, onVLAN int, o fakeserver.Options, test func(t *testing.T, c *cable)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		seg := linktest.NewSegment()
		c := &cable{world: &world{files: map[string]string{"SIPDefault.cnf": "line1_name: 7"}}, port: seg.Port("eth1", phoneMAC)}
		ctx, cancel := context.WithCancel(context.Background())
		var others sync.WaitGroup
		if vlan >= 0 {
			others.Go(func() { fakeswitch.Switch{Wire: seg.Wire(switchMAC, 0), VLAN: vlan}.Run(ctx) })
		}
		c.server = fakeserver.New(o)
		others.Go(func() { c.server.Run(ctx, seg.Wire(serverMAC, onVLAN)) })
		test(t, c)
		cancel()
		others.Wait()
	})
}

func (c *cable) start(s settings) Values {
	v, _ := start(c.world, s, func(e *Env) {
		e.Beyond.Port = func() (link.Port, error) { return c.port, nil }
		e.Beyond.UseDNS = func(servers []netip.Addr, _ string) { c.dns = servers }
	})
	return v
}

var options = fakeserver.Options{
	Routers: []netip.Addr{netip.MustParseAddr("192.0.2.254")},
	DNS:     []netip.Addr{netip.MustParseAddr("192.0.2.53")},
	TFTP:    []netip.Addr{netip.MustParseAddr("192.0.2.1")},
	Domain:  "phones.example",
}

func TestChainFromTheCable(t *testing.T) {
	onCable(t, 110, 110, options, func(t *testing.T, c *cable) {
		v := c.start(nil)
		defer v.Station.Close()
		if v.Station.VLAN() != 110 || v.MAC != testMAC {
			t.Errorf("VLAN %d, MAC %s", v.Station.VLAN(), v.MAC)
		}
		a := c.port.Addresses()[110]
		if a.Prefix != v.Lease.Address || !a.Prefix.IsValid() || a.Router != options.Routers[0] || v.Host.Domain != "phones.example" {
			t.Errorf("configured %v, lease %v, host %v", a, v.Lease, v.Host)
		}
		if !slices.Equal(c.dns, options.DNS) || v.Server != "192.0.2.1" || v.Set.Text("line1_name") != "7" {
			t.Errorf("DNS %v, server %q", c.dns, v.Server)
		}
		for i, want := range []Provenance{Simulated, Simulated, Simulated, Real} {
			if v.Reports[i].Provenance != want {
				t.Errorf("%s is %s", v.Reports[i].Stage, v.Reports[i].Provenance.Label())
			}
		}
		var packets []string
		for _, p := range append(v.Reports[1].Packets, v.Reports[2].Packets...) {
			packets = append(packets, p.What)
		}
		for _, want := range []string{"CDP", "LLDP", "DHCP DISCOVER", "DHCP OFFER", "DHCP REQUEST", "DHCP ACK", "ARP"} {
			if !slices.Contains(packets, want) {
				t.Errorf("no %s among %v", want, packets)
			}
		}
	})
}

// TestWhichVLAN: the switch overrides the Admin. VLAN Id (guide 2-13).
func TestWhichVLAN(t *testing.T) {
	for _, test := range []struct {
		name       string
		vlan, want int
		set        settings
		message    string
	}{
		{"switch before admin", 110, 110, settings{"admin_vlan", "20"}, ""},
		{"admin without a switch", -1, 20, settings{"admin_vlan", "20"}, "No switch announced"},
		{"admin where the switch names none", 0, 20, settings{"admin_vlan", "20"}, ""},
		{"none at all", -1, 0, nil, "No switch announced"},
		{"invalid VLAN", 4095, 20, settings{"admin_vlan", "20"}, "Invalid VLAN 4095"},
		{"both protocols off", 110, 20, settings{"admin_vlan", "20", "cdp_enabled", "0", "lldp_enabled", "0"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			onCable(t, test.vlan, test.want, options, func(t *testing.T, c *cable) {
				v := c.start(test.set)
				defer v.Station.Close()
				if v.Station.VLAN() != test.want || !v.Lease.Address.IsValid() {
					t.Errorf("VLAN %d, want %d, lease %v", v.Station.VLAN(), test.want, v.Lease.Address)
				}
				wantMessages(t, v, test.message)
			})
		})
	}
}

// TestDHCPTroubleReachesItsMessage and the phone still comes to its idle
// screen, and goes on asking.
func TestDHCPTroubleReachesItsMessage(t *testing.T) {
	for _, test := range []struct {
		fault   fakeserver.Fault
		message string
	}{
		{fakeserver.Silent, "DHCP Timeout"},
		{fakeserver.NAK, "DHCP: the server refused"},
		{fakeserver.Duplicate, "Duplicate IP"},
	} {
		t.Run(test.message, func(t *testing.T) {
			o := options
			o.Fault = test.fault
			onCable(t, 0, 0, o, func(t *testing.T, c *cable) {
				v := c.start(nil)
				wantMessages(t, v, test.message, text.Get(text.StatusFlashValues))
				if len(v.Reports) != len(stages) || !v.Reports[2].Failed {
					t.Errorf("%d reports", len(v.Reports))
				}
				c.server.SetFault(0)
				change, took := firstChange(v.Station, 3*time.Minute)
				if change.Kind != LeaseFound || !change.Lease.Address.IsValid() {
					t.Errorf("after %v: %+v", took, change)
				}
				v.Station.Close()
			})
		})
	}
}

// firstChange is what Keep tells first.
func firstChange(s *Station, within time.Duration) (Change, time.Duration) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var first Change
	s.Keep(ctx, func(c Change) {
		if ctx.Err() == nil {
			first = c
			cancel()
		}
	})
	return first, time.Since(began)
}

func TestLeaseIsRenewedAndItsLossIsTold(t *testing.T) {
	o := options
	o.Lease = 10 * time.Minute
	onCable(t, 0, 0, o, func(t *testing.T, c *cable) {
		v := c.start(nil)
		defer v.Station.Close()
		change, took := firstChange(v.Station, time.Hour)
		if change.Kind != LeaseRenewed || took < 4*time.Minute || took > 6*time.Minute {
			t.Errorf("after %v: %+v", took, change)
		}
		c.server.SetFault(fakeserver.Silent)
		if change, took = firstChange(v.Station, time.Hour); change.Kind != LeaseLost || took > 11*time.Minute {
			t.Errorf("after %v: %+v", took, change)
		}
	})
}

func TestCableIsWatched(t *testing.T) {
	onCable(t, 0, 0, options, func(t *testing.T, c *cable) {
		v := c.start(nil)
		defer v.Station.Close()
		ctx, cancel := context.WithCancel(t.Context())
		var told []Change
		var kept sync.WaitGroup
		kept.Go(func() { v.Station.Keep(ctx, func(c Change) { told = append(told, c) }) })
		for _, step := range []func(){func() { c.port.Set(false) }, func() { c.port.Set(true) }, func() { c.port.Close() }} {
			time.Sleep(5 * time.Second)
			synctest.Wait()
			step()
		}
		synctest.Wait()
		cancel()
		kept.Wait()
		want := []Change{{Kind: PortDown}, {Kind: PortUp, Away: 5 * time.Second}, {Kind: PortLost, Err: link.ErrClosed}}
		if !reflect.DeepEqual(told, want) {
			t.Errorf("told %+v, want %+v", told, want)
		}
	})
}

func TestBOOTPServerIsNamed(t *testing.T) {
	o := options
	o.Fault = fakeserver.BOOTP
	onCable(t, 0, 0, o, func(t *testing.T, c *cable) {
		v := c.start(nil)
		defer v.Station.Close()
		wantMessages(t, v, "BOOTP Server Used")
	})
}

func TestStaticAddressObeysTheGuide(t *testing.T) {
	good := settings{
		"dhcp_enabled", "0", "ip_address", "192.0.2.7", "subnet_mask", "255.255.255.128",
		"default_router1", "192.0.2.99", "default_router2", "192.0.2.100", "dns_server1", "192.0.2.53",
		"tftp_server", "192.0.2.1", "domain_name", "phones.example",
	}
	o := options
	o.Routers = []netip.Addr{netip.MustParseAddr("192.0.2.100")} // the first router is dead
	onCable(t, 0, 0, o, func(t *testing.T, c *cable) {
		v := c.start(good)
		defer v.Station.Close()
		a := c.port.Addresses()[0]
		if a.Prefix != netip.MustParsePrefix("192.0.2.7/25") || a.Router != netip.MustParseAddr("192.0.2.100") || v.Server != "192.0.2.1" {
			t.Errorf("configured %v, server %q, messages:\n%s", a, v.Server, messages(v))
		}
	})
	bad := slices.Clone(good)
	bad[7], bad[9] = "198.51.100.1", "0.0.0.0"
	onCable(t, 0, 0, options, func(t *testing.T, c *cable) {
		v := c.start(bad)
		defer v.Station.Close()
		if len(c.port.Addresses()) != 0 || !v.Reports[2].Failed || !strings.Contains(messages(v), "Router Not On Subnet") {
			t.Errorf("configured %v, messages:\n%s", c.port.Addresses(), messages(v))
		}
	})
}

func TestReleasedAddressStaysReleased(t *testing.T) {
	onCable(t, 0, 0, options, func(t *testing.T, c *cable) {
		v := c.start(nil)
		if err := v.Station.Release(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		v.Station.Close()
		if got := c.server.Leases(); len(got) != 0 || len(c.port.Addresses()) != 0 {
			t.Errorf("leases %v, addresses %v", got, c.port.Addresses())
		}
		v = c.start(settings{"dhcp_address_released", "1"})
		defer v.Station.Close()
		wantMessages(t, v, "IP Address Released")
		if v.Lease.Address.IsValid() {
			t.Errorf("lease %v", v.Lease)
		}
	})
}

func TestPortThatCannotBeHadIsNotReplacedByTheHosts(t *testing.T) {
	v, _ := start(&world{}, nil, func(e *Env) {
		e.Beyond.Port = func() (link.Port, error) { return nil, link.ErrNoRight }
	})
	wantMessages(t, v, "no right to use the port")
	if !v.Reports[1].Failed || v.Host.Prefix.IsValid() || v.PortErr == nil || len(v.Reports) != len(stages) {
		t.Errorf("host %v, %d reports", v.Host, len(v.Reports))
	}
}
