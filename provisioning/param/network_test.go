package param

import (
	"fmt"
	"strings"
	"testing"
)

// static is a good configuration without DHCP.
var static = map[string]string{
	"dhcp_enabled": "0", "ip_address": "192.168.1.20", "subnet_mask": "255.255.255.0",
	"default_router1": "192.168.1.1", "tftp_server": "10.0.0.9",
}

// with changes some settings of static: "ip_address=10.0.0.1 subnet_mask=".
func withNetwork(changes string) func(string) string {
	settings := map[string]string{}
	for name, text := range static {
		settings[name] = text
	}
	for change := range strings.FieldsSeq(changes) {
		name, text, _ := strings.Cut(change, "=")
		settings[name] = text
	}
	return func(name string) string { return settings[name] }
}

func told(problems []Problem) string {
	var words []string
	for _, p := range problems {
		words = append(words, fmt.Sprintf("%v %s %s", p.Severity, p.Code, p.Name))
	}
	return strings.Join(words, ", ")
}

func TestStaticSettingsFollowTheGuide(t *testing.T) {
	tests := []struct{ page, changes, want string }{
		{"", "", ""},

		// "Use 0.0.0.0 for unused IP addresses."
		{"2-13", "default_router2=0.0.0.0 dns_server1=0.0.0.0 dns_server5= tftp_server2=0.0.0.0", ""},
		{"2-13", "ip_address=0.0.0.0", "error invalid-ip-address ip_address"},
		{"2-13", "ip_address=", "error invalid-ip-address ip_address"},

		// "You can use 0.0.0.0 for the subnet mask only if the default gateway is also 0.0.0.0."
		{"2-13", "subnet_mask=0.0.0.0", "error invalid-subnet-mask subnet_mask"},
		{"2-13", "subnet_mask=0.0.0.0 default_router1= default_router4=192.168.1.1", "error invalid-subnet-mask subnet_mask"},
		{"2-13", "subnet_mask=0.0.0.0 default_router1=0.0.0.0", "warning no-default-router default_router1"},

		// "The TFTP server must have a non-zero IP address."
		{"2-13", "tftp_server=0.0.0.0", "error tftp-server-required tftp_server"},
		{"2-13", "tftp_server=0.0.0.0:69", "error tftp-server-required tftp_server"},
		{"2-13", "tftp_server=", "error tftp-server-required tftp_server"},
		{"ours", "tftp_server= provision_url=https://192.0.2.9:8443/phones/", ""},
		{"ours", "tftp_server= tftp_server2=10.0.0.9", "error tftp-server-required tftp_server"},

		// "The default gateway must be on the same subnet as the phone."
		{"2-13", "default_router1=192.168.2.1", "error router-not-on-subnet default_router1"},
		{"2-13", "default_router5=10.0.0.1", "error router-not-on-subnet default_router5"},
		{"2-13", "subnet_mask=255.255.255.240 default_router1=192.168.1.33", "error router-not-on-subnet default_router1"},
		{"2-13", "subnet_mask=255.255.252.0 default_router1=192.168.3.254", ""},

		// "The default gateway can be 0.0.0.0 only if the TFTP or DNS server is on the same subnet as the phone."
		{"2-13", "default_router1=0.0.0.0", "error router-required default_router1"},
		{"2-13", "default_router1= tftp_server=192.168.1.9", "warning no-default-router default_router1"},
		{"2-13", "default_router1= tftp_server=192.168.1.9:6969", "warning no-default-router default_router1"},
		{"2-13", "default_router1= tftp_server2=192.168.1.9", "warning no-default-router default_router1"},
		{"2-13", "default_router1= dns_server3=192.168.1.53", "warning no-default-router default_router1"},
		{"2-13", "default_router1= dns_server1=10.0.0.53", "error router-required default_router1"},
		{"2-13", "default_router1= tftp_server=files.example dns_server1=10.0.0.53", "error router-required default_router1"},
		{"2-13", "default_router1= tftp_server=files.example dns_server1=192.168.1.53", "warning no-default-router default_router1"},
		{"ours", "default_router1= tftp_server=127.0.0.1:6969", "warning no-default-router default_router1"},

		// "The phone will attempt to use DNS Servers 2 through 5 if DNS Server 1 is unavailable."
		{"3-4", "tftp_server=files.example", "warning no-dns-server dns_server1"},
		{"3-4", "tftp_server=files.example dns_server4=10.0.0.53", ""},
		{"ours", "provision_url=https://files.example/", "warning no-dns-server dns_server1"},

		// What no host can have.
		{"", "subnet_mask=255.0.255.0", "error invalid-subnet-mask subnet_mask"},
		{"", "subnet_mask=0.255.255.255", "error invalid-subnet-mask subnet_mask"},
		{"", "subnet_mask=255.255.255.1", "error invalid-subnet-mask subnet_mask"},
		{"", "subnet_mask=24", "error invalid-subnet-mask subnet_mask"},
		{"", "subnet_mask=128.0.0.0", ""},
		{"", "subnet_mask=255.255.255.255", "error router-not-on-subnet default_router1"},
		{"", "subnet_mask=255.255.255.254 default_router1=192.168.1.21", ""},
		{"", "ip_address=192.168.1.0", "error invalid-ip-address ip_address"},
		{"", "ip_address=192.168.1.255", "error invalid-ip-address ip_address"},
		{"", "ip_address=192.168.1.255 subnet_mask=255.255.252.0", ""},
		{"", "ip_address=127.0.0.1", "error invalid-ip-address ip_address"},
		{"", "ip_address=0.0.0.7", "error invalid-ip-address ip_address"},
		{"", "ip_address=224.0.1.75", "error invalid-ip-address ip_address"},
		{"", "ip_address=240.0.0.1", "error invalid-ip-address ip_address"},
		{"", "ip_address=255.255.255.255", "error invalid-ip-address ip_address"},
		{"", "ip_address=192.168.1", "error invalid-ip-address ip_address"},
		{"", "default_router1=192.168.1.255", "error invalid-ip-address default_router1"},
		{"", "default_router1=192.168.1.20", "error invalid-ip-address default_router1"},
		{"", "default_router2=224.0.0.1", "error invalid-ip-address default_router2"},
		{"", "dns_server1=239.1.2.3", "error invalid-ip-address dns_server1"},
		{"", "tftp_server=255.255.255.255", "error invalid-ip-address tftp_server"},
		{"", "dns_server2=0.0.0.53", "error invalid-ip-address dns_server2"},
		{"", "tftp_server=[2001:db8::9]:69 tftp_server2=2001:db8::10", ""},
		{"", "tftp_server=[ff02::1]", "error invalid-ip-address tftp_server"},
		{"", "tftp_server3=224.0.0.1", "error invalid-ip-address tftp_server3"},
		{"", "ip_address=nonsense subnet_mask=0.0.0.0", "error invalid-ip-address ip_address, error invalid-subnet-mask subnet_mask"},
	}
	for _, tt := range tests {
		if got := told(CheckNetwork(withNetwork(tt.changes))); got != tt.want {
			t.Errorf("%s (guide %s): got %q, want %q", tt.changes, tt.page, got, tt.want)
		}
	}
}

// Guide 3-5: "When Yes is specified, the IP address in the TFTP Address
// parameter must be changed". All else comes from DHCP.
func TestWithDHCPOnlyTheAlternateServerIsChecked(t *testing.T) {
	for changes, want := range map[string]string{
		"dhcp_enabled=1 ip_address=127.0.0.1 tftp_server=": "",
		"dhcp_enabled= tftp_server=":                       "",
		"dhcp_enabled=1 alternate_tftp=1":                  "",
		"dhcp_enabled=1 alternate_tftp=1 tftp_server=":     "error tftp-server-required tftp_server",
		"dhcp_enabled=yes alternate_tftp=1 tftp_server=":   "error tftp-server-required tftp_server",
		"dhcp_enabled=no ip_address=":                      "error invalid-ip-address ip_address",
	} {
		if got := told(CheckNetwork(withNetwork(changes))); got != want {
			t.Errorf("%s: got %q, want %q", changes, got, want)
		}
	}
}

func TestASetIsCheckedAsItIs(t *testing.T) {
	s, _ := Merge(ProfileGuide, Layer{Origin: FromFlag, Entries: []Entry{
		{Name: "dhcp_enabled", Text: "0"}, {Name: "ip_address", Text: "192.168.1.20"}, {Name: "subnet_mask", Text: "255.255.255.0"},
		{Name: "provision_url", Text: "https://anna:hunter2@224.0.0.1/"},
	}})
	problems := CheckNetwork(s.Text)
	if got := told(problems); got != "error invalid-ip-address provision_url, error router-required default_router1" {
		t.Error(got)
	}
	if text := problems[0].Error(); strings.Contains(text, "hunter2") || !strings.HasPrefix(text, "provision_url") {
		t.Error(text)
	}
}
