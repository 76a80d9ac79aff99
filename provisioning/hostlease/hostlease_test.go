package hostlease

import (
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/dhcp"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

var (
	now  = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	eth0 = port{name: "eth0", index: 3, addresses: []netip.Addr{netip.MustParseAddr("192.0.2.20")}, now: now}
	ip   = netip.MustParseAddr
)

const networkd = `# This is private data. Do not parse.
ADDRESS=192.0.2.20
NETMASK=255.255.255.0
ROUTER=192.0.2.254
SERVER_ADDRESS=192.0.2.1
NEXT_SERVER=192.0.2.3
T1=1800
T2=52min 30s
LIFETIME=1h
DNS=192.0.2.1 192.0.2.2
DOMAINNAME=lab.example
OPTION_150=c0000205c0000206
OPTION_66=746674702e6c616200
`

const dhclient = `# a comment
default-duid "\000\001";
lease {
  interface "eth0";
  fixed-address 192.0.2.19;
  expire never;
}
lease {
  interface "eth0";
  fixed-address 192.0.2.20;
  filename "boot\"file";
  next-server 192.0.2.3;
  option subnet-mask 255.255.255.0;
  option routers 192.0.2.254,192.0.2.253;
  option dhcp-lease-time 7200;
  option dhcp-server-identifier 192.0.2.1;
  option domain-name-servers 192.0.2.1, 192.0.2.2;
  option tftp-server-name "tftp.lab\000";
  option unknown-150 c0:0:2:5:c0:0:2:6;
  renew 6 2026/11/21 12:30:00;
  expire 6 2026/11/21 13:00:00;
}
lease {
  interface "eth1";
  fixed-address 198.51.100.7;
  expire epoch 4000000000; # later
}
lease {
  interface "eth0";
  fixed-address 192.0.2.21;
  expire 6 2026/11/21 11:59:59;
}
`

const ipconfig = `op = BOOTREPLY
htype = 1
yiaddr = 192.0.2.20
siaddr = 192.0.2.3
sname = someone
file =
options:
Options count is 9
dhcp_message_type (uint8): ACK 0x5
server_identifier (ip): 192.0.2.1
lease_time (uint32): 0xe10
subnet_mask (ip): 255.255.255.0
router (ip_mult): {192.0.2.254}
domain_name_server (ip_mult): {192.0.2.1, 192.0.2.2}
domain_name (string): lab.example
tftp_server_name (string): tftp.lab
option_150 (opaque):
0000  c0 00 02 05 c0 00 02 06                           ........
end (none):
`

// common checks what all the samples say.
func common(t *testing.T, l dhcp.Lease, err error) {
	t.Helper()
	if err != nil || l.Address != netip.MustParsePrefix("192.0.2.20/24") || l.Server != ip("192.0.2.1") || l.TFTPName != "tftp.lab" || l.NextServer != ip("192.0.2.3") ||
		!slices.Equal(l.TFTP, []netip.Addr{ip("192.0.2.5"), ip("192.0.2.6")}) || len(l.Routers) == 0 || l.Routers[0] != ip("192.0.2.254") || len(l.DNS) != 2 || l.BOOTP {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestNetworkdLease(t *testing.T) {
	l, err := parseKeyValue(networkd).lease()
	common(t, l, err)
	if l.Time != time.Hour || l.T1 != 30*time.Minute || l.T2 != 3150*time.Second || l.Domain != "lab.example" {
		t.Errorf("%+v", l)
	}
}

func TestDhclientGivesTheLastLeaseThatHolds(t *testing.T) {
	r, ok := parseDhclient(dhclient, "eth0", now)
	l, err := r.lease()
	common(t, l, err)
	if !ok || l.Time != 2*time.Hour || !l.Start.Equal(now.Add(-time.Hour)) || l.BootFile != `boot"file` || len(l.Routers) != 2 {
		t.Errorf("%+v", l)
	}
	if r, ok := parseDhclient(dhclient, "eth1", now); !ok || r.address != ip("198.51.100.7") {
		t.Errorf("eth1: %+v, %v", r, ok)
	}
	if _, ok := parseDhclient(dhclient, "eth2", now); ok {
		t.Error("eth2 has a lease")
	}
}

func TestDhclientForms(t *testing.T) {
	for _, c := range []struct {
		option string
		want   string // in hexadecimal
	}{
		{`unknown-150 c0:0:2:5`, "c0000205"},
		{`unknown-150 "ABCD"`, "41424344"},
		{`unknown-150 "\300\000\002\005"`, "c0000205"},
		{`unknown-150 "192.0.2.5"`, "c0000205"},
		{`option-150 192.0.2.5, 192.0.2.6`, "c0000205c0000206"},
		{`voip-tftp-server 192.0.2.5`, "c0000205"},
		{`unknown-150 nonsense`, ""},
		{`unknown-150 c0:0:2:500`, ""},
		{`routers 192.0.2.5`, ""},
		{`unknown-150`, ""},
	} {
		r, ok := parseDhclient("lease { interface \"eth0\"; fixed-address 192.0.2.20; option "+c.option+"; }", "eth0", now)
		if got := hex.EncodeToString(r.options[150]); !ok || got != c.want {
			t.Errorf("%s: %q, want %q", c.option, got, c.want)
		}
	}
}

func TestIPConfigPacket(t *testing.T) {
	l, err := parseIPConfig(ipconfig).lease()
	common(t, l, err)
	if l.Time != time.Hour || l.Domain != "lab.example" {
		t.Errorf("%+v", l)
	}
	l, err = parseIPConfig(strings.Replace(ipconfig, "(opaque):\n0000  ", "(opaque): ", 1)).lease()
	common(t, l, err)
}

// registryOption is one of DhcpInterfaceOptions.
func registryOption(code byte, vendor byte, value string) string {
	padded := value + strings.Repeat("\x00", (4-len(value)%4)%4)
	return string([]byte{code, 0, 0, 0, 0, 0, 0, 0, byte(len(value)), 0, 0, 0, vendor, 0, 0, 0, 1, 2, 3, 4}) + padded
}

func windowsSample() values {
	return values{
		text: map[string]string{"DhcpIPAddress": "192.0.2.20", "DhcpSubnetMask": "255.255.255.0", "DhcpServer": "192.0.2.1",
			"DhcpDefaultGateway": "192.0.2.254", "DhcpNameServer": "192.0.2.1 192.0.2.2", "DhcpDomain": "lab.example"},
		number: map[string]uint64{"LeaseObtainedTime": uint64(now.Unix()), "LeaseTerminatesTime": uint64(now.Unix()) + 3600},
		options: []byte(registryOption(66, 0, "tftp.lab\x00") + registryOption(252, 0, "") + registryOption(150, 1, "\x06\x06\x06\x06") +
			registryOption(150, 0, "\xc0\x00\x02\x05\xc0\x00\x02\x06")),
	}
}

func TestWindowsRegistry(t *testing.T) {
	r := parseRegistry(windowsSample())
	r.next = ip("192.0.2.3")
	l, err := r.lease()
	common(t, l, err)
	if l.Time != time.Hour || !l.Start.Equal(now) || l.Domain != "lab.example" {
		t.Errorf("%+v", l)
	}
}

// message is what dhcpcd stores.
func message(t testing.TB) []byte {
	m, err := dhcpv4.New(dhcpv4.WithMessageType(dhcpv4.MessageTypeAck), dhcpv4.WithYourIP(net.IPv4(192, 0, 2, 20)), dhcpv4.WithServerIP(net.IPv4(192, 0, 2, 3)),
		dhcpv4.WithNetmask(net.CIDRMask(24, 32)), dhcpv4.WithRouter(net.IPv4(192, 0, 2, 254)), dhcpv4.WithDNS(net.IPv4(192, 0, 2, 1), net.IPv4(192, 0, 2, 2)),
		dhcpv4.WithLeaseTime(3600), dhcpv4.WithOption(dhcpv4.OptServerIdentifier(net.IPv4(192, 0, 2, 1))), dhcpv4.WithOption(dhcpv4.OptTFTPServerName("tftp.lab")),
		dhcpv4.WithGeneric(tftpServers, []byte{192, 0, 2, 5, 192, 0, 2, 6}))
	if err != nil {
		t.Fatal(err)
	}
	m.OpCode = dhcpv4.OpcodeBootReply
	return m.ToBytes()
}

func TestFilesOfEachClient(t *testing.T) {
	for _, c := range []struct {
		client, path, text string
		whole              bool // it has all that common wants
	}{
		{"networkd", "run/systemd/netif/leases/3", networkd, true},
		{"NetworkManager of old", "var/lib/NetworkManager/internal-4d1c-eth0.lease", networkd, true},
		{"NetworkManager with dhclient", "var/lib/NetworkManager/dhclient-4d1c-eth0.lease", dhclient, true},
		{"NetworkManager", "var/lib/NetworkManager/internal-4d1c-eth0.lease", "ADDRESS=192.0.2.20\n", false},
		{"dhclient", "var/lib/dhcp/dhclient.eth0.leases", dhclient, true},
		{"dhclient of Red Hat", "var/lib/dhclient/dhclient.leases", dhclient, true},
		{"dhcpcd", "var/lib/dhcpcd/eth0.lease", string(message(t)), true},
		{"dhcpcd of old, with a network's name", "var/lib/dhcpcd5/dhcpcd-eth0-home.lease", string(message(t)), true},
	} {
		root := t.TempDir()
		put(t, root, "run/NetworkManager/devices/3", "[device]\nnext-server=192.0.2.3\ndhcp-bootfile=OS79XX.TXT\n")
		path := put(t, root, c.path, c.text)
		l, source, err := best(eth0, files(root, eth0))
		if source != path || err != nil || l.NextServer != ip("192.0.2.3") {
			t.Errorf("%s: %+v, %s, %v", c.client, l, source, err)
		}
		if c.whole {
			common(t, l, err)
		}
		wlan := port{name: "wlan0", index: 4, addresses: eth0.addresses, now: now}
		if _, source, err := best(wlan, files(root, wlan)); !errors.Is(err, ErrNone) {
			t.Errorf("%s: for wlan0: %s, %v", c.client, source, err)
		}
	}
}

func put(t *testing.T, root, path, text string) string {
	path = filepath.Join(root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, now, now); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBestLeaseNamesAServerAndIsOfThisDay(t *testing.T) {
	plain := dhcp.Lease{Address: netip.MustParsePrefix("192.0.2.20/24")}
	phone, old, other := plain, plain, plain
	phone.TFTPName, old.TFTPName, other.TFTPName = "tftp", "old", "other"
	old.Start, old.Time = now.Add(-2*time.Hour), time.Hour
	other.Address = netip.MustParsePrefix("192.0.2.21/24")
	if _, source, err := best(eth0, []found{{old, "old"}, {other, "other"}, {plain, "plain"}, {phone, "phone"}}); err != nil || source != "phone" {
		t.Errorf("%s, %v", source, err)
	}
	if _, source, err := best(eth0, []found{{old, "old"}, {plain, "plain"}}); err != nil || source != "plain" {
		t.Errorf("%s, %v", source, err)
	}
	if _, _, err := best(eth0, []found{{old, "old"}}); !errors.Is(err, ErrNone) {
		t.Errorf("%v", err)
	}
}

func TestFindOfAnInterfaceThatIsNotThere(t *testing.T) {
	if _, _, err := Find(t.Context(), "no such"); !errors.Is(err, ErrNone) {
		t.Errorf("%v", err)
	}
}
