package dhcp_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
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

func TestAcquireTakesAllThatTheServerGives(t *testing.T) {
	on(t, dhcp.Config{HostName: "SIP00503EFFD842"}, func(b *bench) {
		b.plug(fakeserver.Options{
			Routers: []netip.Addr{router}, DNS: []netip.Addr{tftp, router}, NTP: []netip.Addr{tftp}, Domain: "lab.example",
			TFTP: []netip.Addr{tftp, router}, TFTPName: "tftp.lab.example", BootFile: "OS79XX.TXT", NextServer: tftp, Lease: time.Hour,
		})
		l := b.acquire()
		if l.Address != netip.MustParsePrefix("192.0.2.100/24") || l.Server != ip("192.0.2.1") || !slices.Equal(l.Routers, []netip.Addr{router}) ||
			!slices.Equal(l.DNS, []netip.Addr{tftp, router}) || !slices.Equal(l.NTP, []netip.Addr{tftp}) || l.Domain != "lab.example" ||
			!slices.Equal(l.TFTP, []netip.Addr{tftp, router}) || l.TFTPName != "tftp.lab.example" || l.BootFile != "OS79XX.TXT" || l.NextServer != tftp || l.BOOTP {
			b.Errorf("lease %+v", l)
		}
		if !l.Start.Equal(b.start) || l.Time != time.Hour || l.T1 != 30*time.Minute || l.T2 != 3150*time.Second {
			b.Errorf("from %v for %v, T1 %v, T2 %v", l.Start, l.Time, l.T1, l.T2)
		}
		if took := time.Since(b.start); took != 600*time.Millisecond {
			b.Errorf("took %v: want the three probes only", took)
		}
		same(t, "messages", b.messages(), []string{"0s DISCOVER", "0s REQUEST"})
		for _, m := range b.sent {
			if m.ClassIdentifier() != dhcp.VendorClass || m.HostName() != "SIP00503EFFD842" || m.ClientHWAddr.String() != phoneMAC.String() || m.IsBroadcast() ||
				string(m.Options.Get(dhcpv4.OptionClientIdentifier)) != "\x01"+string(phoneMAC) ||
				string(m.Options.Get(dhcpv4.OptionParameterRequestList)) != "\x01\x03\x06\x0c\x0f\x2a\x32\x42\x43\x78\x96\x3c" {
				b.Errorf("%s", m.Summary())
			}
		}
		if r := b.sent[1]; r.TransactionID != b.sent[0].TransactionID || r.RequestedIPAddress().String() != "192.0.2.100" || r.ServerIdentifier().String() != "192.0.2.1" {
			b.Errorf("%s", r.Summary())
		}
	})
}

func TestAcquireAsksFourTimesThenTimesOut(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		_, err := b.client.Acquire(b.Context())
		if !errors.Is(err, dhcp.ErrTimeout) || time.Since(b.start) != 15*time.Second {
			b.Errorf("%v after %v", err, time.Since(b.start))
		}
		same(t, "messages", b.messages(), []string{"0s DISCOVER", "1s DISCOVER", "3s DISCOVER", "7s DISCOVER"})
		for i, m := range b.sent {
			if m.NumSeconds != uint16(m.at/time.Second) || m.IsBroadcast() != (i >= 2) || m.TransactionID != b.sent[0].TransactionID {
				b.Errorf("message %d: secs %d, flags %x, xid %v", i, m.NumSeconds, m.Flags, m.TransactionID)
			}
		}
	})
}

func TestJitterIsATenth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seg := linktest.NewSegment()
		seen := map[time.Duration]bool{}
		for range 20 {
			start := time.Now()
			dhcp.New(dhcp.Config{Wire: seg.Wire(phoneMAC, 0), Tries: 1}).Acquire(t.Context())
			took := time.Since(start)
			if seen[took] = true; took < 900*time.Millisecond || took > 1100*time.Millisecond {
				t.Errorf("waited %v", took)
			}
		}
		if len(seen) < 10 {
			t.Errorf("only %d times of 20 differ", len(seen))
		}
	})
}

func TestAcquireAsksForTheFormerAddress(t *testing.T) {
	last := dhcp.Config{Last: ip("192.0.2.150")}
	for _, c := range []struct {
		name  string
		cfg   dhcp.Config
		fault fakeserver.Fault
		other bool // the server has another network
		want  []string
	}{
		{"still its own", last, 0, false, []string{"0s REQUEST"}},
		{"on another network", last, 0, true, []string{"0s REQUEST", "1s DISCOVER", "1s REQUEST"}},
		{"nobody knows", last, fakeserver.NoInitReboot, false, []string{"0s REQUEST", "1s REQUEST", "3s DISCOVER", "3s REQUEST"}},
		{"no host's address", dhcp.Config{Last: ip("255.255.255.255")}, 0, false, []string{"0s DISCOVER", "0s REQUEST"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			on(t, c.cfg, func(b *bench) {
				o := fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: c.fault}
				if c.other {
					o.Address = netip.MustParsePrefix("198.51.100.1/24")
				}
				b.plug(o)
				l := b.acquire()
				same(t, "messages", b.messages(), c.want)
				if first := b.sent[0]; first.MessageType() == dhcpv4.MessageTypeRequest && (first.ServerIdentifier() != nil || first.RequestedIPAddress().String() != "192.0.2.150") {
					b.Errorf("INIT-REBOOT %s", first.Summary())
				}
				if got := l.Address.Addr() == last.Last; got != (!c.other && c.cfg.Last == last.Last) {
					b.Errorf("got %v", l.Address)
				}
				b.forget()
				if again := b.acquire(); again.Address != l.Address || b.sent[0].MessageType() != dhcpv4.MessageTypeRequest {
					b.Errorf("second Acquire: %v by %v", again.Address, b.messages())
				}
			})
		})
	}
}

func TestAcquireEndsByRefusals(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: fakeserver.NAK, Change: func(m *dhcpv4.DHCPv4) {
			m.UpdateOption(dhcpv4.OptMessage("go \x1b[31maway"))
		}})
		_, err := b.client.Acquire(b.Context())
		if !errors.Is(err, dhcp.ErrRefused) || strings.ContainsRune(err.Error(), '\x1b') || !strings.Contains(err.Error(), "192.0.2.1") {
			b.Errorf("%v", err)
		}
		// From the second on its offer is waited with, for one of somebody else.
		same(t, "messages", b.messages(), []string{"0s DISCOVER", "0s REQUEST", "1s DISCOVER", "2s REQUEST", "4s DISCOVER", "5s REQUEST", "9s DISCOVER", "10s REQUEST"})
	})
}

func TestAcquireDeclinesAddressesInUse(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		s := b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: fakeserver.Duplicate})
		_, err := b.client.Acquire(b.Context())
		if !errors.Is(err, dhcp.ErrDuplicate) || !strings.Contains(err.Error(), "192.0.2.103") {
			b.Errorf("%v", err)
		}
		round := []string{"DISCOVER", "REQUEST", "DECLINE"}
		var want []string
		for _, at := range []string{"0s", "10s", "20s", "30s"} {
			for _, kind := range round {
				want = append(want, at+" "+kind)
			}
		}
		same(t, "messages", b.messages(), want)
		if d := b.sent[2]; d.RequestedIPAddress().String() != "192.0.2.100" || d.ServerIdentifier().String() != "192.0.2.1" || !d.ClientIPAddr.IsUnspecified() || d.ClassIdentifier() != "" {
			b.Errorf("DECLINE %s", d.Summary())
		}
		s.SetFault(0)
		if l := b.acquire(); l.Address.Addr() != ip("192.0.2.104") {
			b.Errorf("then got %v", l.Address)
		}
	})
}

func TestAcquireDoesNotAskAgainForAnAddressInUse(t *testing.T) {
	on(t, dhcp.Config{Last: ip("192.0.2.150")}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: fakeserver.Duplicate})
		b.client.Acquire(b.Context())
		same(b, "messages", b.messages()[:4], []string{"0s REQUEST", "0s DECLINE", "10s DISCOVER", "10s REQUEST"})
		if m := b.sent[2]; m.RequestedIPAddress() != nil {
			b.Errorf("%s", m.Summary())
		}
	})
}

// Two hosts are given the same address at the same time (RFC 5227, 2.1.1).
func TestAcquireYieldsToAnotherThatProbes(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}})
		other := b.seg.Wire(otherMAC, 0)
		b.goes(func(context.Context) {
			<-time.After(100 * time.Millisecond)
			other.Send(frame.Probe(frame.MAC(otherMAC), ip("192.0.2.100")).Frame(frame.Broadcast))
		})
		if l := b.acquire(); l.Address.Addr() != ip("192.0.2.101") {
			b.Errorf("%v", l.Address)
		}
		same(b, "messages", b.messages()[2:3], []string{"100ms DECLINE"})
	})
}

// A phone whose address is not that of its port asks for answers to all, and
// does not take either for another host.
func TestClientWithAHardwareAddressOfItsOwn(t *testing.T) {
	on(t, dhcp.Config{MAC: otherMAC}, func(b *bench) {
		s := b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: time.Hour})
		l := b.acquire()
		if took := time.Since(b.start); took != 600*time.Millisecond || s.Leases()[otherMAC.String()] != l.Address.Addr() || !b.sent[0].IsBroadcast() {
			b.Errorf("%v after %v: %v", l.Address, took, s.Leases())
		}
		b.goes(func(context.Context) {
			for range 3 {
				<-time.After(time.Second)
				b.claim(otherMAC, "192.0.2.100")
			}
		})
		same(b, "told", b.keep(l, 40*time.Minute), []string{"29m59.4s renewed"})
	})
}

func TestAcquireAtIllServers(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fakeserver.Fault
		err   error
		took  time.Duration
		fine  func(l dhcp.Lease) bool
	}{
		{"no option", fakeserver.NoOption, nil, 1600 * time.Millisecond, func(l dhcp.Lease) bool { return l.TFTP == nil }},
		{"BOOTP", fakeserver.BOOTP, nil, 1600 * time.Millisecond, func(l dhcp.Lease) bool { return l.BOOTP && l.Time == 0 && len(l.TFTP) == 1 }},
		{"slow", fakeserver.Slow, nil, 5600 * time.Millisecond, func(l dhcp.Lease) bool { return len(l.TFTP) == 1 }},
		{"malformed", fakeserver.Malformed, dhcp.ErrTimeout, 15 * time.Second, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			on(t, dhcp.Config{}, func(b *bench) {
				b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: c.fault, Delay: 2500 * time.Millisecond})
				l, err := b.client.Acquire(b.Context())
				if !errors.Is(err, c.err) || time.Since(b.start) != c.took || c.fine != nil && !c.fine(l) {
					b.Errorf("%v after %v: %+v", err, time.Since(b.start), l)
				}
			})
		})
	}
}

func TestAcquireChoosesTheServerForPhones(t *testing.T) {
	for _, c := range []struct {
		name  string
		rogue fakeserver.Options
		took  time.Duration
	}{
		{"it comes first and gives no TFTP", fakeserver.Options{}, 600 * time.Millisecond},
		{"it offers and falls silent", fakeserver.Options{TFTP: []netip.Addr{router}, Fault: fakeserver.NoAck}, 15600 * time.Millisecond},
		{"it refuses", fakeserver.Options{TFTP: []netip.Addr{router}, Fault: fakeserver.NAK}, 1600 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			on(t, dhcp.Config{}, func(b *bench) {
				c.rogue.Address, c.rogue.First, c.rogue.Last = netip.MustParsePrefix("192.0.2.2/24"), ip("192.0.2.30"), ip("192.0.2.40")
				b.plugAt(rogueMAC, c.rogue)
				b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: fakeserver.Slow, Delay: time.Millisecond})
				l := b.acquire()
				took := time.Since(b.start).Round(100 * time.Millisecond)
				if l.Server != ip("192.0.2.1") || took != c.took {
					b.Errorf("lease of %v after %v", l.Server, took)
				}
			})
		})
	}
}

// Of 20 % of all frames lost, none of a hundred phones loses its lease.
func TestAcquireUnderLoss(t *testing.T) {
	for seed := range uint64(100) {
		on(t, dhcp.Config{Tries: 10}, func(b *bench) {
			b.seg.Drop(linktest.Loss(0.2, seed))
			b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}})
			b.acquire()
		})
	}
}

func TestAcquireEndsByContextAndWire(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		ctx, cancel := context.WithTimeout(b.Context(), 2*time.Second)
		defer cancel()
		if _, err := b.client.Acquire(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(b.start) != 2*time.Second {
			b.Errorf("%v after %v", err, time.Since(b.start))
		}
		b.wire.Close()
		if _, err := b.client.Acquire(b.Context()); !errors.Is(err, link.ErrClosed) {
			b.Errorf("%v", err)
		}
		if _, err := b.make(dhcp.Config{MAC: []byte{1, 2}}).Acquire(b.Context()); err == nil || !strings.Contains(err.Error(), "Ethernet") {
			b.Errorf("%v", err)
		}
	})
}

// downWire is the wire of a link that is down.
type downWire struct{ link.Wire }

var errDown = errors.New("network is down")

func (downWire) Send([]byte) error { return errDown }

func TestAcquireTellsThatTheLinkIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dhcp.New(dhcp.Config{Wire: downWire{linktest.NewSegment().Wire(phoneMAC, 0)}})
		if _, err := c.Acquire(t.Context()); !errors.Is(err, dhcp.ErrTimeout) || !errors.Is(err, errDown) {
			t.Errorf("%v", err)
		}
	})
}
