package dhcp

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

var testMAC = frame.MAC{0x00, 0x50, 0x3e, 0xff, 0xd8, 0x42}

// raw is an answer that gives 192.0.2.20, with the fields and options as they
// are to be.
func raw(serverName, file, options string) []byte {
	b := make([]byte, fixedFields)
	b[0], b[1], b[2] = 2, 1, 6
	copy(b[16:], "\xc0\x00\x02\x14")
	copy(b[28:], testMAC[:])
	copy(b[offsetServerName:], serverName)
	copy(b[offsetFile:], file)
	copy(b[offsetCookie:], "\x63\x82\x53\x63")
	return append(b, options...)
}

const ack150 = "\x35\x01\x05\x01\x04\xff\xff\xff\x00\x96\x04\xc0\x00\x02\x05"

func TestParseReadsOptionsWhereverTheyStand(t *testing.T) {
	two := []netip.Addr{netip.MustParseAddr("192.0.2.5"), netip.MustParseAddr("192.0.2.6")}
	half := strings.Repeat("n", 200)
	for _, c := range []struct {
		name    string
		message []byte
		fine    func(l Lease) bool
	}{
		{"plain", raw("server", "boot.bin", ack150+"\xff"), func(l Lease) bool { return l.BootFile == "boot.bin" && !l.BOOTP && l.Time == unsaid }},
		{"67 before the field", raw("", "boot.bin", ack150+"\x43\x01b\xff"), func(l Lease) bool { return l.BootFile == "b" }},
		{"no end", raw("", "", ack150), func(l Lease) bool { return true }},
		{"rubbish after the end", raw("", "", ack150+"\xff\x96\x04\x01\x01\x01\x01\x96"), func(l Lease) bool { return true }},
		{"padding", raw("", "", "\x00\x00"+ack150+"\x00\xff\x00\x00"), func(l Lease) bool { return true }},
		{"in file", raw("server", "\x42\x04tftp\xff", ack150+"\x34\x01\x01\xff"), func(l Lease) bool { return l.TFTPName == "tftp" && l.BootFile == "" }},
		{"in sname, after a pad", raw("\x00\x42\x04tftp\xff", "boot.bin", ack150+"\x34\x01\x02\xff"), func(l Lease) bool { return l.TFTPName == "tftp" && l.BootFile == "boot.bin" }},
		{"parted by both", raw("\x96\x02\x02\x06\xff", "\x96\x02\xc0\x00\xff", ack150+"\x34\x01\x03\xff"), func(l Lease) bool { return slices.Equal(l.TFTP, two) }},
		{"overload of 2 bytes", raw("\x42\x04tftp\xff", "", ack150+"\x34\x02\x02\x02\xff"), func(l Lease) bool { return l.TFTPName == "" }},
		{"long, in parts", raw("", "", ack150+"\x42\xc8"+half+"\x42\x02xx\xff"), func(l Lease) bool { return l.TFTPName == half+"xx" }},
		{"BOOTP", raw("", "", ack150[3:]+"\x33\x04\x00\x00\x00\x01\xff"), func(l Lease) bool { return l.BOOTP && l.Time == 0 }},
	} {
		l, err := Parse(c.message, time.Time{})
		if err != nil || l.Address != netip.MustParsePrefix("192.0.2.20/24") || len(l.TFTP) == 0 || !c.fine(l) {
			t.Errorf("%s: %+v, %v", c.name, l, err)
		}
	}
	for name, b := range map[string][]byte{
		"nothing":         nil,
		"short":           raw("", "", "")[:fixedFields-1],
		"no cookie":       append(make([]byte, fixedFields), ack150...),
		"cut option":      raw("", "", ack150[:len(ack150)-1]),
		"cut in overload": raw("", strings.Repeat("\x42\x7f", 64), ack150+"\x34\x01\x01\xff"),
		"too long":        raw("", "", ack150+strings.Repeat("\x00", 1500)),
	} {
		if l, err := Parse(b, time.Time{}); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// client reads frames without an exchange.
func client() *Client {
	return New(Config{Wire: linktest.NewSegment().Wire(testMAC[:], 0)})
}

func framed(message []byte) []byte {
	return frame.Datagram{SrcMAC: frame.MAC{2}, DstMAC: testMAC, Src: netip.MustParseAddrPort("192.0.2.1:67"), Dst: netip.MustParseAddrPort("255.255.255.255:68"), Payload: message}.Bytes()
}

// FuzzMessage has the client read a frame of any bytes.
func FuzzMessage(f *testing.F) {
	f.Add(framed(raw("", "", ack150+"\xff")))
	f.Add(framed(raw("", "\x42\x04tftp\xff", ack150+"\x34\x01\x01\x36\x04\xc0\x00\x02\x01\xff")))
	f.Add(framed(raw("", "", "\x35\x01\x06\x38\x02no\xff")))
	f.Add(frame.Announcement(frame.MAC{2}, netip.MustParseAddr("192.0.2.20")).Frame(frame.Broadcast))
	c := client()
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > link.MaxFrame {
			return
		}
		if a, err := c.read(b, dhcpv4.TransactionID{}, time.Time{}); err == nil && a.kind != dhcpv4.MessageTypeNak {
			usable(t, a.lease)
		}
		c.foreignARP(b)
	})
}

// FuzzOptions has it read any options and fields.
func FuzzOptions(f *testing.F) {
	f.Add("", "", ack150+"\xff")
	f.Add("\x96\x02\x02\x06\xff", "\x96\x02\xc0\x00\xff", ack150+"\x34\x01\x03\xff")
	f.Add("", "", "\x33\x04\xff\xff\xff\xff\x3a\x04\x00\x00\x00\x01\x3b\x04\x00\x00\x00\x02")
	f.Fuzz(func(t *testing.T, serverName, file, options string) {
		if l, err := Parse(raw(serverName, file, options), time.Time{}); err == nil {
			usable(t, l)
		}
	})
}

// usable fails for what no phone can live with.
func usable(t *testing.T, l Lease) {
	if !l.Address.IsValid() || l.Address.Bits() < 1 || l.Address.Addr().IsUnspecified() || len(l.TFTP) > maxList || len(l.Routers) > maxList ||
		len(l.TFTPName) > maxName || strings.ContainsFunc(l.TFTPName+l.Domain+l.BootFile, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%+v", l)
	}
	if l.Time != 0 && (l.T1 <= 0 || l.T1 > l.T2 || l.T2 >= l.Time) || l.Time < 0 {
		t.Errorf("time %v, T1 %v, T2 %v", l.Time, l.T1, l.T2)
	}
}
