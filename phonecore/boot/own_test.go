package boot

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/param"
)

// TestPortWithoutAnAddressAsksNobody: what left would leave by the host's
// routes.
func TestPortWithoutAnAddressAsksNobody(t *testing.T) {
	o := options
	o.Fault = fakeserver.Silent
	onCable(t, 0, 0, o, func(t *testing.T, c *cable) {
		v := c.start(settings{"tftp_server", "192.0.2.1"})
		defer v.Station.Close()
		wantFetched(t, c.world)
		wantMessages(t, v, text.Get(text.StatusFlashValues))
	})
}

// empty has a server without files.
type empty struct{ *world }

func (empty) TFTP(server netip.AddrPort) fetch.Source {
	return fetchtest.Source(func(context.Context, string) ([]byte, error) { return nil, fetch.ErrNotFound })
}

// TestServersMayBeAskedByTwo, once the start-up is over: for syncinfo.xml and
// whether they are there again. The race detector has to find nothing.
func TestServersMayBeAskedByTwo(t *testing.T) {
	v, _ := start(&world{}, onServer, func(e *Env) { e.Network = empty{&world{}} })
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { Answers(t.Context(), v.Servers()) })
	}
	both.Wait()
}

// TestRestartLeavesTheReportsOfBefore as they are: they are still shown.
func TestRestartLeavesTheReportsOfBefore(t *testing.T) {
	w := &world{files: map[string]string{}}
	v, _ := start(w, onServer)
	last := v.Reports[ConfigurationStage]
	w.files["SIPDefault.cnf"] = "line1_name: 7"
	Restart(t.Context(), Env{Network: w, Merge: merging(onServer.layer(param.FromSettings))}, v, func(Progress) {})
	if got := v.Reports[ConfigurationStage]; strings.Join(got.Learned, ";") != strings.Join(last.Learned, ";") || got.Took != last.Took {
		t.Errorf("%+v, want %+v", got, last)
	}
}
