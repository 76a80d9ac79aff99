package phonecore

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/fetch"
	"deskset/provisioning/firmware"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
	"deskset/provisioning/param"
)

// cable is a phone's own port, with a switch and a DHCP server behind it.
type cable struct {
	segment *linktest.Segment
	port    *linktest.Port
	dhcp    *fakeserver.Server
}

// onCable runs a test with a phone that starts up from a port of its own.
func onCable(t *testing.T, o fakeserver.Options, test func(*desk, *cable), setups ...setup) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cable{segment: linktest.NewSegment(), dhcp: fakeserver.New(o)}
		c.port = c.segment.Port("eth1", net.HardwareAddr{0, 0x50, 0x3e, 0xff, 0xd8, 0x42})
		ctx, cancel := context.WithCancel(context.Background())
		var others sync.WaitGroup
		others.Go(func() {
			fakeswitch.Switch{Wire: c.segment.Wire(net.HardwareAddr{2, 0, 0, 0, 0, 1}, 0), VLAN: 110}.Run(ctx)
		})
		others.Go(func() { c.dhcp.Run(ctx, c.segment.Wire(net.HardwareAddr{2, 0, 0, 0, 0, 2}, 110)) })
		plug := func(cfg *Config) {
			cfg.Local = nil // the TFTP server comes by DHCP
			cfg.Beyond.Port = func() (link.Port, error) { return c.port, nil }
		}
		d := newDesk(t, append([]setup{plug}, setups...)...)
		d.wait(time.Minute)
		test(d, c)
		d.switchOff()
		cancel()
		others.Wait()
	})
}

var cableOptions = fakeserver.Options{
	TFTP: []netip.Addr{netip.MustParseAddr("192.0.2.2")}, Lease: time.Hour, Routers: []netip.Addr{netip.MustParseAddr("192.0.2.254")},
}

func (c *cable) address() netip.Addr { return c.port.Addresses()[110].Prefix.Addr() }

func TestPhoneStartsFromItsOwnPort(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		d.expect("idle", "5551212")
		if !c.address().IsValid() {
			t.Error("the port has no address")
		}
		d.wait(3 * time.Hour) // the lease is renewed many times
		if runs := d.starts(); runs != 1 {
			t.Errorf("the phone has started %d times", runs)
		}
	})
}

// starts is how often the start-up came to its end.
func (d *desk) starts() (n int) {
	for _, s := range d.statusTexts() {
		if strings.HasPrefix(s, "Started in") {
			n++
		}
	}
	return n
}

func TestPhoneStartsAgainWhenItsLeaseIsLost(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		c.dhcp.SetFault(fakeserver.Silent)
		d.wait(65 * time.Minute)
		d.expectStatus("DHCP lease lost")
		d.expectStatus("DHCP Timeout")
		d.expect("idle", text.Get(text.LimitedNoAddress))
		if c.address().IsValid() {
			t.Errorf("the port still has %v", c.address())
		}
		c.dhcp.SetFault(0)
		d.wait(3 * time.Minute)
		d.expectStatus("DHCP answers")
		d.expect("idle", "5551212")
		if strings.Contains(screenText(d.view().Screen), text.Get(text.LimitedNoAddress)) || !c.address().IsValid() {
			t.Errorf("address %v, screen:\n%s", c.address(), screenText(d.view().Screen))
		}
	})
}

func TestCableThatWasOutIsTold(t *testing.T) {
	onCable(t, cableOptions, func(d *desk, c *cable) {
		first := c.address()
		c.port.Set(false)
		d.wait(time.Second)
		c.port.Set(true)
		d.wait(time.Minute)
		d.expectStatus(text.Get(text.StatusPortDown))
		d.expectStatus(text.Get(text.StatusPortUp))
		if n := d.starts(); n != 1 {
			t.Errorf("started %d times after a moment without the cable", n)
		}
		c.port.Set(false)
		d.wait(time.Minute)
		if n := d.starts(); n != 1 {
			t.Errorf("started %d times without the cable", n)
		}
		c.port.Set(true)
		d.wait(time.Minute)
		if n := d.starts(); n != 2 || c.address() != first {
			t.Errorf("started %d times, address %v; want 2, %v", n, c.address(), first)
		}
		for range 20 { // a loose contact
			c.port.Set(false)
			d.wait(3 * time.Second)
			c.port.Set(true)
			d.wait(3 * time.Second)
		}
		if n := d.starts(); n > 5 {
			t.Errorf("started %d times in two minutes", n)
		}
		d.wait(2 * time.Minute)
		d.expect("idle", "5551212")
	})
}

func TestLostPortIsOpenedAgain(t *testing.T) {
	var helper struct {
		sync.Mutex
		running bool
		port    *linktest.Port
		asked   int
	}
	var segment *linktest.Segment
	onCable(t, cableOptions, func(d *desk, c *cable) {
		helper.Lock()
		segment = c.segment
		lost := c.port
		helper.Unlock()
		lost.Close()
		d.wait(10 * time.Minute)
		d.expectStatus(text.Get(text.StatusPortLost))
		d.expectStatus(text.Get(text.StatusPort, errNoHelper))
		helper.Lock()
		if helper.asked < 10 || helper.asked > 15 {
			t.Errorf("asked for the port %d times in ten minutes", helper.asked)
		}
		helper.running = true
		helper.Unlock()
		d.wait(90 * time.Second)
		d.expectStatus(text.Get(text.StatusPortBack))
		d.expect("idle", "5551212")
		if helper.port == nil || !helper.port.Addresses()[110].Prefix.IsValid() {
			t.Error("the new port has no address")
		}
	}, func(cfg *Config) {
		first := cfg.Beyond.Port
		cfg.Beyond.Port = func() (link.Port, error) {
			helper.Lock()
			defer helper.Unlock()
			switch {
			case segment == nil:
				return first()
			case !helper.running:
				helper.asked++
				return nil, errNoHelper
			case helper.port == nil:
				helper.port = segment.Port("eth1", net.HardwareAddr{0, 0x50, 0x3e, 0xff, 0xd8, 0x42})
			}
			return helper.port, nil
		}
	})
}

var errNoHelper = errors.New("no helper")

// changing are files that may be others the next time.
type changing struct{ atomic.Pointer[files] }

func (c *changing) Host() (discovery.Host, error) { return c.Load().Host() }

func (c *changing) Resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	return c.Load().Resolve(ctx, name)
}

func (c *changing) TFTP(server netip.AddrPort) fetch.Source { return c.Load().TFTP(server) }

func TestDeadServerIsAskedAgainUntilItAnswers(t *testing.T) {
	f := twoLines.with("")
	dead, server := files(nil), &changing{}
	server.Store(&dead)
	onDesk(t, func(d *desk) {
		d.expect("idle", "No answer from 192.0.2.2", text.Get(text.LimitedStored))
		d.wait(10 * time.Minute)
		if n := d.starts(); n != 1 {
			t.Errorf("started %d times without a server", n)
		}
		server.Store(&f)
		d.wait(20 * time.Minute)
		d.expectStatus(text.Get(text.StatusServerBack))
		d.expect("idle", "5551212")
		if n := d.starts(); n != 2 {
			t.Errorf("started %d times", n)
		}
		d.wait(time.Hour)
		if n := d.starts(); n != 2 {
			t.Errorf("started %d times though the server answers", n)
		}
	}, func(c *Config) { c.Network = server })
}

func TestNewImageIsProgrammedAndStarted(t *testing.T) {
	const load = "P0S3-08-12-00"
	var img strings.Builder
	if err := firmware.WriteContainer(&img, firmware.Manifest{Name: load, Generation: "8"}, strings.NewReader("payload"), 7); err != nil {
		t.Fatal(err)
	}
	f := twoLines.with("")
	f["SIPDefault.cnf"] = "proxy1_address: 192.0.2.1\nimage_version: " + load + "\n"
	f[load+".img"] = img.String()
	dir := t.TempDir()
	mem, err := flash.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	store, err := image.Open(mem, image.Info{Name: Load}, nil)
	if err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		d.wait(time.Minute)
		d.expectStatus("Image " + load + " programmed")
		d.press(view.KeySettings, view.Key5, view.Key3)
		d.expect("menu.status.firmware", load, BootLoad)
		var profile param.Profile
		d.on(func() { profile = d.phone.params.Profile() })
		if profile.String() != "8" {
			t.Errorf("defaults of generation %v", profile)
		}
		if n := d.starts(); n != 1 {
			t.Errorf("came to its idle screen %d times", n)
		}
	}, withFiles(f), withFlash(mem), func(c *Config) { c.Images = store })
}

// ringing is a voice that takes rings.
type ringing struct {
	*voice
	rings []tone.Ring
}

func (r *ringing) SetRings(rings []tone.Ring) error { r.rings = rings; return nil }

func TestRingsOfTheNetworkCanBeChosen(t *testing.T) {
	f := twoLines.with("")
	f["RINGLIST.DAT"] = "Bell\tbell.raw\nChirp 1\tbell.raw\n"
	f["bell.raw"] = strings.Repeat("\xff", 480)
	var engine *ringing
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key2, view.Key1)
		d.expect("menu.ringtype", "Chirp 2", "Bell")
		d.press(view.Key3)
		d.soft("Save")
		var name string
		var taken int
		d.on(func() { name, taken = d.phone.ringOf(0), len(engine.rings) })
		if name != "Bell" || taken != 1 {
			t.Errorf("ring %q, %d taken", name, taken)
		}
	}, withFiles(f), func(c *Config) {
		plain := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(notify)
			engine = &ringing{voice: e.(*voice)}
			return engine, err
		}
	})
}
