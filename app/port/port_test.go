package port

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"

	"go.uber.org/goleak"
)

const limit = 10 * time.Second

var (
	phoneMAC  = net.HardwareAddr{0x00, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	switchMAC = net.HardwareAddr{2, 0, 0, 0, 0, 0x51}
	toAll     = net.HardwareAddr{255, 255, 255, 255, 255, 255}
)

// bench is a helper that serves ports on a segment in memory.
type bench struct {
	*testing.T
	seg   *linktest.Segment
	path  string
	ports chan *linktest.Port // that were taken
}

// serve runs a helper until the test ends.
func serve(t *testing.T, s *server) *bench {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	b := &bench{T: t, seg: linktest.NewSegment(), path: filepath.Join(t.TempDir(), "s"), ports: make(chan *linktest.Port, 9)}
	l, err := net.Listen("unix", b.path)
	if err != nil {
		t.Skip("Unix sockets:", err)
	}
	s.log = slog.New(slog.DiscardHandler)
	if s.take == nil {
		s.take = func() (link.Port, error) {
			p := b.seg.Port("eth1", phoneMAC)
			b.ports <- p
			return p, nil
		}
	}
	if s.allowed == nil {
		s.allowed = func(net.Conn) error { return nil }
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := goleak.Find(leaks); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bench) dial() link.Port {
	b.Helper()
	p, err := Dial(b.path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p
}

func arp(to, from net.HardwareAddr) []byte {
	return append(slices.Concat(to, from, []byte{8, 6}), make([]byte, 46)...)
}

// dhcp is an IPv4 packet of UDP between these ports.
func dhcp(from, to uint16) []byte {
	b := append(slices.Concat(toAll, phoneMAC, []byte{8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0}), make([]byte, 8)...)
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, from), to)
	return append(b, 0, 8, 0, 0)
}

func TestPhoneUsesThePortThroughTheHelper(t *testing.T) {
	b := serve(t, &server{})
	p := b.dial()
	if p.Name() != "eth1" || !bytes.Equal(p.MAC(), phoneMAC) || p.Simulated() {
		t.Errorf("port %s %s", p.Name(), p.MAC())
	}
	far0, far110 := b.seg.Wire(switchMAC, 0), b.seg.Wire(switchMAC, 110)
	near0, err0 := p.Open(t.Context(), 0)
	near110, err110 := p.Open(t.Context(), 110)
	if err0 != nil || err110 != nil {
		t.Fatal(err0, err110)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for _, pair := range [][2]link.Wire{{near0, far0}, {far0, near0}, {near110, far110}, {far110, near110}} {
		f := arp(toAll, pair[0].MAC())
		if err := pair[0].Send(f); err != nil {
			t.Fatal(err)
		}
		if got, err := pair[1].Receive(ctx); err != nil || !bytes.Equal(got, f) {
			t.Errorf("got %x, %v", got, err)
		}
	}
	a := link.Address{Prefix: netip.MustParsePrefix("10.1.0.2/24"), Router: netip.MustParseAddr("10.1.0.1")}
	if err := p.Configure(110, a); err != nil {
		t.Fatal(err)
	}
	real := <-b.ports
	if got := real.Addresses()[110]; got.Prefix != a.Prefix || got.Router != a.Router {
		t.Errorf("configured %+v, want %+v", got, a)
	}
	if err := p.Configure(110, link.Address{}); err != nil || len(real.Addresses()) != 0 {
		t.Errorf("address not taken away: %v, %v", err, real.Addresses())
	}
	near0.Close()
	if _, err := near0.Receive(ctx); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Receive = %v, want ErrClosed", err)
	}
	if err := near0.Send(arp(toAll, phoneMAC)); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Send = %v, want ErrClosed", err)
	}
}

func TestSpeakerFindsTheVLANThroughTheHelper(t *testing.T) {
	b := serve(t, &server{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- fakeswitch.Switch{Wire: b.seg.Wire(switchMAC, 0), VLAN: 110}.Run(ctx) }()
	w, err := b.dial().Open(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	who := discovery.Identity{MAC: phoneMAC, Device: "SIP00503EFFD842"}
	if n, err := discovery.NewSpeaker(who, discovery.Options{CDP: true, LLDP: true, Listen: limit}).Find(ctx, w); err != nil || n.VLAN != 110 {
		t.Errorf("got %+v, %v", n, err)
	}
	cancel()
	<-done
}

func TestErrorsKeepTheirIdentity(t *testing.T) {
	b := serve(t, &server{})
	if _, err := b.dial().Open(t.Context(), 4095); !errors.Is(err, link.ErrVLAN) {
		t.Errorf("Open 4095 = %v, want ErrVLAN", err)
	}
	b = serve(t, &server{take: func() (link.Port, error) { return nil, link.ErrNoRight }})
	if _, err := Dial(b.path); !errors.Is(err, link.ErrNoRight) {
		t.Errorf("Dial = %v, want ErrNoRight", err)
	}
	b = serve(t, &server{allowed: func(net.Conn) error { return errors.New("stranger") }})
	if _, err := Dial(b.path); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Dial of a stranger = %v, want ErrClosed", err)
	}
}

func TestOnePhoneAtATimeAndAllIsUndone(t *testing.T) {
	b := serve(t, &server{})
	first := b.dial()
	if _, err := Dial(b.path); !errors.Is(err, link.ErrBusy) || !strings.Contains(err.Error(), "another phone has it") {
		t.Errorf("second phone: %v, want ErrBusy in words", err)
	}
	w, err := first.Open(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Configure(0, link.Address{Prefix: netip.MustParsePrefix("10.1.0.2/24")}); err != nil {
		t.Fatal(err)
	}
	first.Close()
	if _, err := w.Receive(t.Context()); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Receive = %v, want ErrClosed", err)
	}
	if _, err := first.Open(t.Context(), 0); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Open = %v, want ErrClosed", err)
	}
	port := <-b.ports
	for end := time.Now().Add(limit); ; <-time.After(10 * time.Millisecond) {
		if p, err := Dial(b.path); err == nil {
			p.Close()
			break
		} else if time.Now().After(end) {
			t.Fatal("port never came free:", err)
		}
	}
	if len(port.Addresses()) != 0 {
		t.Errorf("left behind: %v", port.Addresses())
	}
}

func TestCarrierReachesThePhone(t *testing.T) {
	b := serve(t, &server{})
	p := b.dial()
	real := <-b.ports
	told := make(chan bool, 9)
	done := make(chan error, 1)
	go func() { done <- p.Watch(t.Context(), func(up bool) { told <- up }) }()
	for _, up := range []bool{true, false, true} {
		real.Set(up)
		select {
		case got := <-told:
			if got != up {
				t.Errorf("told %t, want %t", got, up)
			}
		case <-time.After(limit):
			t.Fatalf("%t not told", up)
		}
	}
	real.Lose() // as an adapter that is pulled out
	select {
	case err := <-done:
		if !errors.Is(err, link.ErrClosed) {
			t.Errorf("Watch = %v, want ErrClosed", err)
		}
	case <-time.After(limit):
		t.Fatal("phone keeps a port that is gone")
	}
}

func TestPhoneMaySendOnlyControlFrames(t *testing.T) {
	lldp := append(slices.Concat(toAll, phoneMAC, []byte{0x88, 0xcc}), make([]byte, 50)...)
	fragment := dhcp(68, 67)
	fragment[20] = 0x20
	for name, c := range map[string]struct {
		frame []byte
		want  bool
	}{
		"ARP": {arp(toAll, phoneMAC), true}, "LLDP": {lldp, true}, "DHCP": {dhcp(68, 67), true},
		"another's ARP": {arp(toAll, switchMAC), false}, "DHCP as a server": {dhcp(67, 68), false}, "DNS": {dhcp(68, 53), false},
		"DHCP in pieces": {fragment, false}, "short": {lldp[:13], false}, "half a DHCP": {dhcp(68, 67)[:38], false},
		"long": {append(arp(toAll, phoneMAC), make([]byte, 2000)...), false}, "tagged": {slices.Concat(toAll, phoneMAC, []byte{0x81, 0, 0, 9, 8, 6}), false},
	} {
		if got := maySend(c.frame, phoneMAC); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// connect makes a connection that has the port.
func (b *bench) connect() net.Conn {
	b.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); {
		c, err := net.Dial("unix", b.path)
		if err != nil {
			b.Fatal(err)
		}
		select {
		case <-b.ports:
			return c
		case <-time.After(100 * time.Millisecond): // the one before is still there
			c.Close()
		}
	}
	b.Fatal("port never came free")
	return nil
}

// TestHelperEndsWhatMakesNoSense: whatever a phone sends, the helper ends the
// connection at worst, and serves the next one.
func TestHelperEndsWhatMakesNoSense(t *testing.T) {
	b := serve(t, &server{})
	open := []byte("\x00\x00\x00\x21c" + `{"id":1,"do":"open","vlan":0,"wir`)
	whole := func(kind byte, body string) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), append([]byte{kind}, body...)...)
	}
	far := b.seg.Wire(switchMAC, 0)
	for name, sent := range map[string][]byte{
		"endless": []byte("\xff\xff\xff\xffc"), "no JSON": whole('c', "x"), "other kind": whole('x', ""), "short frame": whole('f', "abc"), "cut": open,
		"forbidden": slices.Concat(whole('c', `{"id":1,"do":"open","wire":1}`), whole('f', "\x00\x00\x00\x01"+string(arp(toAll, switchMAC)))),
	} {
		c := b.connect()
		var err error
		c.Write(sent)
		if name == "cut" {
			c.(*net.UnixConn).CloseWrite()
		}
		c.SetReadDeadline(time.Now().Add(limit))
		buffer := make([]byte, 1000)
		for err == nil {
			_, err = c.Read(buffer)
		}
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
			t.Errorf("%s: helper keeps the connection", name)
		}
		c.Close()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if f, err := far.Receive(ctx); err == nil {
		t.Errorf("frame went out: %x", f)
	}
}

func TestHelperBoundsWiresAndVLANs(t *testing.T) {
	b := serve(t, &server{})
	p := b.dial()
	var err error
	for n := 0; err == nil; n++ {
		if n > maxWires {
			t.Fatal("no bound of wires")
		}
		_, err = p.Open(t.Context(), 0)
	}
	p = serve(t, &server{}).dial()
	for n := 1; ; n++ {
		w, err := p.Open(t.Context(), n)
		if err != nil {
			break
		}
		if n > maxVLANs {
			t.Fatal("no bound of VLANs")
		}
		w.Close()
	}
}
