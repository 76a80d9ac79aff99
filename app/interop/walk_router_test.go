//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestRemoteWorkerBehindARouter: the router lends its address, lets in nothing
// that was not asked for, and forgets in ten seconds. The registrar does
// nothing for phones behind routers. After fifteen seconds of quiet a call comes
// in and is heard both ways; so is one that goes out. (By UDP there is no call
// without the keep-alive; a TCP connection is probed by the system as well.)
func TestRemoteWorkerBehindARouter(t *testing.T) {
	t.Parallel()
	const forgets, quiet, part = 10, 15, 1500 * time.Millisecond
	for _, transport := range []string{"udp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			home := interop.NewHome(t, forgets)
			k := interop.StartKamailio(t, interop.KamailioConfig{In: home.World, Host: interop.WorldHost, TLS: true})
			settings := merged(line(1, k, k.Accounts[0]), map[string]string{"nat_received_processing": "1", "sip_keepalive_interval": "5"})
			if transport == "tls" {
				file := filepath.Join(t.TempDir(), "ca.pem")
				if err := os.WriteFile(file, k.Authority, 0o600); err != nil {
					t.Fatal(err)
				}
				settings = merged(settings, map[string]string{"sip_transport": "tls", "proxy1_port": fmt.Sprint(k.TLSPort), "tls_ca_file": file})
			}
			phone := interop.StartDeskset(t, interop.DesksetConfig{In: home.Phone, Settings: settings, Tone: ourTone})
			mate := interop.StartDeskset(t, interop.DesksetConfig{In: home.World, Settings: line(1, k, k.Accounts[1]), Tone: theirTone})
			phone.Do("timeout 40s", "screen idle")
			mate.Do("timeout 40s", "screen idle")
			interop.WaitFor(t, patience, "both to be registered, one by the router's address", func() bool {
				mine := k.Bindings("1001")
				return len(mine) == 1 && strings.Contains(mine[0], "@"+interop.HomeSeen+":") && len(k.Bindings("1002")) == 1
			})
			phone.Do(fmt.Sprintf("wait %ds", quiet))

			mate.Do("press handset 1001 pound", "screen ringout")
			phone.Do("screen incoming", "press handset", "screen connected")
			talk(part)
			phone.Do("press handset", "screen idle")
			mate.Do("press handset", "screen idle")
			phone.Do("press handset 1002 pound", "screen ringout")
			mate.Do("screen incoming", "press handset", "screen connected")
			talk(part)
			mate.Do("press handset", "screen idle")
			phone.Do("screen idle")
			phone.Quit()
			mate.Quit()
			for who, heard := range map[string]time.Duration{"the worker": phone.Heard().ToneTime(theirTone), "the mate": mate.Heard().ToneTime(ourTone)} {
				t.Logf("%s heard %v", who, heard)
				if heard < part { // both calls together are twice that
					t.Errorf("%s heard the other for %v of %v", who, heard, 2*part)
				}
			}
		})
	}
}
