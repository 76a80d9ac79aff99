//go:build linux

package interop_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/provisioning/link/netnstest"
)

// TestStartUpUnderLoss: a fifth of all frames is lost each way, those of CDP,
// DHCP, ARP, DNS, TFTP and SIP alike. A hundred phones out of a hundred reach
// the idle screen. A few do so without an address or without files; they go on
// asking, and all come to have them.
func TestStartUpUnderLoss(t *testing.T) {
	t.Parallel()
	const (
		phones = 100
		loss   = 0.2
		seed   = 7960
		idle   = 45 * time.Second // and no later; measured: 21 s at the worst
		limit  = 3 * time.Minute  // for the files
	)
	site, desks := interop.NewHubSite(t, 50, loss, seed)
	site.StartCDP()
	kamailio := site.StartKamailio(interop.KamailioConfig{})
	files := phoneFiles(kamailio)
	files["SIPDefault.cnf"] = strings.Replace(files["SIPDefault.cnf"], "from-default", "common", 1)
	site.StartDnsmasq(interop.DHCPConfig{TFTPName: interop.TFTPName, Root: tree(t, files)})

	free := make(chan *netnstest.Space, len(desks))
	for _, desk := range desks {
		free <- desk
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	late := 0
	began := time.Now()
	for n := range phones {
		desk := <-free
		phone := interop.StartDeskset(t, interop.DesksetConfig{
			In: desk, Args: []string{"-own_interface", site.PhonePort()},
			Stdin: fmt.Sprintf("timeout %v\nscreen idle\nexpect common\nquit\n", limit),
		})
		all.Go(func() {
			defer func() { free <- desk }()
			good := phone.Wait(limit + 30*time.Second)
			starts := startTimes(phone.Journal())
			mu.Lock()
			defer mu.Unlock()
			if !good || len(starts) == 0 {
				t.Errorf("phone %d: %d times idle, no files:\n%s", n, len(starts), phone.Journal())
				return
			}
			took = append(took, starts[0])
			if len(starts) > 1 {
				late++
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	if n := len(took); n > 0 {
		t.Logf("%d of %d phones in %.0f s; idle after %.1f s (median), %.1f s (95 %%), %.1f s (worst); %d got their files later",
			n, phones, time.Since(began).Seconds(), took[n/2].Seconds(), took[n*95/100].Seconds(), took[n-1].Seconds(), late)
		if took[n-1] > idle {
			t.Errorf("the last one was idle after %v", took[n-1])
		}
	}
}

var startedIn = regexp.MustCompile(`msg="Started in ([0-9.]+ s)"`)

// startTimes are how long each start-up took, by the phone's log.
func startTimes(journal string) (all []time.Duration) {
	for _, m := range startedIn.FindAllStringSubmatch(journal, -1) {
		if d, err := time.ParseDuration(strings.ReplaceAll(m[1], " ", "")); err == nil {
			all = append(all, d)
		}
	}
	return all
}
