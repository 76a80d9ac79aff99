package dhcp_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/dhcp"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// fixed is a lease of an hour that begins now.
func fixed() dhcp.Lease {
	return dhcp.Lease{
		Address: netip.MustParsePrefix("192.0.2.100/24"), Server: ip("192.0.2.1"), Routers: []netip.Addr{router},
		Start: time.Now(), Time: time.Hour, T1: 30 * time.Minute, T2: 3150 * time.Second,
	}
}

func TestKeepRenewsAtHalfTheLease(t *testing.T) {
	on(t, dhcp.Config{HostName: "SIP00503EFFD842"}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: time.Hour})
		l := b.acquire()
		b.forget()
		same(b, "told", b.keep(l, 2*time.Hour), []string{"29m59.4s renewed", "59m59.4s renewed", "1h29m59.4s renewed", "1h59m59.4s renewed"})
		for _, m := range b.sent {
			if m.MessageType() != dhcpv4.MessageTypeRequest || m.DstMAC != frame.MAC(serverMAC) || m.Src.String() != "192.0.2.100:68" || m.Dst.String() != "192.0.2.1:67" ||
				m.ClientIPAddr.String() != "192.0.2.100" || m.RequestedIPAddress() != nil || m.ServerIdentifier() != nil || m.HostName() == "" || m.NumSeconds != 0 {
				b.Errorf("%v -> %v %v: %s", m.Src, m.Dst, m.DstMAC, m.Summary())
			}
		}
	})
}

func TestKeepAsksLessAndLessThenAll(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{Lease: time.Hour, Fault: fakeserver.NoRenew})
		same(b, "told", b.keep(fixed(), 2*time.Hour), []string{"52m30s rebinding", "1h0m0s lost"})
		var got []string
		for _, m := range b.sent {
			to := "server"
			if m.Dst.Addr() == ip("255.255.255.255") {
				to = "all"
			}
			got = append(got, fmt.Sprintf("%.0f %s %d", m.at.Seconds(), to, m.NumSeconds))
		}
		same(b, "messages", got, []string{
			"1800 server 0", "2475 server 675", "2812 server 1012", "2981 server 1181", "3066 server 1265", "3126 server 1325",
			"3150 all 1350", "3375 all 1575", "3488 all 1687", "3548 all 1747",
		})
	})
}

func TestKeepIsRefused(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		s := b.plug(fakeserver.Options{Lease: time.Hour})
		l := b.acquire()
		s.SetFault(fakeserver.NAK)
		same(b, "told", b.keep(l, 2*time.Hour), []string{"29m59.4s lost"})
		s.SetFault(0)
		b.forget()
		b.acquire()
		same(b, "messages", b.messages(), []string{"0s DISCOVER", "1s REQUEST"})
	})
}

func TestKeepTakesAnyServerWhenItRebinds(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plugAt(rogueMAC, fakeserver.Options{Address: netip.MustParsePrefix("192.0.2.2/24"), Lease: time.Hour})
		same(b, "told", b.keep(fixed(), 55*time.Minute), []string{"52m30s rebinding", "52m30s renewed"})
	})
}

// The server is on another network: frames for it go to the router, or where
// its last answer came from.
func TestKeepRenewsThroughARouter(t *testing.T) {
	for name, routers := range map[string][]netip.Addr{"that answers": {router}, "that does not": {ip("192.0.2.7")}} {
		t.Run(name, func(t *testing.T) {
			on(t, dhcp.Config{}, func(b *bench) {
				b.plug(fakeserver.Options{ID: ip("198.51.100.9"), Routers: []netip.Addr{router}, TFTP: []netip.Addr{tftp}, Lease: time.Hour})
				l := b.acquire()
				l.Routers = routers
				b.forget()
				told := b.keep(l, 40*time.Minute)
				if len(told) != 1 || b.sent[0].DstMAC != frame.MAC(serverMAC) || b.sent[0].Dst.String() != "198.51.100.9:67" {
					b.Errorf("told %v, sent %v", told, b.messages())
				}
			})
		})
	}
}

// A host that answers with the address of a group would have the phone talk to
// many.
func TestKeepTakesNoGroupForARouter(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{ID: ip("198.51.100.9"), TFTP: []netip.Addr{tftp}, Lease: time.Hour})
		l := b.acquire()
		l.Routers = []netip.Addr{router}
		rogue := b.seg.Wire(rogueMAC, 0)
		b.goes(func(ctx context.Context) {
			for f, err := rogue.Receive(ctx); err == nil; f, err = rogue.Receive(ctx) {
				if a, err := frame.ParseARP(f); err == nil && a.Target == router {
					reply := frame.ARP{Operation: frame.Reply, SenderMAC: frame.MAC{1, 0, 0x5e, 1, 2, 3}, Sender: router, TargetMAC: a.SenderMAC, Target: a.Sender}
					rogue.Send(reply.Frame(a.SenderMAC))
				}
			}
		})
		b.forget()
		if told := b.keep(l, 40*time.Minute); len(told) != 1 || b.sent[0].DstMAC != frame.MAC(serverMAC) {
			b.Errorf("told %v, sent to %v", told, b.sent[0].DstMAC)
		}
	})
}

func TestKeepAsksAllIfTheServerIsNotKnown(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{Lease: time.Hour})
		l := fixed()
		l.Server = netip.Addr{}
		same(b, "told", b.keep(l, 40*time.Minute), []string{"30m0s renewed"})
		if b.sent[0].Dst.Addr() != ip("255.255.255.255") {
			b.Errorf("sent to %v", b.sent[0].Dst)
		}
	})
}

func TestKeepHoldsShortLeasesWithoutHaste(t *testing.T) {
	for _, c := range []struct {
		lease time.Duration
		most  int // messages in a minute
	}{{time.Second, 130}, {2 * time.Second, 65}, {10 * time.Second, 13}} {
		on(t, dhcp.Config{}, func(b *bench) {
			s := b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: c.lease})
			l := b.acquire()
			b.forget()
			for _, told := range b.keep(l, time.Minute) {
				if told[len(told)-7:] != "renewed" {
					b.Errorf("lease of %v: %s", c.lease, told)
				}
			}
			if n := len(b.messages()); n > c.most {
				b.Errorf("lease of %v: %d messages in a minute", c.lease, n)
			}
			if len(s.Leases()) != 1 {
				b.Errorf("lease of %v is gone", c.lease)
			}
			// And when nobody answers.
			b.forget()
			s.SetFault(fakeserver.Silent)
			l.Start = time.Now()
			b.keep(l, time.Minute)
			if n := len(b.messages()); n > 12 {
				b.Errorf("lease of %v, silence: %d messages", c.lease, n)
			}
		})
	}
}

func TestKeepKeepsForEver(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: fakeserver.Forever})
		l := b.acquire()
		b.forget()
		if told := b.keep(l, 10*365*24*time.Hour); l.Time != 0 || told != nil || b.messages() != nil {
			b.Errorf("lease %+v: told %v, sent %v", l, told, b.messages())
		}
	})
}

// The host sleeps: the timers' clock stands still, the one on the wall does not.
func TestKeepNoticesThatTheHostSlept(t *testing.T) {
	for _, c := range []struct {
		slept time.Duration
		want  string
	}{{31 * time.Minute, "1m2s renewed"}, {2 * time.Hour, "1m2s lost"}} {
		on(t, dhcp.Config{}, func(b *bench) {
			b.plug(fakeserver.Options{Lease: time.Hour})
			b.goes(func(ctx context.Context) {
				<-time.After(61 * time.Second)
				b.slept.Store(int64(c.slept))
			})
			if told := b.keep(fixed(), 31*time.Minute); len(told) == 0 || told[0] != c.want {
				b.Errorf("slept %v: %q, want %s", c.slept, told, c.want)
			}
		})
	}
}

// claim has another host say that an address is its own.
func (b *bench) claim(mac net.HardwareAddr, address string) {
	if err := b.seg.Wire(mac, 0).Send(frame.Announcement(frame.MAC(mac), ip(address)).Frame(frame.Broadcast)); err != nil {
		b.Error(err)
	}
}

func TestKeepDefendsTheAddressOnceInTenSeconds(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		other := b.seg.Wire(otherMAC, 0)
		b.goes(func(context.Context) {
			for _, after := range []time.Duration{3, 11, 5} {
				<-time.After(after * time.Second)
				b.claim(rogueMAC, "192.0.2.100")
				b.claim(rogueMAC, "192.0.2.101") // no concern of the phone's
			}
		})
		same(b, "told", b.keep(fixed(), time.Minute), []string{"19s conflict"})
		same(b, "messages", b.messages(), []string{"19s DECLINE"})
		announced := 0
		ctx, cancel := context.WithTimeout(b.Context(), time.Second)
		defer cancel()
		for f, err := other.Receive(ctx); err == nil; f, err = other.Receive(ctx) {
			if a, err := frame.ParseARP(f); err == nil && a.Sender == ip("192.0.2.100") && a.Target == a.Sender && a.SenderMAC == frame.MAC(phoneMAC) {
				announced++
			}
		}
		if announced != 3 { // the second announcement, and two defences
			b.Errorf("%d announcements", announced)
		}
	})
}

func TestKeepTellsThatTheWireIsClosed(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.goes(func(context.Context) { <-time.After(time.Minute); b.wire.Close() })
		same(b, "told", b.keep(fixed(), time.Hour), []string{"1m0s lost"})
	})
}

func TestReleaseGivesTheLeaseBack(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		s := b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}})
		l := b.acquire()
		b.forget()
		if err := b.client.Release(l); err != nil {
			b.Error(err)
		}
		synctest.Wait()
		m := b.sent[0]
		if len(s.Leases()) != 0 || m.MessageType() != dhcpv4.MessageTypeRelease || m.DstMAC != frame.MAC(serverMAC) || m.Dst.Addr() != l.Server ||
			m.ClientIPAddr.String() != "192.0.2.100" || m.ServerIdentifier().String() != "192.0.2.1" || m.RequestedIPAddress() != nil {
			b.Errorf("leases %v, %s", s.Leases(), m.Summary())
		}
		// A client that never heard of the server sends to all.
		b.forget()
		if err := b.make(dhcp.Config{}).Release(l); err != nil || b.sent[0].DstMAC != frame.Broadcast || b.sent[0].Dst.Addr() != l.Server {
			b.Errorf("%v to %v", err, b.sent[0].DstMAC)
		}
	})
}

// The menu may release the address at any moment.
func TestReleaseWhileKeepRuns(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		s := b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: time.Hour})
		l := b.acquire()
		b.goes(func(ctx context.Context) { b.client.Keep(ctx, l, func(dhcp.Event) {}) })
		<-time.After(time.Minute)
		if err := b.client.Release(l); err != nil {
			b.Error(err)
		}
		synctest.Wait()
		if len(s.Leases()) != 0 {
			b.Errorf("leases %v", s.Leases())
		}
	})
}
