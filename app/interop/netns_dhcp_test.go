//go:build linux

package interop_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestLeaseIsRenewedAndReleased against other DHCP servers than the one of the
// whole chain: a lease of twenty seconds is renewed at its half, and given back
// from the phone's menu (guide 3-4).
func TestLeaseIsRenewedAndReleased(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start func(*interop.Site, interop.DHCPConfig) *interop.DHCPServer
		// released is what the server's record says of a lease given back.
		released func(leases string) bool
	}{
		// A line of the file is address, MAC, client id, lifetime, expiry ...; a
		// lease given back lives for 0 s.
		"kea": {(*interop.Site).StartKea, func(leases string) bool { return strings.Contains(leases, ",0,") }},
		"isc": {(*interop.Site).StartISC, func(leases string) bool {
			return strings.Contains(leases[strings.LastIndex(leases, "\nlease "):], "  binding state free;")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			site := interop.NewSite(t)
			site.StartCDP()
			kamailio := site.StartKamailio(interop.KamailioConfig{})
			server := c.start(site, interop.DHCPConfig{TFTPName: interop.VoiceHost, TFTP: []string{interop.VoiceHost}, Lease: 20})
			site.StartTFTPD(phoneFiles(kamailio))
			phone := site.StartDeskset(interop.DesksetConfig{})
			phone.Do("timeout 60s", "screen idle", "expect First")
			registered(t, kamailio, 10*time.Second, "1001")
			wantReal(t, startPage(phone), "Voice VLAN", "IP", "Configuration")
			interop.WaitFor(t, 20*time.Second, "the lease to be renewed", func() bool {
				return strings.Contains(phone.Journal(), "DHCP lease renewed")
			})
			release(phone)
			interop.WaitFor(t, 20*time.Second, "the server to have the lease back", func() bool { return c.released(server.Leases()) })
			phone.Do("screen idle")
			wantText(t, "the start-up page", startPage(phone), "IP Address Released")
			if address := site.Phone.IP("-4", "addr", "show", "scope", "global"); strings.Contains(address, "inet ") {
				t.Errorf("the phone still has an address:\n%s", address)
			}
			if n := len(kamailio.Bindings("1001")); n != 0 {
				t.Errorf("%d bindings: the address was given back before the phone had unregistered", n)
			}
			phone.Quit()
		})
	}
}

// release gives the address back as a person does: Network Configuration,
// unlocked, DHCP Address Released, Yes, Save.
func release(phone *interop.Deskset) {
	openPage(phone, "menu.network", "Network Configuration")
	phone.Do("press star star pound")
	for n := 0; n < 60 && !releaseChosen.MatchString(showScreen(phone)); n++ {
		phone.Do("press scroll.down")
	}
	phone.Do("press soft1", "expect DHCP Address Released Yes", "press soft3")
}

var releaseChosen = regexp.MustCompile(`> ?[0-9]+ DHCP Address Released`)
