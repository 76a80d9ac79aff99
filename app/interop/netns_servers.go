//go:build linux

package interop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// DHCPConfig says what a DHCP server of a Site tells phones.
type DHCPConfig struct {
	// TFTPName is option 66, only for those of the phone's vendor class; empty
	// for none.
	TFTPName string
	// TFTP are the addresses of option 150, likewise.
	TFTP []string
	// Lease is how long addresses are given, in seconds; 0 means 120.
	Lease int
	// Root is the directory of dnsmasq's TFTP server; empty for none.
	Root string
}

func (c DHCPConfig) lease() int {
	if c.Lease == 0 {
		return 120
	}
	return c.Lease
}

// VendorClass is the beginning of what the instrument sends as option 60, by
// which networks tell its kind from others.
const VendorClass = "Cisco Systems, Inc. IP Phone"

// DHCPServer is one that runs in a Site.
type DHCPServer struct {
	*Process
	leases string // path
}

// Leases is the server's own record of the addresses it has given.
func (d *DHCPServer) Leases() string { return readAll(d.leases) }

// TFTPName is the name that dnsmasq knows the TFTP server by.
const TFTPName = "tftp.proof.test"

// StartDnsmasq runs dnsmasq on the switch: DHCP in both networks, but options 66
// and 150 in the voice VLAN only and for phones only; DNS; and TFTP.
func (s *Site) StartDnsmasq(c DHCPConfig) *DHCPServer {
	s.t.Helper()
	need(s.t, "peers", "dnsmasq")
	dir := shortTempDir(s.t)
	d := &DHCPServer{leases: filepath.Join(dir, "leases")}
	conf := fmt.Sprintf(dnsmasqConfig, switchPort, s.voiceInterface(), d.leases, max(c.lease(), 120), c.lease(), VendorClass, TFTPName, VoiceHost)
	if c.TFTPName != "" {
		conf += fmt.Sprintf("dhcp-option=tag:voice,tag:phone,66,%q\n", c.TFTPName)
	}
	if len(c.TFTP) > 0 {
		conf += "dhcp-option=tag:voice,tag:phone,150," + strings.Join(c.TFTP, ",") + "\n"
	}
	if c.Root != "" {
		conf += "enable-tftp\ntftp-max=2000\ntftp-root=" + c.Root + "\n"
	}
	d.Process = start(s.t, commandIn(s.Switch, "dnsmasq", "-d", "-C", put(s.t, dir, "conf", conf)))
	d.wait(s, "started")
	return d
}

const dnsmasqConfig = `interface=%s
interface=%s
bind-interfaces
except-interface=lo
no-resolv
no-hosts
domain=proof.test
log-dhcp
user=root
dhcp-leasefile=%s
dhcp-authoritative
no-ping
dhcp-range=set:data,10.10.1.100,10.10.1.150,255.255.255.0,%d
dhcp-range=set:voice,10.10.110.100,10.10.110.150,255.255.255.0,%d
dhcp-vendorclass=set:phone,%q
dhcp-option=tag:voice,option:router,10.10.110.1
dhcp-option=tag:data,option:router,10.10.1.1
host-record=%s,%s
`

// StartKea runs the DHCP server Kea in the voice VLAN.
func (s *Site) StartKea(c DHCPConfig) *DHCPServer {
	s.t.Helper()
	need(s.t, "peers", "kea-dhcp4")
	dir := shortTempDir(s.t)
	d := &DHCPServer{leases: filepath.Join(dir, "leases")}
	conf := fmt.Sprintf(keaConfig, s.voiceInterface(), d.leases, c.lease(), VendorClass, len(VendorClass), c.TFTPName, strings.Join(c.TFTP, ", "))
	cmd := commandIn(s.Switch, "kea-dhcp4", "-c", put(s.t, dir, "conf", conf))
	cmd.Env = append(os.Environ(), "KEA_PIDFILE_DIR="+dir, "KEA_LOCKFILE_DIR="+dir, "KEA_DHCP_DATA_DIR="+dir, "KEA_LOG_FILE_DIR="+dir)
	d.Process = start(s.t, cmd)
	d.wait(s, "DHCP4_STARTED")
	return d
}

const keaConfig = `{"Dhcp4": {
	"interfaces-config": {"interfaces": ["%s"]},
	"lease-database": {"type": "memfile", "persist": true, "name": "%s", "lfc-interval": 0},
	"valid-lifetime": %d,
	"option-def": [{"name": "tftp-servers", "code": 150, "type": "ipv4-address", "array": true}],
	"client-classes": [{
		"name": "phone",
		"test": "substring(option[60].hex,0,%[5]d) == '%[4]s'",
		"option-data": [{"name": "tftp-server-name", "data": "%[6]s"}, {"name": "tftp-servers", "data": "%[7]s"}]
	}],
	"subnet4": [{
		"id": 1, "subnet": "10.10.110.0/24", "pools": [{"pool": "10.10.110.100 - 10.10.110.150"}],
		"option-data": [{"name": "routers", "data": "10.10.110.1"}, {"name": "domain-name", "data": "proof.test"}]
	}],
	"loggers": [{"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}]
}}
`

// StartISC runs ISC's DHCP server in the voice VLAN.
func (s *Site) StartISC(c DHCPConfig) *DHCPServer {
	s.t.Helper()
	need(s.t, "peers", "dhcpd")
	dir := shortTempDir(s.t)
	d := &DHCPServer{leases: put(s.t, dir, "leases", "")}
	conf := put(s.t, dir, "conf", fmt.Sprintf(iscConfig, c.lease(), VendorClass, len(VendorClass), c.TFTPName, strings.Join(c.TFTP, ", ")))
	d.Process = start(s.t, commandIn(s.Switch, "dhcpd", "-4", "-f", "-d", "-cf", conf, "-lf", d.leases, "--no-pid", s.voiceInterface()))
	d.wait(s, "Server starting service")
	return d
}

const iscConfig = `authoritative;
min-lease-time %d;
default-lease-time %[1]d;
max-lease-time %[1]d;
ping-check false;
option tftp150 code 150 = array of ip-address;
class "phone" {
	match if substring(option vendor-class-identifier, 0, %[3]d) = "%[2]s";
	option tftp-server-name "%[4]s";
	option tftp150 %[5]s;
}
subnet 10.10.110.0 netmask 255.255.255.0 {
	range 10.10.110.100 10.10.110.150;
	option routers 10.10.110.1;
	option domain-name "proof.test";
}
`

// wait waits until the server has said that it runs.
func (d *DHCPServer) wait(s *Site, said string) {
	s.t.Helper()
	WaitFor(s.t, 15*time.Second, d.name+" to start", func() bool {
		if !d.Running() {
			s.t.Fatalf("%s ended:\n%s", d.name, d.Log())
		}
		return strings.Contains(d.Log(), said)
	})
}

// put writes a file for a program of any user.
func put(t testing.TB, dir, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	err := os.WriteFile(path, []byte(text), 0o644)
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// StartDnsmasqTFTP runs dnsmasq as a TFTP server only, on loopback, and gives
// its address. Its port is the well-known one, so that is an address of its own.
func StartDnsmasqTFTP(t testing.TB, root string) (addr string) {
	t.Helper()
	need(t, "peers", "dnsmasq")
	if os.Getuid() != 0 {
		t.Skip("dnsmasq's TFTP server has port 69: only root can start it")
	}
	addr = fmt.Sprintf("127.69.%d.%d", os.Getpid()>>8&0xff, os.Getpid()&0xff)
	p := start(t, exec.Command("dnsmasq", "-d", "-C", "/dev/null", "--port=0", "--listen-address="+addr, "--bind-interfaces",
		"--enable-tftp", "--tftp-root="+root, "--user=root"))
	WaitFor(t, 10*time.Second, "dnsmasq to start", func() bool {
		if !p.Running() {
			t.Fatalf("dnsmasq ended:\n%s", p.Log())
		}
		return strings.Contains(p.Log(), "started")
	})
	return addr
}
