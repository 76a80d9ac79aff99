package phonecore

import (
	"context"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/view"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
)

// endless is a server that takes for ever.
type endless struct{ files }

func (endless) TFTP(netip.AddrPort) fetch.Source {
	return fetchtest.Source(func(ctx context.Context, _ string) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
}

func onEndlessStart(t *testing.T, test func(*desk)) {
	onDesk(t, test, func(c *Config) { c.Network = endless{} })
}

func TestALongStageOfTheStartUpCanBeBrokenOff(t *testing.T) {
	for name, breakOff := range map[string]func(*desk){
		"soft key": func(d *desk) { d.soft("Cancel") },
		"Escape":   func(d *desk) { d.phone.Type("\x1b") },
	} {
		t.Run(name, func(t *testing.T) {
			onEndlessStart(t, func(d *desk) {
				d.wait(patience - time.Second)
				d.phone.Type("\x1b")
				d.press(view.KeySoft4)
				if s := d.view().Screen; s.Name != "startup" || s.Soft[3] != "" || s.Prompt != "" {
					t.Errorf("what takes as long as usual is offered: %+v", s)
				}
				d.wait(20 * time.Second)
				d.expect("startup", "Cancel goes on without it")
				breakOff(d)
				d.wait(time.Second)
				if s := d.view().Screen.Name; s == "startup" {
					t.Fatalf("still starting up: %v", d.statusTexts())
				}
				d.expectStatus("Configuration: broken off by hand")
				if all := strings.Join(d.statusTexts(), "\n"); strings.Contains(all, "cancel") {
					t.Errorf("what was broken off is told as an error:\n%s", all)
				}
			})
		})
	}
}

func TestSwitchingOffEndsALongStage(t *testing.T) {
	onEndlessStart(t, func(d *desk) { d.wait(time.Minute) })
}

// stalled is a server that tells of half a megabyte of an image, not how much
// there is, and then sends nothing more.
type stalled struct{ files }

type stalledSource struct{ fetch.Source }

func (s stalled) TFTP(at netip.AddrPort) fetch.Source { return stalledSource{s.files.TFTP(at)} }

func (s stalledSource) Download(ctx context.Context, name string, most int64, w io.Writer, tell func(done, total int64)) error {
	if !strings.HasSuffix(name, ".img") {
		return s.Source.Download(ctx, name, most, w, tell)
	}
	data, err := s.Fetch(ctx, name, most)
	if err != nil {
		return err
	}
	if _, err := w.Write(data[:len(data)-1]); err != nil {
		return err
	}
	tell(512<<10, 0)
	<-ctx.Done()
	return ctx.Err()
}

func TestAnUpgradeOfUnknownLengthShowsWhatCameAndCanBeBrokenOff(t *testing.T) {
	f := twoLines.with("image_version: P0S3-08-12-00\n")
	images := withImages(t, f, "P0S3-08-12-00")
	onDesk(t, func(d *desk) {
		d.wait(patience + time.Second)
		d.expect("startup", "Upgrading Software 512 kB", "Cancel goes on without it")
		d.soft("Cancel")
		d.wait(time.Second)
		d.expect("idle", "5551212")
		if load := d.phone.load(); load != Load {
			t.Errorf("runs %s", load)
		}
	}, images, func(c *Config) { c.Network = stalled{f} })
}

func TestARestartTellsThatItUnregisters(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.on(func() {
			d.net.proxy.Transport().SetDown(true)
			d.phone.restart(restartRestart)
		})
		d.wait(time.Second)
		d.expect("startup", "Unregistering")
		d.wait(time.Minute)
		d.expect("idle")
	})
}
