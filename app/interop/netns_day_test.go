//go:build linux && soak

package interop_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestCallsThroughNetworkChangesLeaveNothingBehind: in each call the host gets
// another address, and the cable is pulled out for a moment. The calls go on, and
// what the program holds is as before (make day).
func TestCallsThroughNetworkChangesLeaveNothingBehind(t *testing.T) {
	site := interop.NewSite(t)
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{In: site.Switch, Host: interop.DataHost})
	host := func(last int) string { return fmt.Sprintf("10.10.1.%d", last) }
	address := func(command string, last int) {
		site.Phone.IP("addr", command, host(last)+"/24", "dev", site.PhonePort())
	}
	route := func() { site.Phone.IP("route", "add", "default", "via", interop.DataHost) }
	address("add", 50)
	route()
	far := newDesksMate(t, site)
	settings := merged(line(1, kamailio, kamailio.Accounts[0]), map[string]string{"timer_t1": "100", "timer_t2": "400"})
	d := &workday{t: t, phone: interop.StartDeskset(t, interop.DesksetConfig{In: site.Phone, Settings: settings})}
	d.phone.Do("timeout 30s", "screen idle")
	registeredAt := func(last int) {
		t.Helper()
		interop.WaitFor(t, 20*time.Second, "the registration from "+host(last), func() bool {
			return strings.Contains(strings.Join(kamailio.Bindings("1001"), " "), "@"+host(last)+":")
		})
	}
	registeredAt(50)
	round := func(n int) {
		began := time.Now()
		since := func() (d time.Duration) {
			d = time.Since(began).Round(time.Millisecond)
			began = time.Now()
			return d
		}
		d.phone.Do("press speaker", "type far@"+far.sip.LocalAddr().String()+"\r", "screen connected")
		up := since()
		address("del", 50+n)
		address("add", 51+n)
		route()
		registeredAt(51 + n)
		registered := since()
		interop.WaitFor(t, 20*time.Second, "a re-INVITE from "+host(51+n), far.offered(host(51+n)))
		offered := since()
		site.Phone.IP("link", "set", site.PhonePort(), "down")
		talk(time.Second)
		far.hears(host(51 + n))() // what came before counts no more
		site.Phone.IP("link", "set", site.PhonePort(), "up")
		route()
		interop.WaitFor(t, 20*time.Second, "voice from "+host(51+n), far.hears(host(51+n)))
		heard := since()
		d.phone.Do("screen connected", "press speaker", "screen idle")
		t.Logf("call after %v, registered from the new address after %v, offered after %v, heard after a second without the cable after %v, idle after %v",
			up, registered, offered, heard, since())
		d.calls++
	}
	round(0)
	before := d.now()
	for n := range 10 {
		round(1 + n)
	}
	d.compare(before)
	d.phone.Quit()
}
