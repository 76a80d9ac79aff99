//go:build linux

package interop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// tree writes files into a directory for a TFTP server.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for at := dir; at != os.TempDir(); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// startPage is the start-up page as a person reads it.
func startPage(phone *interop.Deskset) string {
	before := len(phone.Screens())
	phone.Do("startup")
	return phone.Screens()[before:]
}

// wantReal checks that stages of the start-up page say that they were real.
func wantReal(t *testing.T, page string, stages ...string) {
	t.Helper()
	for _, stage := range stages {
		real := false
		for l := range strings.Lines(page) {
			real = real || strings.Contains(l, stage) && strings.Contains(l, "REAL")
		}
		if !real {
			t.Errorf("the start-up page does not say that %q was real:\n%s", stage, page)
		}
	}
}

// wantText checks that a text holds others.
func wantText(t *testing.T, what, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}

// registered waits for the binding of a user, in the voice VLAN.
func registered(t *testing.T, k *interop.Kamailio, limit time.Duration, user string) {
	t.Helper()
	interop.WaitFor(t, limit, user+" to be registered from the voice VLAN", func() bool {
		b := k.Bindings(user)
		return len(b) == 1 && strings.Contains(b[0], "@10.10.110.1")
	})
}

// TestWholeChainByCDP: the switch names the voice VLAN by CDP, dnsmasq gives the
// address and, to phones only, the name of its own TFTP server, which the
// phone's resolver looks up at dnsmasq; the files lead to a registered line.
func TestWholeChainByCDP(t *testing.T) {
	site := interop.NewSite(t)
	site.StartCDP()
	kamailio := site.StartKamailio(interop.KamailioConfig{})
	site.StartDnsmasq(interop.DHCPConfig{TFTPName: interop.TFTPName, Root: tree(t, phoneFiles(kamailio))})
	phone := site.StartDeskset(interop.DesksetConfig{})
	phone.Do("timeout 60s", "screen idle", "expect First", "expect Second")
	for _, a := range kamailio.Accounts[:2] {
		registered(t, kamailio, 10*time.Second, a.User)
	}
	page := startPage(phone)
	wantReal(t, page, "Voice VLAN", "IP", "Configuration")
	wantText(t, "the start-up page", page, "VLAN 110", "CDP", interop.TFTPName, "10.10.110.")
	phone.Quit()
	if n := len(kamailio.Bindings("1001")); n != 0 {
		t.Errorf("%d bindings after the end: the address was gone before the phone had unregistered", n)
	}
}

// TestWholeChainByLLDP: the same with real programs everywhere: lldpd names the
// VLAN, option 150 lists two servers of which the first is dead, tftpd-hpa has
// the files.
func TestWholeChainByLLDP(t *testing.T) {
	site := interop.NewSite(t)
	site.StartLLDP()
	kamailio := site.StartKamailio(interop.KamailioConfig{})
	site.StartDnsmasq(interop.DHCPConfig{TFTPName: "not.used.test", TFTP: []string{interop.VoiceHost, "10.10.110.2"}})
	site.StartTFTPD(phoneFiles(kamailio))
	phone := site.StartDeskset(interop.DesksetConfig{})
	phone.Do("timeout 60s", "screen idle", "expect First", "expect Second")
	registered(t, kamailio, 10*time.Second, "1001")
	page := startPage(phone)
	wantReal(t, page, "Voice VLAN", "IP", "Configuration")
	wantText(t, "the start-up page", page, "VLAN 110", "LLDP-MED", "(LLDP-MED)", "10.10.110.1, 10.10.110.2")
	phone.Quit()
}
