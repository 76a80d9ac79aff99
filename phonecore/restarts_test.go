package phonecore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
)

// alternating is a server that may be dead, and wants one of two images.
type alternating struct {
	files
	dead   atomic.Bool
	wanted atomic.Int32
}

var twoLoads = [2]string{"P0S3-08-11-00", "P0S3-08-12-00"}

func (a *alternating) load() string { return twoLoads[a.wanted.Load()] }

func (a *alternating) TFTP(netip.AddrPort) fetch.Source {
	return fetchtest.Named{Name: "TFTP 192.0.2.2", Source: func(ctx context.Context, name string) ([]byte, error) {
		if a.dead.Load() {
			return files(nil).fetch(ctx, name)
		}
		data, err := a.fetch(ctx, name)
		if name == "SIPDefault.cnf" {
			data = fmt.Appendf(data, "image_version: %s\nproxy_register: 1\n", a.load())
		}
		return data, err
	}}
}

// TestThreeHundredRestarts, whatever fails meanwhile, leave a phone that is as
// good as new: it comes back to its idle screen, on the image that it should
// have, and nothing has piled up.
func TestThreeHundredRestarts(t *testing.T) {
	const restarts, healEach = 300, 10
	r := rand.New(rand.NewPCG(4, 7960))
	server := &alternating{files: twoLines.with("")}
	images := withImages(t, server.files, twoLoads[:]...)
	memory, port := flash.Memory(), &countedPort{}
	var slots image.Slots
	onCable(t, cableOptions, func(d *desk, c *cable) {
		var least int
		for n := 1; n <= restarts; n++ {
			server.dead.Store(r.IntN(4) == 0)
			server.wanted.Store(int32(r.IntN(2)))
			d.net.proxy.Transport().SetDown(r.IntN(4) == 0)
			c.dhcp.SetFault([]fakeserver.Fault{0, 0, 0, fakeserver.Silent}[r.IntN(4)])
			d.on(func() { d.phone.restart([]restartKind{restartRestart, restartReset}[r.IntN(2)]) })
			d.wait(time.Duration(r.IntN(int(3 * time.Minute))))
			if n%healEach != 0 {
				continue
			}
			server.dead.Store(false)
			d.net.proxy.Transport().SetDown(false)
			c.dhcp.SetFault(0)
			d.wait(15 * time.Minute) // the longest pauses are 10 and 5
			d.on(func() { d.phone.wantRestart(restartReset, "test") })
			d.wait(5 * time.Minute)
			d.expect("idle", "5551212", "5551213")
			d.healthy(server.load(), port)
			if now := runtime.NumGoroutine(); least == 0 {
				least = now
			} else if now > least+2 {
				t.Fatalf("%d goroutines after %d restarts, %d after the first", now, n, least)
			}
		}
	}, func(cfg *Config) { cfg.Network = server }, withFlash(memory), images, func(cfg *Config) { slots = cfg.Images }, counting(port))
	if open, twice := port.open.Load(), port.twice.Load(); open != 0 || twice != 0 {
		t.Errorf("%d wires stay open, %d were closed twice", open, twice)
	}
	started, err := slots.Boot()
	if err != nil || started.Recovery || started.FellBack || started.Image.Name != server.load() {
		t.Errorf("the next start: %+v, %v", started, err)
	}
	stored, err := memory.Load()
	if err != nil || stored["image_version"] != server.load() || stored["line1_name"] != "5551212" {
		t.Errorf("flash: %q, %v", stored, err)
	}
}

// healthy checks a phone that has had time to recover.
func (d *desk) healthy(load string, port *countedPort) {
	d.t.Helper()
	d.on(func() {
		p := d.phone
		if p.mode != modeRunning || p.load() != load || p.timeline.startupLimited != "" || p.noSIP != "" {
			d.t.Errorf("mode %d, load %s, want %s; %q %q", p.mode, p.load(), load, p.timeline.startupLimited, p.noSIP)
		}
		if n := len(p.timeline.frames); n > maxFrames || p.saver.writing || p.remote.restart != 0 {
			d.t.Errorf("%d frames, writing %t, restart %d", n, p.saver.writing, p.remote.restart)
		}
		if calls, _ := p.agent.Pending(); calls != 0 {
			d.t.Errorf("%d calls", calls)
		}
	})
	if d.net.proxy.Registered("5551212") == "" {
		d.t.Error("line 1 is not registered")
	}
	if open, twice := port.open.Load(), port.twice.Load(); open != 2 || twice != 0 {
		d.t.Errorf("%d wires are open, want 2; %d were closed twice", open, twice)
	}
}
