package phonecore

import (
	"context"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/firmware"
	"deskset/provisioning/link"
)

// countedPort knows how many of its wires are open, and how many were closed
// twice.
type countedPort struct {
	link.Port
	open, twice atomic.Int32
}

func (p *countedPort) Open(ctx context.Context, vlan int) (link.Wire, error) {
	w, err := p.Port.Open(ctx, vlan)
	if err != nil {
		return nil, err
	}
	p.open.Add(1)
	return &countedWire{Wire: w, port: p}, nil
}

type countedWire struct {
	link.Wire
	port   *countedPort
	closed atomic.Bool
}

func (w *countedWire) Close() error {
	if w.closed.Swap(true) {
		w.port.twice.Add(1)
	} else {
		w.port.open.Add(-1)
	}
	return w.Wire.Close()
}

// counting puts a counter before the port of a cable.
func counting(p *countedPort) setup {
	return func(cfg *Config) {
		inner := cfg.Beyond.Port
		cfg.Beyond.Port = func() (link.Port, error) {
			plain, err := inner()
			p.Port = plain
			return p, err
		}
	}
}

// withImages are image slots, and a server that has the image of each load.
func withImages(t *testing.T, f files, loads ...string) setup {
	t.Helper()
	for _, load := range loads {
		var img strings.Builder
		if err := firmware.WriteContainer(&img, firmware.Manifest{Name: load, Generation: "8"}, strings.NewReader("payload"), 7); err != nil {
			t.Fatal(err)
		}
		f[load+".img"] = img.String()
	}
	store, err := image.Open(flash.Memory(), image.Info{Name: Load}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Config) { c.Images = store }
}

func TestUpgradeLeavesNoWireOfTheFirstStartUp(t *testing.T) {
	f := twoLines.with("image_version: P0S3-08-12-00\n")
	port := &countedPort{}
	images := withImages(t, f, "P0S3-08-12-00")
	onCable(t, cableOptions, func(d *desk, _ *cable) {
		d.wait(time.Minute)
		d.expectStatus("Image P0S3-08-12-00 programmed")
		if open := port.open.Load(); open != 2 {
			t.Errorf("%d wires are open, want those of one station", open)
		}
	}, withFiles(f), images, counting(port))
	if open, twice := port.open.Load(), port.twice.Load(); open != 0 || twice != 0 {
		t.Errorf("%d wires stay open, %d were closed twice", open, twice)
	}
}

// slow are files that take their time once they are told to.
type slow struct {
	files
	by atomic.Int64
}

func (s *slow) TFTP(netip.AddrPort) fetch.Source {
	return fetchtest.Named{Name: "TFTP 192.0.2.2", Source: func(ctx context.Context, name string) ([]byte, error) {
		select {
		case <-time.After(time.Duration(s.by.Load())):
			return s.files.fetch(ctx, name)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

func TestPowerOffDuringARestartClosesThePortOnce(t *testing.T) {
	f, port := &slow{files: twoLines.with("")}, &countedPort{}
	onCable(t, cableOptions, func(d *desk, _ *cable) {
		f.by.Store(int64(time.Minute))
		d.on(func() { d.phone.restart(restartRestart) })
		d.wait(30 * time.Second)
		d.expect("startup")
	}, func(c *Config) { c.Network = f }, counting(port))
	if open, twice := port.open.Load(), port.twice.Load(); open != 0 || twice != 0 {
		t.Errorf("%d wires stay open, %d were closed twice", open, twice)
	}
}

func TestPowerOffDuringTheFirstStartUpClosesThePort(t *testing.T) {
	f, port := &slow{files: twoLines.with("")}, &countedPort{}
	f.by.Store(int64(time.Hour))
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.expect("startup")
		if !c.address().IsValid() {
			t.Error("no address yet")
		}
	}, func(c *Config) { c.Network = f }, counting(port))
	if open, twice := port.open.Load(), port.twice.Load(); open != 0 || twice != 0 {
		t.Errorf("%d wires stay open, %d were closed twice", open, twice)
	}
}

// TestLeaseLostDuringARestartIsNotForgotten: the address must not be used any
// more (RFC 2131 section 4.4.5), whatever the phone does just then.
func TestLeaseLostDuringARestartIsNotForgotten(t *testing.T) {
	f := &slow{files: twoLines.with("")}
	onCable(t, cableOptions, func(d *desk, c *cable) {
		c.dhcp.SetFault(fakeserver.Silent)
		d.wait(55 * time.Minute)
		f.by.Store(int64(3 * time.Minute)) // each file
		d.on(func() { d.phone.restart(restartRestart) })
		d.wait(10 * time.Minute)
		d.expectStatus("DHCP lease lost")
		f.by.Store(0)
		d.wait(20 * time.Minute)
		d.expect("idle", text.Get(text.LimitedNoAddress))
		if c.address().IsValid() {
			t.Errorf("the port still has %v", c.address())
		}
	}, func(c *Config) { c.Network = f })
}

// TestLostLeaseEndsAnOpenLine at once, and does not wait for it.
func TestLostLeaseEndsAnOpenLine(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		c.dhcp.SetFault(fakeserver.Silent)
		d.wait(59 * time.Minute)
		for range 1000 {
			if strings.Contains(strings.Join(d.statusTexts(), "\n"), "DHCP lease lost") {
				break
			}
			if d.heard().tone == tone.None {
				d.press(view.KeySpeaker) // it has timed out
			}
			d.wait(100 * time.Millisecond)
		}
		d.wait(time.Second)
		if h := d.heard(); h.tone != tone.None || h.path != audio.PathNone || c.address().IsValid() {
			t.Errorf("tone %v, path %v, address %v", h.tone, h.path, c.address())
		}
		d.expect("startup")
	})
}

func TestStaticAddressStaysWithoutCDP(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.wait(time.Minute)
		if got := c.port.Addresses()[110].Prefix.Addr(); got != netip.MustParseAddr("192.0.2.7") {
			t.Errorf("address %v", got)
		}
	}, withFlags("dhcp_enabled", "0", "cdp_enabled", "0", "lldp_enabled", "0", "admin_vlan", "110",
		"ip_address", "192.0.2.7", "subnet_mask", "255.255.255.0", "default_router1", "192.0.2.254", "dns_server1", "192.0.2.53", "tftp_server", "192.0.2.2"))
}

// silent is a dead server; to find that out takes a while.
type silent struct {
	files
	by, asked atomic.Int64
}

func (s *silent) TFTP(netip.AddrPort) fetch.Source {
	return fetchtest.Source(func(ctx context.Context, name string) ([]byte, error) {
		s.asked.Add(1)
		select {
		case <-time.After(time.Duration(s.by.Load())):
		case <-ctx.Done():
		}
		return files(nil).fetch(ctx, name)
	})
}

// TestRestartsDoNotAddUpTheQuestionsToADeadServer: what an earlier start-up
// still asks must not begin a row of questions of its own.
func TestRestartsDoNotAddUpTheQuestionsToADeadServer(t *testing.T) {
	s := &silent{}
	onDesk(t, func(d *desk) {
		for range 6 {
			s.by.Store(int64(20 * time.Second))
			for asked := s.asked.Load(); s.asked.Load() == asked; { // until it asks anew
				d.wait(time.Second)
			}
			s.by.Store(0)
			d.on(func() { d.phone.restart(restartReset) })
			d.wait(30 * time.Second)
		}
		d.wait(time.Hour)
		before := s.asked.Load()
		d.wait(time.Hour)
		if n := s.asked.Load() - before; n > 7 {
			t.Errorf("asked %d times in an hour, want one each %v", n, lastPause)
		}
	}, func(c *Config) { c.Network = s })
}

func TestTheTimelineDoesNotGrowWithTheRegistrations(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.net.proxy.Transport().SetDown(true)
		d.wait(48 * time.Hour)
		var frames int
		var last time.Duration
		d.on(func() {
			frames = len(d.phone.timeline.frames)
			last = d.phone.timeline.frames[frames-1].at
		})
		if frames > maxFrames || last > time.Minute {
			t.Errorf("%d frames, a replay would take %v", frames, last)
		}
	})
}

// TestAPersonsRestartIsNotHeldBack as a server's is.
func TestAPersonsRestartIsNotHeldBack(t *testing.T) {
	onDesk(t, func(d *desk) {
		for want := 2; want < 5; want++ {
			d.phone.Control(view.ControlRestart)
			d.wait(5 * time.Second)
			if n := d.starts(); n != want {
				t.Fatalf("started %d times, want %d", n, want)
			}
		}
	})
}

func TestPhoneWithoutAnAddressOpensNoSIP(t *testing.T) {
	o := cableOptions
	o.Fault = fakeserver.Silent
	var opened atomic.Int32
	onCable(t, o, func(d *desk, c *cable) {
		d.expect("idle", text.Get(text.LimitedNoAddress))
		if n := opened.Load(); n != 0 {
			t.Errorf("SIP was opened %d times on the host's network", n)
		}
		c.dhcp.SetFault(0)
		d.wait(3 * time.Minute)
		d.expect("idle", "5551212")
		if n := opened.Load(); n != 1 || d.net.proxy.Registered("5551212") == "" {
			t.Errorf("opened %d times", n)
		}
	}, func(c *Config) {
		plain := c.Transport
		c.Transport = func(tc TransportConfig) (sipua.Transport, error) {
			opened.Add(1)
			return plain(tc)
		}
	})
}

// TestCheckVersionKnowsTheConfigurationsVersion, which a call manager's file
// tells: there is nothing to fetch if it is the one that the server has.
func TestCheckVersionKnowsTheConfigurationsVersion(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		before := c.asked("SEP00503EFFD842.cnf.xml")
		d.notify(server, "service-control", "action=check-version\nConfigVersionStamp={v-7}", 200)
		d.wait(5 * time.Second)
		d.expectStatus(text.Get(text.StatusSyncSame, "service-control check-version"))
		if n := c.asked("SEP00503EFFD842.cnf.xml"); n != before {
			t.Errorf("asked %d times, want %d", n, before)
		}
		d.notify(server, "service-control", "action=check-version\nConfigVersionStamp={v-8}", 200)
		d.wait(5 * time.Second)
		if n := c.asked("SEP00503EFFD842.cnf.xml"); n != before+1 {
			t.Errorf("asked %d times, want %d", n, before+1)
		}
	}, func(cfg *Config) {
		cfg.Network.(*counted).files = files{"SEP00503EFFD842.cnf.xml": "<device><deviceProtocol>SIP</deviceProtocol><versionStamp>{v-7}</versionStamp>" +
			"<sipProfile><sipLines><line button=\"1\"><name>5551212</name><authName>5551212</authName><authPassword>s3cret-canary</authPassword><proxy>192.0.2.1</proxy></line></sipLines></sipProfile></device>"}
	})
}
