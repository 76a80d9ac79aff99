package dhcp_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/dhcp"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

var (
	phoneMAC  = net.HardwareAddr{0x00, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	serverMAC = net.HardwareAddr{2, 0, 0, 0, 0x79, 2}
	rogueMAC  = net.HardwareAddr{2, 0, 0, 0, 0x79, 3}
	otherMAC  = net.HardwareAddr{2, 0, 0, 0, 0x79, 4}

	ip     = netip.MustParseAddr
	tftp   = ip("192.0.2.5")
	router = ip("192.0.2.254")
)

// bench is a phone's client on a segment, in virtual time.
type bench struct {
	*testing.T
	seg    *linktest.Segment
	wire   link.Wire
	client *dhcp.Client
	start  time.Time
	slept  atomic.Int64 // nanoseconds that the wall clock shows more than the other

	mu   sync.Mutex
	sent []message
}

// message is one of the client's, as the segment saw it.
type message struct {
	at time.Duration
	frame.Datagram
	*dhcpv4.DHCPv4
}

func on(t *testing.T, cfg dhcp.Config, run func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		seg := linktest.NewSegment()
		b := &bench{T: t, seg: seg, wire: seg.Wire(phoneMAC, 0), start: time.Now()}
		seg.Drop(func(f linktest.Frame) bool { b.record(f); return false })
		b.client = b.make(cfg)
		run(b)
	})
}

// make gives a client without jitter.
func (b *bench) make(cfg dhcp.Config) *dhcp.Client {
	cfg.Wire = b.wire
	c := dhcp.New(cfg)
	c.SetClock(func() time.Time { return time.Now().Add(time.Duration(b.slept.Load())) })
	return c
}

// record keeps the client's messages.
func (b *bench) record(f linktest.Frame) {
	d, err := frame.ParseDatagram(f.Data)
	if err != nil || d.Dst.Port() != 67 || f.From.String() != phoneMAC.String() {
		return
	}
	d.Payload = append([]byte(nil), d.Payload...)
	m, err := dhcpv4.FromBytes(d.Payload)
	if err != nil {
		b.Errorf("client sent nonsense: %v", err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, message{time.Since(b.start), d, m})
}

// plug runs a server until the test ends.
func (b *bench) plug(o fakeserver.Options) *fakeserver.Server { return b.plugAt(serverMAC, o) }

func (b *bench) plugAt(mac net.HardwareAddr, o fakeserver.Options) *fakeserver.Server {
	s := fakeserver.New(o)
	b.goes(func(ctx context.Context) {
		if err := s.Run(ctx, b.seg.Wire(mac, 0)); err != nil {
			b.Errorf("server: %v", err)
		}
	})
	synctest.Wait()
	return s
}

// goes runs f until the test ends.
func (b *bench) goes(f func(context.Context)) {
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { defer close(done); f(ctx) }()
	b.Cleanup(func() { cancel(); <-done })
}

func (b *bench) acquire() dhcp.Lease {
	b.Helper()
	l, err := b.client.Acquire(b.Context())
	if err != nil {
		b.Fatalf("Acquire: %v", err)
	}
	return l
}

// keep runs Keep for a time and gives what it told, with the time of each.
func (b *bench) keep(l dhcp.Lease, d time.Duration) (told []string) {
	ctx, cancel := context.WithTimeout(b.Context(), d)
	defer cancel()
	start := time.Now()
	b.client.Keep(ctx, l, func(e dhcp.Event) {
		told = append(told, fmt.Sprintf("%v %v", time.Since(start), [...]string{"renewed", "rebinding", "lost", "conflict"}[e.Kind]))
	})
	return told
}

// messages gives what was sent: "time TYPE".
func (b *bench) messages() (list []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.sent {
		list = append(list, fmt.Sprintf("%v %v", m.at, m.MessageType()))
	}
	return list
}

// forget begins to record anew.
func (b *bench) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent, b.start = nil, time.Now()
}

func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}
