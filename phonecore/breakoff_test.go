package phonecore

import (
	"context"
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
