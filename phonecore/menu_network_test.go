package phonecore

import (
	"maps"
	"net/netip"
	"slices"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

func (d *desk) openNetwork() {
	d.t.Helper()
	d.unlock()
	d.press(view.KeySettings, view.Key3)
	d.expect("menu.network")
	if d.view().Screen.Status.Icon != view.IconUnlocked {
		d.t.Fatal("the padlock is locked")
	}
}

func TestNetworkMenuIsInTheGuidesOrder(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key3)
		var labels []string
		for _, i := range d.view().Screen.Items {
			labels = append(labels, i.Label)
		}
		want := []string{ // guide 3-3 to 3-5
			"DHCP Server", "MAC Address", "Host Name", "Domain Name", "IP Address", "Subnet Mask", "TFTP Server",
			"Default Router 1", "Default Router 2", "Default Router 3", "Default Router 4", "Default Router 5",
			"DNS Server 1", "DNS Server 2", "DNS Server 3", "DNS Server 4", "DNS Server 5",
			"Operational VLAN Id", "Admin. VLAN Id", "DHCP Enabled", "DHCP Address Released", "Alternate TFTP", "Erase Configuration",
		}
		if !slices.Equal(labels, want) {
			t.Errorf("items %q, want %q", labels, want)
		}
		d.expect("menu.network", "00503EFFD842", "SIP00503EFFD842", "192.0.2.44", "255.255.255.0", "DHCP Enabled Yes")
	})
}

func TestItemsAboveNineAreFoundByTwoDigits(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key3)
		for _, tt := range []struct {
			keys string
			want string
		}{
			{"5", "IP Address"}, {"20", "DHCP Enabled"}, {"23", "Erase Configuration"}, {"24", "Domain Name"}, {"17", "DNS Server 5"},
		} {
			d.dial(tt.keys)
			d.wait(2 * time.Second)
			s := d.view().Screen
			if got := s.Items[s.Selected].Label; got != tt.want || s.Selected < s.First || s.Selected >= s.First+view.NumRows {
				t.Errorf("%s highlights %q, want %q; first in view %d", tt.keys, got, tt.want, s.First)
			}
		}
	})
}

// TestStaticAddressIsSetByHand is "Manually Configuring the Network Parameters"
// (guide 2-13): DHCP off, then the values, then Save, which resets.
func TestStaticAddressIsSetByHand(t *testing.T) {
	f := flash.Memory()
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.openNetwork()
		d.item("IP Address")
		d.soft("Edit")
		d.expect("menu.network", text.Get(text.NeedsDHCPOff))
		d.item("DHCP Enabled")
		d.soft("No")
		d.dial("5")
		d.wait(2 * time.Second)
		d.soft("Edit")
		d.dial("192*0*2*77")
		d.soft("Validate")
		d.expect("menu.network", "IP Address 192.0.2.77", "Subnet Mask 255.255.255.0", "TFTP Server 192.0.2.2", "Default Router 1 192.0.2.254")
		d.soft("Save")
		d.wait(time.Minute)
		d.expect("idle", "5551212")
		if c.address() != netip.MustParseAddr("192.0.2.77") || d.starts() != 2 {
			t.Errorf("address %v, started %d times", c.address(), d.starts())
		}
		if got := d.stored(f); got["dhcp_enabled"] != "0" || got["ip_address"] != "192.0.2.77" || got["default_router1"] != "192.0.2.254" {
			t.Errorf("in flash: %v", got)
		}
		d.press(view.KeySettings, view.Key3)
		if d.view().Screen.Status.Icon != view.IconLocked {
			t.Error("a phone that has started is unlocked")
		}
		d.expect("menu.network", "DHCP Enabled No", "Operational VLAN Id 110")
		d.eraseNetwork()
		d.wait(time.Minute)
		if c.address() == netip.MustParseAddr("192.0.2.77") || !c.address().IsValid() {
			t.Errorf("after erasing: address %v", c.address())
		}
		if got := d.stored(f); got["dhcp_enabled"] != "" || got["ip_address"] != "" || got["line1_name"] != "5551212" {
			t.Errorf("after erasing: in flash: %v", got)
		}
	}, withFlash(f))
}

// eraseNetwork is "Erasing the Locally-Defined Network Settings" (guide 3-16).
func (d *desk) eraseNetwork() {
	d.t.Helper()
	d.unlock() // within the menu: the padlock opens at once
	d.dial("23")
	d.soft("Yes")
	d.expect("menu.network", "Erase Configuration Yes")
	d.soft("Save")
}

func TestRulesOfTheGuideAreCheckedAtSave(t *testing.T) {
	onDesk(t, func(d *desk) {
		before := d.param("dhcp_enabled")
		d.openNetwork()
		d.dial("20")
		d.soft("No")
		d.dial("8")
		d.wait(2 * time.Second)
		d.soft("Edit")
		d.dial("10*0*0*1")
		d.soft("Validate")
		d.dial("4") // elsewhere
		d.soft("Save")
		d.expect("menu.network", "Default Router 1: not on the subnet")
		if s := d.view().Screen; s.Items[s.Selected].Label != "Default Router 1" {
			t.Errorf("%q is highlighted", s.Items[s.Selected].Label)
		}
		d.soft("Cancel")
		d.expect("menu.settings")
		if d.param("dhcp_enabled") != before || d.starts() != 1 {
			t.Error("a setting was stored")
		}
	})
}

func TestEveryRuleHasWords(t *testing.T) {
	for _, code := range []param.Code{
		param.CodeInvalidAddress, param.CodeInvalidMask, param.CodeRouterNotOnSubnet, param.CodeRouterRequired,
		param.CodeNoRouter, param.CodeNoDNSServer, param.CodeTFTPRequired,
	} {
		if networkTexts[code] == text.None {
			t.Errorf("no words for %s", code)
		}
	}
}

// TestReleasedAddressStaysAway: DHCP Address Released (guide 3-4) gives the
// address back; the phone asks for another one when it is set to No again.
func TestReleasedAddressStaysAway(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.openNetwork()
		d.dial("21")
		d.soft("Yes")
		d.soft("Save")
		d.wait(2 * time.Minute)
		d.expect("idle", text.Get(text.LimitedNoAddress))
		d.expectStatus("IP Address Released")
		if c.address().IsValid() {
			t.Errorf("the port has %v", c.address())
		}
		if leases := c.dhcp.Leases(); len(leases) != 0 {
			t.Errorf("the server still knows %v", leases)
		}
		d.wait(time.Hour)
		if c.address().IsValid() {
			t.Error("the phone has taken an address again")
		}
		d.openNetwork()
		d.dial("21")
		d.soft("No")
		d.soft("Save")
		d.wait(time.Minute)
		if d.expect("idle", "5551212"); !c.address().IsValid() {
			t.Error("no address")
		}
	})
}

func TestAddressOfTheHostIsNotReleased(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.openNetwork()
		d.dial("21")
		d.soft("Yes")
		d.expect("menu.network", "DHCP Address Released No", text.Get(text.NeedsOwnPort))
	})
}

// TestAlternateTFTPServerCounts: guide 3-5.
func TestAlternateTFTPServerCounts(t *testing.T) {
	f := flash.Memory()
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.openNetwork()
		d.dial("7")
		d.wait(2 * time.Second)
		d.soft("Edit")
		d.expect("menu.network", text.Get(text.NeedsStaticOrAlternate))
		d.dial("22")
		d.soft("Yes")
		d.dial("7")
		d.wait(2 * time.Second)
		d.soft("Edit")
		d.dial("192*0*2*3")
		d.soft("Validate")
		d.expect("menu.network", "TFTP Server 192.0.2.3", "Alternate TFTP Yes")
		d.soft("Save")
		d.wait(time.Minute)
		var server string
		d.on(func() { server = d.phone.startup.values.Server })
		if server != "192.0.2.3" {
			t.Errorf("server %q", server)
		}
		d.openNetwork()
		d.dial("22")
		d.soft("No")
		d.soft("Save")
		d.wait(time.Minute)
		d.on(func() { server = d.phone.startup.values.Server })
		if server != "192.0.2.2" {
			t.Errorf("without the alternate one: server %q", server)
		}
	}, withFlash(f))
}

func TestSaveWithoutAChangeStoresNothing(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		before := d.stored(f)
		d.openNetwork()
		d.dial("20")
		d.soft("No")
		d.soft("Yes")
		d.soft("Save")
		d.expect("menu.settings", text.Get(text.NothingChanged))
		d.wait(time.Minute)
		if d.starts() != 1 || !maps.Equal(before, d.stored(f)) {
			t.Errorf("started %d times, flash %v", d.starts(), d.stored(f))
		}
	}, withFlash(f))
}
