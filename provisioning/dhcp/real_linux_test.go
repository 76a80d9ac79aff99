package dhcp_test

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"deskset/provisioning/dhcp"
	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

// realServers are programs that give phones of our vendor class 66 and 150, and
// leases of which T1 is 3 s. All serve 10.9.0.0/24.
var realServers = []struct {
	program string
	args    func(dir string) []string
	config  string
	env     string // a variable for its own files
	informs bool   // it answers an INFORM to the port that it came from
}{
	{
		program: "dnsmasq", informs: true,
		args: func(dir string) []string { return []string{"-k", "-C", dir + "/config"} },
		config: `interface=swp1
bind-interfaces
port=0
user=root
no-ping
dhcp-authoritative
dhcp-leasefile=DIR/leases
dhcp-range=10.9.0.100,10.9.0.120,255.255.255.0,2m
dhcp-vendorclass=set:phone,"Cisco Systems, Inc. IP Phone"
dhcp-option=option:router,10.9.0.254
dhcp-option=option:T1,3
dhcp-option=tag:phone,66,"tftp.rig.test"
dhcp-option=tag:phone,150,10.9.0.1,10.9.0.2
`,
	},
	{
		program: "dhcpd",
		args: func(dir string) []string {
			return []string{"-f", "-d", "-cf", dir + "/config", "-lf", dir + "/leases", "-pf", dir + "/pid", "swp1"}
		},
		config: `authoritative;
ping-check false;
min-lease-time 120;
default-lease-time 120;
option dhcp-renewal-time 3;
option tftp150 code 150 = array of ip-address;
subnet 10.9.0.0 netmask 255.255.255.0 {
  range 10.9.0.100 10.9.0.120;
  option routers 10.9.0.254;
  if substring(option vendor-class-identifier, 0, 28) = "Cisco Systems, Inc. IP Phone" {
    option tftp-server-name "tftp.rig.test";
    option tftp150 10.9.0.1, 10.9.0.2;
  }
}
`,
	},
	{
		program: "kea-dhcp4", env: "KEA_PIDFILE_DIR",
		args: func(dir string) []string { return []string{"-c", dir + "/config"} },
		config: `{"Dhcp4": {
"interfaces-config": {"interfaces": ["swp1"], "dhcp-socket-type": "raw"},
"lease-database": {"type": "memfile", "persist": false},
"authoritative": true, "valid-lifetime": 120, "renew-timer": 3, "rebind-timer": 60,
"option-def": [{"name": "tftp150", "code": 150, "type": "ipv4-address", "array": true}],
"client-classes": [{"name": "phone", "test": "substring(option[60].hex,0,28) == 'Cisco Systems, Inc. IP Phone'",
  "option-data": [{"name": "tftp-server-name", "data": "tftp.rig.test"}, {"name": "tftp150", "data": "10.9.0.1, 10.9.0.2"}]}],
"subnet4": [{"id": 1, "subnet": "10.9.0.0/24", "pools": [{"pool": "10.9.0.100 - 10.9.0.120"}], "option-data": [{"name": "routers", "data": "10.9.0.254"}]}]
}}
`,
	},
}

// desk is a phone's port in a network namespace, with a server in another.
type desk struct {
	*testing.T
	phone, far *netnstest.Space
	port       link.Port
	wire       link.Wire
}

// newDesk has the port's wire and address 10.9.0.1 at the far end.
func newDesk(t *testing.T) *desk {
	d := &desk{T: t, phone: netnstest.New(t), far: netnstest.New(t)}
	netnstest.Cable(t, d.phone, "eth1", d.far, "swp1")
	d.far.IP("address", "add", "10.9.0.1/24", "dev", "swp1")
	d.port, d.wire = d.open(d.phone, "eth1")
	return d
}

func (d *desk) open(s *netnstest.Space, name string) (port link.Port, wire link.Wire) {
	var err error
	s.Do(func() {
		if port, err = link.Open(name, nil); err == nil {
			wire, err = port.Open(d.Context(), 0)
		}
	})
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { port.Close() })
	return port, wire
}

// run runs a server until the test ends.
func (d *desk) run(program string, args func(string) []string, config, env string) {
	dir, err := os.MkdirTemp("", "dhcp-test-") // not t.TempDir: its name would be for root only
	if err != nil {
		d.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			d.Fatal(err)
		}
	}
	write("config", string(bytes.ReplaceAll([]byte(config), []byte("DIR"), []byte(dir))))
	write("leases", "")
	cmd := d.far.Command(program, args(dir)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if cmd.Env = os.Environ(); env != "" {
		cmd.Env = append(cmd.Env, env+"="+dir, "KEA_LOCKFILE_DIR="+dir)
	}
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { // the test's context has ended, which ends the program
		cmd.Wait()
		if d.Failed() {
			d.Logf("%s said:\n%s", program, output.String())
		}
		os.RemoveAll(dir)
	})
}

// client is patient enough for a server to start.
func (d *desk) client(last netip.Addr) *dhcp.Client {
	return dhcp.New(dhcp.Config{Wire: d.wire, HostName: "SIP00503EFFD842", First: time.Second / 2, Tries: 8, Last: last})
}

// occupy has another host at the far end claim an address until stop.
func (d *desk) occupy(address netip.Addr) (stop func()) {
	_, wire := d.open(d.far, "swp1")
	stranger := frame.MAC{2, 0, 0, 0, 0, 0xdd}
	ctx, cancel := context.WithCancel(d.Context())
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			f, err := wire.Receive(ctx)
			if err != nil {
				return
			}
			if a, err := frame.ParseARP(f); err == nil && a.Operation == frame.Request && a.Target == address {
				reply := frame.ARP{Operation: frame.Reply, SenderMAC: stranger, Sender: address, TargetMAC: a.SenderMAC, Target: a.Sender}
				wire.Send(reply.Frame(a.SenderMAC))
			}
		}
	})
	return func() { cancel(); ended.Wait() }
}

func TestRealServers(t *testing.T) {
	for _, s := range realServers {
		t.Run(s.program, func(t *testing.T) {
			if _, err := exec.LookPath(s.program); err != nil {
				t.Skip(err)
			}
			t.Parallel()
			d := newDesk(t)
			d.run(s.program, s.args, s.config, s.env)
			c := d.client(netip.Addr{})
			l, err := c.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			d.check(l)
			d.renew(c, l)
			d.inform(l.Address.Addr(), s.informs)
			if err := c.Release(l); err != nil {
				t.Error(err)
			}
			if err := d.port.Configure(0, link.Address{}); err != nil {
				t.Error(err)
			}
			d.comeFromAnotherNetwork(l.Address.Addr())
			d.declineAndTryAgain()
		})
	}
}

func (d *desk) check(l dhcp.Lease) {
	d.Helper()
	if !netip.MustParsePrefix("10.9.0.0/24").Contains(l.Address.Addr()) || l.Address.Bits() != 24 || l.Server != ip("10.9.0.1") || l.TFTPName != "tftp.rig.test" ||
		!slices.Equal(l.TFTP, []netip.Addr{ip("10.9.0.1"), ip("10.9.0.2")}) || !slices.Equal(l.Routers, []netip.Addr{ip("10.9.0.254")}) ||
		l.Time != 2*time.Minute || l.T1 != 3*time.Second || l.BOOTP {
		d.Errorf("lease %+v", l)
	}
}

// renew keeps the lease until it is renewed, with the address on the port.
func (d *desk) renew(c *dhcp.Client, l dhcp.Lease) {
	if err := d.port.Configure(0, link.Address{Prefix: l.Address}); err != nil {
		d.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(d.Context(), 20*time.Second)
	defer cancel()
	var told []dhcp.Event
	c.Keep(ctx, l, func(e dhcp.Event) {
		told = append(told, e)
		cancel()
	})
	if len(told) != 1 || told[0].Kind != dhcp.Renewed || told[0].Lease.Address != l.Address || !told[0].Lease.Start.After(l.Start) {
		d.Errorf("told %+v", told)
	}
}

func (d *desk) inform(own netip.Addr, answers bool) {
	var l dhcp.Lease
	var err error
	d.phone.Do(func() { l, err = dhcp.Inform(d.Context(), ip("10.9.0.1"), own, d.port.MAC(), nil) })
	switch {
	case answers && (err != nil || len(l.TFTP) != 2 || l.Address != netip.PrefixFrom(own, 24)):
		d.Errorf("INFORM: %+v, %v", l, err)
	case !answers && !errors.Is(err, dhcp.ErrTimeout):
		d.Errorf("INFORM: %v: want no answer", err)
	}
}

// comeFromAnotherNetwork asks for an address that the server must refuse.
func (d *desk) comeFromAnotherNetwork(before netip.Addr) {
	// Silence would take half a second and one more, a NAK only the pause after;
	// a busy machine is slow, but not each time.
	const want = 1450 * time.Millisecond
	var l dhcp.Lease
	took := time.Hour
	for try := 0; try < 3 && took > want; try++ {
		start := time.Now()
		var err error
		if l, err = d.client(ip("10.77.0.5")).Acquire(d.Context()); err != nil {
			d.Error(err)
			return
		}
		d.check(l)
		took = time.Since(start)
	}
	if took > want {
		d.Errorf("NAK and another lease took %v", took)
	}
	if l.Address.Addr() != before {
		d.Logf("was %v, is %v", before, l.Address)
	}
}

// declineAndTryAgain finds its address taken, and gets another.
func (d *desk) declineAndTryAgain() {
	before, err := d.client(netip.Addr{}).Acquire(d.Context())
	if err != nil {
		d.Error(err)
		return
	}
	taken := before.Address.Addr()
	stop := d.occupy(taken)
	defer stop()
	l, err := d.client(netip.Addr{}).Acquire(d.Context())
	if err != nil || l.Address.Addr() == taken {
		d.Errorf("%v taken, got %v, %v", taken, l.Address, err)
	}
	d.check(l)
}
