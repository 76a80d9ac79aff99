package lab

import (
	"net/netip"
	"strings"
	"testing"
)

func TestSimulatedAddressesLeadToTheLab(t *testing.T) {
	l := start(t, Options{Backup: true, HTTP: true})
	for simulated, want := range map[string]netip.AddrPort{
		"192.0.2.1:69":    l.TFTP(),
		"192.0.2.1:80":    netip.MustParseAddrPort(strings.Trim(l.HTTP(), "htp:/")),
		"192.0.2.10:5060": l.Proxy(),
		"192.0.2.11:5060": l.Backup(),
		"192.0.2.1:5060":  {},
		"198.51.100.1:69": {},
	} {
		if got, ok := l.Translate(netip.MustParseAddrPort(simulated)); got != want || ok != want.IsValid() {
			t.Errorf("%s: %v, want %v", simulated, got, want)
		}
	}
	if _, ok := start(t, Options{}).Translate(netip.AddrPortFrom(backupAddr, sipPort)); ok {
		t.Error("there is no backup")
	}
}

func TestSwitchTellsTheVoiceVLAN(t *testing.T) {
	l := start(t, Options{})
	c := plug(t, l, 0)
	if vlan := c.voiceVLAN(c.askCDP, byCDP); vlan != VoiceVLAN {
		t.Errorf("VLAN %d by CDP", vlan)
	}
	if vlan := c.voiceVLAN(c.askLLDP, byLLDP); vlan != VoiceVLAN {
		t.Errorf("VLAN %d by LLDP-MED", vlan)
	}
	l.Close()
	c = plug(t, l, 0)
	if vlan := c.voiceVLAN(c.askCDP, byCDP); vlan != -1 {
		t.Error("a closed lab speaks")
	}
}
