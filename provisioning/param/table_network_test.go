package param

import (
	"flag"
	"strings"
	"testing"
)

func TestNetworkMenuFollowsTheGuide(t *testing.T) {
	var labels []string
	for _, p := range NetworkMenu() {
		labels = append(labels, p.Menu)
	}
	want := "Domain Name|IP Address|Subnet Mask|TFTP Server|Default Router 1|Default Router 2|Default Router 3|Default Router 4|" +
		"Default Router 5|DNS Server 1|DNS Server 2|DNS Server 3|DNS Server 4|DNS Server 5|Admin. VLAN Id|DHCP Enabled|" +
		"DHCP Address Released|Alternate TFTP"
	if got := strings.Join(labels, "|"); got != want {
		t.Errorf("menu: %s\nwant  %s", got, want)
	}
}

// Guide 3-4, 3-5: "By default, DHCP is enabled", Alternate TFTP "The default is
// No"; 2-13: 0.0.0.0 is unused, which is how an address begins.
func TestNetworkDefaults(t *testing.T) {
	s, problems := Merge(ProfileGuide)
	if len(problems) != 0 {
		t.Errorf("problems: %v", problems)
	}
	for name, want := range map[string]string{
		"dhcp_enabled": "1", "dhcp_address_released": "0", "alternate_tftp": "0", "cdp_enabled": "1", "lldp_enabled": "1",
		"check_sync_auth": "source", "admin_vlan": "", "ip_address": "", "default_router5": "", "dns_server1": "",
	} {
		if got := s.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestNetworkValues(t *testing.T) {
	tests := []struct{ name, text, want, err string }{
		{"ip_address", " 192.168.1.20 ", "192.168.1.20", ""},
		{"ip_address", "0.0.0.0", "", ""},
		{"ip_address", "192.168.1", "", "want an IPv4 address"},
		{"ip_address", "192.168.001.020", "", "want an IPv4 address"},
		{"ip_address", "::1", "", "want an IPv4 address"},
		{"ip_address", "::ffff:10.0.0.1", "", "want an IPv4 address"},
		{"ip_address", "pbx", "", "want an IPv4 address"},
		{"dns_server5", "UNPROVISIONED", "", ""},
		{"admin_vlan", "0", "0", ""},
		{"admin_vlan", "4094", "4094", ""},
		{"admin_vlan", "4095", "", "want a number from 0 to 4094"},
		{"admin_vlan", "99999999999999999999", "", "want a number from 0 to 4094"},
		{"admin_vlan", "-1", "", "want a number from 0 to 4094"},
		{"admin_vlan", "", "", ""},
		{"tftp_server2", "tftp.example:6969", "tftp.example:6969", ""},
		{"tftp_server3", "host:0", "", "want host or host:port"},
		{"provision_url", "https://anna:pa%20ss@srv.example:8443/phones/", "https://anna:pa%20ss@srv.example:8443/phones/", ""},
		{"provision_url", "ftp://srv/", "", "want a web address"},
		{"provision_url", "https:///phones", "", "want a web address"},
		{"provision_url", "https://srv/?a=b", "", "without ? and #"},
		{"provision_url", "https://srv:0/", "", "want a port"},
		{"provision_url", "https://srv:65536/", "", "want a port"},
		{"provision_url", "https://srv/" + strings.Repeat("a", 1024), "", "at most 1024"},
		{"provision_url", "https://srv/a b", "", "without blanks"},
		{"check_sync_auth", "Digest", "digest", ""},
		{"check_sync_auth", "sometimes", "", "want none, source or digest"},
		{"Domain_Name", "example.com", "example.com", ""},
	}
	for _, tt := range tests {
		p, ok := Lookup(tt.name)
		if !ok {
			t.Fatalf("no %s", tt.name)
		}
		got, err := p.Check(tt.text)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s %q: %q, %v; want %q, %s", tt.name, tt.text, got, err, tt.want, tt.err)
		}
	}
}

// Only the domain may come from a file; the rest is what the phone needs before
// it can fetch one.
func TestNetworkSettingsAreOfThisMachine(t *testing.T) {
	layer := Layer{Origin: FromDefaultFile, Name: "SIPDefault.cnf", Entries: []Entry{
		{Name: "Domain_Name", Text: "example.com", Line: 1},
		{Name: "ip_address", Text: "10.0.0.2", Line: 2},
		{Name: "provision_url", Text: "https://elsewhere/", Line: 3},
		{Name: "check_sync_auth", Text: "none", Line: 4},
	}}
	s, problems := Merge(ProfileGuide, layer)
	if s.Text("domain_name") != "example.com" || s.Text("ip_address")+s.Text("provision_url") != "" || s.Text("check_sync_auth") != "source" {
		t.Error("taken:", s.Text("domain_name"), s.Text("ip_address"), s.Text("provision_url"), s.Text("check_sync_auth"))
	}
	if len(problems) != 3 {
		t.Errorf("problems: %v", problems)
	}
}

// Whatever is wrong with an address, its password is in no message.
func TestPasswordOfProvisionURLIsNeverShown(t *testing.T) {
	p, _ := Lookup("provision_url")
	for _, text := range []string{
		"http://anna:hunter2@srv/", "https://anna:hunter2@srv/?x", "ftp://anna:hunter2@srv/", "https://anna:hun/hunter2@srv/",
		"https://anna:hunter2 @srv/", "https://anna:hunter2@srv:99999/", "https://anna:%zzhunter2@srv/", "https://anna:hunter2@[::1/",
		"https://anna:\"hunter2@srv/", "//anna:hunter2@srv/", "https://an:na:hunter2@srv",
	} {
		fs := flag.NewFlagSet("deskset", flag.ContinueOnError)
		var shown strings.Builder
		fs.SetOutput(&shown)
		layer := Flags(fs)
		err := fs.Parse([]string{"-provision_url", text})
		_, problems := Merge(ProfileGuide, layer())
		for _, problem := range problems {
			shown.WriteString(problem.Error())
		}
		if err != nil {
			shown.WriteString(err.Error())
		}
		shown.WriteString(p.Shown(text))
		if strings.Contains(shown.String(), "hunter2") {
			t.Errorf("%s: shown in %q", text, shown.String())
		}
	}
}
