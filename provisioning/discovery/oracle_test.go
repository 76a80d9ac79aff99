package discovery

import (
	"bytes"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// decode has gopacket read a frame.
func decode(t *testing.T, frame []byte, err error) gopacket.Packet {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		t.Fatalf("gopacket: %v", e.Error())
	}
	return p
}

func TestGopacketReadsCDP(t *testing.T) {
	frame, err := cdpSamples()["switch"].Frame()
	got := decode(t, frame, err).Layer(layers.LayerTypeCiscoDiscoveryInfo).(*layers.CiscoDiscoveryInfo)
	if got.DeviceID != "access-1" || got.PortID != "FastEthernet0/1" || got.VLANReply != (layers.CDPVLANDialogue{ID: 1, VLAN: 110}) ||
		len(got.Addresses) != 2 || !got.Addresses[1].Equal(netip.MustParseAddr("10.0.0.2").AsSlice()) || got.NativeVLAN != 7 || got.FullDuplex ||
		!got.Capabilities.L2Switch || got.ExtendedTrust != 1 || got.PowerAvailable.MgmtID != 3 || got.PowerAvailable.Values[0] != 15400 {
		t.Errorf("switch: %+v", got)
	}
	frame, err = cdpSamples()["phone"].Frame()
	got = decode(t, frame, err).Layer(layers.LayerTypeCiscoDiscoveryInfo).(*layers.CiscoDiscoveryInfo)
	if got.DeviceID != phone.Device || got.PortID != "Port 1" || got.Version != phone.Load || got.Platform != phone.Platform || got.VLANQuery.ID != 0x20 ||
		got.PowerConsumption != 6300 || got.PowerRequest.Values[0] != 6300 || !got.FullDuplex || !got.Capabilities.IsHost || !got.Capabilities.IsPhone {
		t.Errorf("phone: %+v", got)
	}
}

func TestGopacketReadsLLDPMED(t *testing.T) {
	frame, err := lldpSamples()["phone asks"].Frame()
	p := decode(t, frame, err)
	head := p.Layer(layers.LayerTypeLinkLayerDiscovery).(*layers.LinkLayerDiscovery)
	info := p.Layer(layers.LayerTypeLinkLayerDiscoveryInfo).(*layers.LinkLayerDiscoveryInfo)
	med, err := info.DecodeMedia()
	if err != nil {
		t.Fatal(err)
	}
	if head.ChassisID.Subtype != layers.LLDPChassisIDSubTypeMACAddr || !bytes.Equal(head.PortID.ID, phoneMAC) || head.TTL != lldpHold ||
		info.SysName != phone.Device || !info.SysCapabilities.EnabledCap.Phone || !bytes.Equal(info.MgmtAddress.Address, phone.Addr.AsSlice()) {
		t.Errorf("head %+v\ninfo %+v", head, info)
	}
	if med.MediaCapabilities.Class != layers.LLDPMediaClassEndpointIII || !med.MediaCapabilities.PowerPD || !med.MediaCapabilities.Inventory ||
		med.NetworkPolicy.Defined || med.NetworkPolicy.ApplicationType != layers.LLDPAppTypeVoice || med.PowerViaMDI.Value != 6300 ||
		med.SoftwareRevision != phone.Load || med.Manufacturer != manufacturer || med.Model != phone.Platform || med.SerialNumber != phone.Serial {
		t.Errorf("MED %+v", med)
	}
	frame, err = lldpSamples()["phone confirms"].Frame()
	info = decode(t, frame, err).Layer(layers.LayerTypeLinkLayerDiscoveryInfo).(*layers.LinkLayerDiscoveryInfo)
	med, _ = info.DecodeMedia()
	if want := (layers.LLDPNetworkPolicy{ApplicationType: layers.LLDPAppTypeVoice, Defined: true, Tagged: true, VLANId: 110, L2Priority: 5, DSCPValue: 34}); med.NetworkPolicy != want {
		t.Errorf("policy %+v, want %+v", med.NetworkPolicy, want)
	}
}

// capture writes frames into a file of pcap.
func capture(t *testing.T, frames [][]byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "frames.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriter(f)
	if err := w.WriteFileHeader(65535, layers.LinkTypeEthernet); err != nil {
		t.Fatal(err)
	}
	for i, frame := range frames {
		info := gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(frame), Length: len(frame)}
		if err := w.WritePacket(info, frame); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func tshark(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed:", err)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, out)
	}
	return string(out)
}

// TestTsharkFindsNoFault has Wireshark's dissectors read every sample, with odd
// lengths and last bytes of all signs for the checksum.
func TestTsharkFindsNoFault(t *testing.T) {
	var frames [][]byte
	add := func(frame []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, frame)
	}
	for _, m := range cdpSamples() {
		add(m.Frame())
	}
	for _, last := range []uint8{0, 1, 0x7f, 0x80, 0xff} { // CoS is the last value, of one byte
		add(CDPMessage{Source: switchMAC, TTL: 1, Device: "x", CoS: &last}.Frame())
		add(CDPMessage{Source: switchMAC, TTL: 1, Device: "xy", CoS: &last}.Frame())
	}
	for _, m := range lldpSamples() {
		add(m.Frame())
	}
	file := capture(t, frames)
	out := tshark(t, "-r", file, "-V")
	for _, bad := range []string{"Malformed", "[Expert Info (Error", "[Expert Info (Warning", "incorrect", "Bad checksum", "Truncated"} {
		if i := strings.Index(out, bad); i >= 0 {
			t.Errorf("tshark says %q:\n%s", bad, out[max(0, i-1500):min(len(out), i+300)])
		}
	}
	if n := strings.Count(out, "Checksum Status: Good"); n != len(cdpSamples())+10 {
		t.Errorf("tshark found %d CDP checksums good, want %d", n, len(cdpSamples())+10)
	}
	for _, want := range []string{
		"Device ID: SIP00503EFFD842", "Port ID: Port 1", "VoIP VLAN Query", "Voice VLAN: 110", "Power Consumption: 6300 mW",
		"Endpoint Class III (3)", "Policy: Unknown", "VLAN Id: 110", "Serial Number: DSK0001",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("tshark does not say %q", want)
		}
	}
}
