package link

import (
	"errors"
	"slices"
	"testing"
)

// Frames that a wire passes, and some that it must not.
var (
	addresses = []byte("\x02\x00\x00\x00\x00\x0a\x02\x00\x00\x00\x00\x0b")
	udp68     = slices.Concat(addresses, []byte{8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 67, 0, 68, 0, 8, 0, 0})
	cdpFrame  = slices.Concat([]byte(CDPGroup), addresses[6:], []byte{0, 12}, []byte(CDPSNAP), []byte{2, 180, 0, 0})
)

func with(frame []byte, at int, to byte) []byte {
	f := slices.Clone(frame)
	f[at] = to
	return f
}

// options is udp68 with a longer IPv4 header.
func options() []byte {
	return slices.Concat(with(udp68, 14, 0x46)[:34], []byte{1, 1, 1, 1}, udp68[34:])
}

var controlFrames = []struct {
	name  string
	frame []byte
	want  bool
}{
	{"ARP", slices.Concat(addresses, []byte{8, 6, 0}), true},
	{"LLDP", slices.Concat(addresses, []byte{0x88, 0xcc}), true},
	{"CDP", cdpFrame, true},
	{"CDP to another group", with(cdpFrame, 5, 0xcd), false},
	{"VTP", with(cdpFrame, 21, 3), false},
	{"STP", slices.Concat(addresses, []byte{0, 38, 0x42, 0x42, 3, 0, 0}), false},
	{"DHCP to a client", udp68, true},
	{"with options", options(), true},
	{"DHCP to a server", with(udp68, 37, 67), false},
	{"port's other byte", with(udp68, 36, 1), false},
	{"TCP", with(udp68, 23, 6), false},
	{"later fragment", with(udp68, 21, 1), false},
	{"first fragment", with(udp68, 20, 0x20), true},
	{"header of nothing", with(udp68, 14, 0x40), false},
	{"header of four words", with(udp68, 14, 0x44), false},
	{"header beyond the end", with(udp68, 14, 0x4f), false},
	{"cut", udp68[:37], false},
	{"IPv6", slices.Concat(addresses, []byte{0x86, 0xdd, 0x60}), false},
	{"tagged", slices.Concat(addresses, []byte{0x81, 0, 0, 110, 8, 6}), false},
	{"addresses only", addresses, false},
	{"nothing", nil, false},
}

func TestIsControl(t *testing.T) {
	for _, c := range controlFrames {
		if got := IsControl(c.frame); got != c.want {
			t.Errorf("%s: IsControl = %t", c.name, got)
		}
	}
}

func TestCheckVLAN(t *testing.T) {
	for vlan, want := range map[int]error{-1: ErrVLAN, 0: nil, 1: nil, 4094: nil, 4095: ErrVLAN, 4096: ErrVLAN, 1 << 40: ErrVLAN} {
		if err := CheckVLAN(vlan); !errors.Is(err, want) {
			t.Errorf("CheckVLAN(%d) = %v, want %v", vlan, err, want)
		}
	}
}
