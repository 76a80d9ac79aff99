package discovery

import (
	"errors"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"deskset/provisioning/link"
)

var (
	phoneMAC  = net.HardwareAddr{0x00, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	switchMAC = net.HardwareAddr{0x02, 0, 0, 0, 0, 0x51}
)

var phone = Identity{
	MAC: phoneMAC, Device: "SIP00503EFFD842", Load: "P0S3-08-12-00", Platform: "Deskset 7960",
	Serial: "DSK0001", Power: 6300, Addr: netip.MustParseAddr("10.10.110.7"),
}

func ptr[T any](v T) *T { return &v }

// cdpSamples are a phone's, a switch's with everything, and the least.
func cdpSamples() map[string]CDPMessage {
	return map[string]CDPMessage{
		"phone": phone.cdp(),
		"switch": {
			Source: switchMAC, TTL: 180, Device: "access-1", Port: "FastEthernet0/1", Version: "12.1", Platform: "WS-C2950",
			Addresses:    []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")},
			Capabilities: CDPSwitch | CDPBridge, NativeVLAN: 7, Duplex: HalfDuplex,
			VoiceVLANs:     []CDPVoiceVLAN{{Appliance: 1, VLAN: 110}, {Appliance: 2, VLAN: 0xffff}},
			PowerAvailable: &CDPPower{Request: 1, Management: 3, Levels: []uint32{15400, 0xffffffff}},
			Trust:          ptr(uint8(1)), CoS: ptr(uint8(0)),
		},
		"least": {Source: switchMAC},
	}
}

func lldpSamples() map[string]LLDPMessage {
	return map[string]LLDPMessage{
		"phone asks":     phone.lldp(Neighbor{}),
		"phone confirms": phone.lldp(Neighbor{VLAN: 110, Priority: -1, DSCP: 34}),
		"switch": {
			Source: switchMAC, Chassis: LLDPID{ChassisLocal, "access-1"}, Port: LLDPID{PortName, "Fa0/1"}, TTL: 121,
			PortDescription: "desk 7", SystemName: "access-1", SystemDescription: "a switch", Capabilities: LLDPBridge | LLDPRouter,
			Enabled: LLDPBridge, Management: netip.MustParseAddr("2001:db8::1"), MAU: 30,
			MED: &MED{
				Capabilities: MEDCapabilities | MEDPolicy | MEDPSE, Class: MEDSwitch,
				Policies: []MEDNetworkPolicy{{Application: 2, VLAN: 4095, Priority: 7, DSCP: 63}, {Application: MEDVoice, Tagged: true, VLAN: 110, Priority: 5, DSCP: 46}},
				Power:    &MEDPowerViaMDI{Type: MEDPowerPSE, Source: 3, Priority: 15, Tenths: 154}, Asset: strings.Repeat("a", 32),
			},
		},
		"withdrawn": {Source: phoneMAC, Chassis: LLDPID{ChassisMAC, string(phoneMAC)}, Port: LLDPID{PortMAC, string(phoneMAC)}},
	}
}

func TestCDPMessagesComeBackAsTheyWere(t *testing.T) {
	for name, m := range cdpSamples() {
		frame, err := m.Frame()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		padded := append(slices.Clone(frame), make([]byte, max(0, 60-len(frame)))...)
		if got, err := ParseCDP(padded); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, got, m)
		}
	}
}

func TestLLDPMessagesComeBackAsTheyWere(t *testing.T) {
	for name, m := range lldpSamples() {
		frame, err := m.Frame()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, bytes := range [][]byte{frame, frame[:len(frame)-2], append(slices.Clone(frame), make([]byte, 60)...)} {
			if got, err := ParseLLDP(bytes); err != nil || !reflect.DeepEqual(got, m) {
				t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, got, m)
			}
		}
	}
}

// TestCDPChecksumOfOddLength: sums worked out by hand. The last byte counts as
// a signed number: 0x80 takes 128 away.
func TestCDPChecksumOfOddLength(t *testing.T) {
	for _, c := range []struct {
		bytes string
		want  uint16
	}{
		{"\x02\xb4\x00\x00", 0xfd4b},
		{"\x02\xb4\x00\x00\x01", 0xfd4a},
		{"\x02\xb4\x00\x00\x80", ^uint16(0x02b4 - 0x80)},
		{"\x02\xb4\x00\x00\xff", ^uint16(0x02b4 - 1)},
		{"\x00\x05\x00\x00\xff", ^uint16(4)},
		{"\xff\xff\xff\xff\x80", ^uint16(0xffff - 0x80)},
	} {
		if got := cdpChecksum([]byte(c.bytes)); got != c.want {
			t.Errorf("checksum of %x = %#04x, want %#04x", c.bytes, got, c.want)
		}
	}
}

// change gives a frame with one byte changed and, for CDP, the checksum mended.
func change(frame []byte, at int, to byte) []byte {
	f := slices.Clone(frame)
	f[at] = to
	if string(f[:6]) == link.CDPGroup {
		body := f[cdpStart:]
		body[2], body[3] = 0, 0
		sum := cdpChecksum(body)
		body[2], body[3] = byte(sum>>8), byte(sum)
	}
	return f
}

func TestParseCDPRefusesWhatIsNotWhole(t *testing.T) {
	m := CDPMessage{Source: switchMAC, TTL: 9, Duplex: FullDuplex, VoiceVLANs: []CDPVoiceVLAN{{1, 110}}}
	good, _ := m.Frame()
	for n := range good {
		if _, err := ParseCDP(good[:n]); !errors.Is(err, errFrame) {
			t.Errorf("first %d bytes of %d: %v", n, len(good), err)
		}
	}
	for name, f := range map[string][]byte{
		"group":          change(good, 5, 0xcd),
		"organisation":   change(good, 19, 1),
		"version":        change(good, cdpStart, 3),
		"length":         change(good, 13, good[13]+1),
		"too short":      change(good, 13, 11),
		"checksum":       slices.Concat(good[:cdpStart+1], []byte{10}, good[cdpStart+2:]),
		"value's length": change(good, cdpStart+7, 3),
		"value too long": change(good, cdpStart+7, 200),
		"duplex":         change(good, cdpStart+8, 2),
		"giant":          append(slices.Clone(good), make([]byte, 1600)...),
	} {
		if _, err := ParseCDP(f); !errors.Is(err, errFrame) {
			t.Errorf("%s: %v, want an error", name, err)
		}
	}
	if _, err := ParseCDP(change(good, cdpStart+1, 77)); err != nil {
		t.Errorf("a changed TTL: %v; the tests above prove nothing", err)
	}
}

func TestParseLLDPRefusesWhatIsNotWhole(t *testing.T) {
	m := LLDPMessage{Source: switchMAC, Chassis: LLDPID{ChassisLocal, "ab"}, Port: LLDPID{PortLocal, "cd"}, TTL: 9}
	good, _ := m.Frame()
	// Chassis, port, TTL and end stand at 14, 19, 24 and 28.
	for n := range len(good) - 2 {
		if _, err := ParseLLDP(good[:n]); !errors.Is(err, errFrame) {
			t.Errorf("first %d bytes of %d: %v", n, len(good), err)
		}
	}
	for name, f := range map[string][]byte{
		"type":                  change(good, 13, 0xcd),
		"to a host":             change(good, 0, 0),
		"port first":            slices.Concat(good[:14], good[19:24], good[14:19], good[24:]),
		"TTL missing":           slices.Concat(good[:24], good[28:]),
		"chassis twice":         slices.Concat(good[:28], good[14:19], good[28:]),
		"chassis without value": slices.Concat(good[:14], []byte{2, 1, 7}, good[19:]),
		"one byte more":         slices.Concat(good[:28], []byte{1}),
		"value too long":        change(good, 15, 200),
		"short TTL":             slices.Concat(good[:24], []byte{6, 1, 9}, good[28:]),
		"short organisation":    slices.Concat(good[:28], []byte{0xfe, 3, 0, 0x12, 0xbb}),
		"short policy":          slices.Concat(good[:28], []byte{0xfe, 7, 0, 0x12, 0xbb, 2, 1, 0x40, 0}),
		"short capabilities":    slices.Concat(good[:28], []byte{14, 3, 0, 4, 0}),
		"management of nothing": slices.Concat(good[:28], []byte{16, 2, 0, 1}),
	} {
		if _, err := ParseLLDP(f); !errors.Is(err, errFrame) {
			t.Errorf("%s: %v, want an error", name, err)
		}
	}
}

func TestFrameRefusesWhatDoesNotFit(t *testing.T) {
	id := LLDPID{PortLocal, "x"}
	for name, f := range map[string]interface{ Frame() ([]byte, error) }{
		"CDP without sender": CDPMessage{},
		"CDP too long":       CDPMessage{Source: phoneMAC, Version: strings.Repeat("x", 1500)},
		"chassis missing":    LLDPMessage{Source: phoneMAC, Port: id},
		"chassis too long":   LLDPMessage{Source: phoneMAC, Port: id, Chassis: LLDPID{7, strings.Repeat("x", 256)}},
		"name too long":      LLDPMessage{Source: phoneMAC, Port: id, Chassis: id, SystemName: strings.Repeat("x", 256)},
		"VLAN of 13 bits":    LLDPMessage{Source: phoneMAC, Port: id, Chassis: id, MED: &MED{Policies: []MEDNetworkPolicy{{VLAN: 4096}}}},
		"model too long":     LLDPMessage{Source: phoneMAC, Port: id, Chassis: id, MED: &MED{Model: strings.Repeat("x", 33)}},
		"power":              LLDPMessage{Source: phoneMAC, Port: id, Chassis: id, MED: &MED{Power: &MEDPowerViaMDI{Type: 4}}},
	} {
		if _, err := f.Frame(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLongIdentityStillFits(t *testing.T) {
	long := strings.Repeat("é", 400)
	who := Identity{MAC: phoneMAC, Device: long, Load: long, Platform: long, Serial: long, Power: 1 << 30}
	if _, err := who.cdp().Frame(); err != nil {
		t.Error(err)
	}
	if _, err := who.lldp(Neighbor{}).Frame(); err != nil {
		t.Error(err)
	}
}

func TestTextOfNeighborsIsFitForALog(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\x1b[31m\x00": "a b [31m", "\xff\u202ex\u0085": "x", " é ": "é", "\x00": "",
	} {
		if got := text([]byte(in)); got != want {
			t.Errorf("text(%q) = %q, want %q", in, got, want)
		}
	}
}

// fuzzSeeds gives the samples and the values that odd switches send.
func fuzzSeeds(f *testing.F) {
	for _, m := range cdpSamples() {
		frame, _ := m.Frame()
		f.Add(frame)
	}
	for _, m := range lldpSamples() {
		frame, _ := m.Frame()
		f.Add(frame)
	}
}

func FuzzCDP(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		if len(frame) > cdpStart+cdpHead { // let the fuzzer behind the checksum
			if end := min(len(frame), addressesLength+2+int(frame[12])<<8+int(frame[13])); end >= cdpStart+cdpHead {
				frame = append(change(frame[:end], 0, frame[0]), frame[end:]...)
			}
		}
		m, err := ParseCDP(frame)
		if err != nil {
			return
		}
		m.heard()
		again, err := m.Frame()
		if err != nil {
			if len(frame) < cdpMaxLength {
				t.Fatalf("%v\n%+v", err, m)
			}
			return // a VLAN alone takes a byte more when it is written
		}
		if got, err := ParseCDP(again); err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%v\n got %+v\nwant %+v", err, got, m)
		}
	})
}

func FuzzLLDP(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, err := ParseLLDP(frame)
		if err != nil {
			return
		}
		m.heard()
		again, err := m.Frame()
		if err != nil {
			t.Fatalf("%v\n%+v", err, m)
		}
		if got, err := ParseLLDP(again); err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%v\n got %+v\nwant %+v", err, got, m)
		}
	})
}
