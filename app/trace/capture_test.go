package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

func open(t *testing.T, o Options) (path string, tr *Trace) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "out.pcapng")
	tr, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return path, tr
}

type packet struct {
	link   layers.LinkType
	name   string
	at     time.Time
	data   []byte
	length int
	notes  []string
}

// read closes a trace, unless it is nil, and reads it with somebody else's reader.
func read(t *testing.T, path string, tr *Trace) (packets []packet) {
	t.Helper()
	if tr != nil {
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	last := time.Time{}
	for {
		data, info, options, err := r.ReadPacketDataWithOptions()
		if errors.Is(err, io.EOF) {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		i, err := r.Interface(info.InterfaceIndex)
		if err != nil {
			t.Fatal(err)
		}
		if info.Timestamp.Before(last) {
			t.Errorf("packet %d is older than the one before it", len(packets))
		}
		last = info.Timestamp
		packets = append(packets, packet{i.LinkType, i.Name, info.Timestamp, data, info.Length, options.Comments})
	}
}

func TestDatagramsAreThoseThatGopacketMakes(t *testing.T) {
	for _, c := range []struct{ local, remote, payload string }{
		{"192.0.2.5:5060", "192.0.2.1:5061", "odd"},
		{"192.0.2.5:5060", "255.255.255.255:1", ""},
		{"[2001:db8::5]:5060", "[2001:db8::1]:5061", "four"},
		{"[::ffff:192.0.2.5]:5060", "192.0.2.1:5061", strings.Repeat("\xff", 1401)},
	} {
		r := &record{place: onUDP, local: plain(netip.MustParseAddrPort(c.local)), remote: plain(netip.MustParseAddrPort(c.remote)), out: true, dscp: 46, data: []byte(c.payload)}
		udp := &layers.UDP{SrcPort: layers.UDPPort(r.local.Port()), DstPort: layers.UDPPort(r.remote.Port())}
		var ip interface {
			gopacket.SerializableLayer
			gopacket.NetworkLayer
		} = &layers.IPv4{Version: 4, TOS: 46 << 2, Flags: layers.IPv4DontFragment, TTL: hops, Protocol: layers.IPProtocolUDP, SrcIP: r.local.Addr().AsSlice(), DstIP: r.remote.Addr().AsSlice()}
		if r.local.Addr().Is6() {
			ip = &layers.IPv6{Version: 6, TrafficClass: 46 << 2, HopLimit: hops, NextHeader: layers.IPProtocolUDP, SrcIP: net.IP(r.local.Addr().AsSlice()), DstIP: net.IP(r.remote.Addr().AsSlice())}
		}
		if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
			t.Fatal(err)
		}
		want := gopacket.NewSerializeBuffer()
		if err := gopacket.SerializeLayers(want, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, udp, gopacket.Payload(c.payload)); err != nil {
			t.Fatal(err)
		}
		if got := appendIP(nil, r); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s to %s:\n got %x\nwant %x", c.local, c.remote, got, want.Bytes())
		}
	}
}

func TestSIPIsInTheFileAtOnce(t *testing.T) {
	path, tr := open(t, Options{Program: "test"})
	defer tr.Close()
	tr.SIP()("out", "udp", here, server, []byte("OPTIONS sip:x@y SIP/2.0\r\nAuthorization: masked\r\n\r\n"))
	for deadline := time.After(10 * time.Second); ; {
		if file, err := os.ReadFile(path); err == nil && bytes.Contains(file, []byte("OPTIONS")) {
			break
		}
		select {
		case <-deadline:
			t.Fatal("nothing is written before the end")
		case <-time.After(time.Millisecond):
		}
	}
	// What a kill would leave.
	if packets := read(t, path, nil); len(packets) != 1 || packets[0].link != layers.LinkTypeRaw ||
		fmt.Sprint(packets[0].notes) != "[credentials masked]" || time.Since(packets[0].at).Abs() > time.Minute {
		t.Errorf("%+v", packets)
	}
}

func TestMessagesOfStreamsAreExportedPDUs(t *testing.T) {
	path, tr := open(t, Options{})
	message := []byte("MESSAGE sip:x:QQ@y SIP/2.0\r\na=crypto:1 AES inline:QQQQ\r\nVia: x;branch=z9hG4bKpskPWDtoken;rport\r\n\r\nRoute: <sip:p:5060>,<sip:a@b>\r\n\r\n")
	tr.SIP()("in", "tls", here, server, message)
	tr.SIP()("in", "tls", netip.AddrPort{}, netip.MustParseAddrPort("[2001:db8::1%eth0]:5061"), message)
	tr.SIP()("in", "udp", netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("[2001:db8::1]:5061"), message) // mixed
	tr.SIP()("in", "udp", here, server, bytes.Repeat([]byte("a "), 40000))                                                // longer than a datagram
	for i, p := range read(t, path, tr) {
		if p.link != linkPDU || bytes.ContainsRune(p.data, 'Q') || p.length != len(p.data) {
			t.Errorf("%d: %v %q", i, p.link, p.data)
		}
		if i < 3 && !bytes.HasSuffix(p.data, []byte("Via: x;branch=z9hG4bKpskPWDtoken;rport\r\n\r\nRoute: <sip:p:5060>,<sip:a@b>\r\n\r\n")) {
			t.Errorf("%d: %q", i, p.data)
		}
	}
}

func TestFileIsBoundedAndSaysSo(t *testing.T) {
	const limit = 100 << 10
	path, tr := open(t, Options{max: limit})
	for range 100 {
		tr.SIP()("out", "udp", here, server, make([]byte, 2000))
	}
	for range 100 {
		tr.SIP()("out", "tcp", here, server, make([]byte, 2000))
	}
	packets := read(t, path, tr)
	info, err := os.Stat(path)
	if err != nil || info.Size() > limit || info.Size() < limit/2 {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	if last := packets[len(packets)-1]; !strings.Contains(fmt.Sprint(last.notes), "the trace ends here") {
		t.Errorf("the last packet: %+v", last)
	}
}

// A file that takes nothing costs packets, not time, and the file says so.
func TestSlowFileLosesPacketsAndSaysSo(t *testing.T) {
	path, tr := open(t, Options{})
	c := tr.capture
	big := make([]byte, 1<<20)
	c.queued.Store(queueBytes) // as if all of it waited
	c.tell(&record{place: onPDU, name: "sip", data: big})
	c.queued.Store(0)
	c.tell(&record{place: onPDU, name: "sip", data: []byte("x")})
	if packets := read(t, path, tr); len(packets) != 2 || !strings.Contains(fmt.Sprint(packets[1].notes), "1 packets are missing here") {
		t.Errorf("%+v", packets)
	}
	tr.SIP()("out", "udp", here, server, big) // to no effect
}

func TestFullDiskEndsTheTraceWithAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	link := filepath.Join(t.TempDir(), "full.pcapng")
	if err := os.Symlink("/dev/full", link); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(link, Options{}); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Error(err)
	}
	_, tr := open(t, Options{})
	_ = tr.capture.file.Close()
	tr.SIP()("out", "udp", here, server, []byte("x"))
	if err := tr.Close(); err == nil || !strings.Contains(err.Error(), "the trace has ended") {
		t.Error(err)
	}
}

func TestWithoutTraceThereAreNoHooks(t *testing.T) {
	var none *Trace
	text, err := Open(filepath.Join(t.TempDir(), "out.txt"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	for _, tr := range []*Trace{none, text} {
		if tr.TFTP() != nil || tr.HTTP() != nil || tr.Voice() != nil || tr.Port(nil) != nil {
			t.Errorf("%v has hooks", tr)
		}
	}
	if none.SIP() != nil || text.SIP() == nil {
		t.Error("SIP")
	}
}

func TestHooksMayBeCalledFromEverywhere(t *testing.T) {
	path, tr := open(t, Options{})
	var all sync.WaitGroup
	sip, tap, voice := tr.SIP(), tr.TFTP(), tr.Voice()
	for range 4 {
		all.Go(func() {
			for i := range 50 {
				sip("in", "udp", here, server, []byte("x"))
				tap()(true, here, server, []byte("x"))
				voice(rtp(uint16(i)))
			}
		})
	}
	all.Wait()
	if n := len(read(t, path, tr)); n != 600 {
		t.Errorf("%d packets", n)
	}
}

// Where the computer has slept, the wall clock is ahead of ours; where it was
// set back, time in the file stands still.
func TestTimeFollowsTheWallClockForward(t *testing.T) {
	c := &capture{began: time.Now(), shift: -time.Hour}
	c.follow()
	if off := time.Since(time.Unix(0, c.reading(c.now()))).Abs(); off > time.Second {
		t.Errorf("the clock is off by %v", off)
	}
	c.shift = time.Hour
	c.follow()
	if c.shift != time.Hour || c.wall(time.Minute) != c.wall(0) {
		t.Errorf("time goes back: %v", c.shift)
	}
}
