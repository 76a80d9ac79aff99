//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"deskset/app/interop"
)

// TestRemoteWorkersFirstHour walks as the README leads who has an account at a
// company's PBX: TLS, an authority that no computer knows, the password wrong at
// first. What was entered is kept, and the next start asks nothing.
func TestRemoteWorkersFirstHour(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{TLS: true})
	me, mate := kamailio.Accounts[0], kamailio.Accounts[1]
	colleague := interop.StartBaresip(t, interop.BaresipConfig{Account: mate, Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: theirTone})
	flash := filepath.Join(t.TempDir(), "flash")

	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-flash", flash, "-first-run"}})
	phone.Do("timeout 40s", "screen firstrun", "press 2",
		"expect Server", fmt.Sprintf("type 127.0.0.1:%d;transport=tls", kamailio.TLSPort), "soft Validate",
		"expect User name", "type "+me.User, "soft Validate",
		"expect Password", "type not-this-one", "soft Validate")
	phone.Do("expect Unknown Certificate", "expect Authority of the proof", "soft Yes")
	phone.Do("expect does not accept the name or the password", "soft Change",
		"screen firstrun.account", "highlight Password", "soft Edit", "type "+me.Password, "soft Validate",
		"highlight Try the account", "soft Select", "screen firstrun.done", "expect can be called now", "soft Exit", "screen idle")

	phone.Do("press "+mate.User, "soft Dial", "screen connected")
	colleague.Wait("CALL_ESTABLISHED")
	phone.Do("soft EndCall", "screen idle")
	colleague.Wait("CALL_CLOSED")

	colleague.Dial(fmt.Sprintf("sip:%s@%s", me.User, kamailio.Realm))
	phone.Do("screen incoming", "soft Answer", "screen connected")
	colleague.Hangup()
	phone.Do("screen idle")
	colleague.Wait("CALL_CLOSED")

	colleague.Dial(fmt.Sprintf("sip:%s@%s", me.User, kamailio.Realm))
	phone.Do("screen incoming")
	colleague.Hangup()
	phone.Do("screen idle", "expect missed call", "press directories 1", "expect "+mate.User, "soft Exit", "screen idle")
	phone.Quit()

	again := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-flash", flash}})
	again.Do("timeout 40s", "screen idle")
	interop.WaitFor(t, patience, me.User+" to be registered by TLS without a question", func() bool { return len(kamailio.Bindings(me.User)) == 1 })
	again.Do("absent Unknown Certificate", "press settings 5", "highlight Security", "soft Select", "expect trusted by you")
	again.Quit()
}

// TestCompanysAuthorityInAFile: the other way of the README, in one line, leads
// to no question and to a proven server.
func TestCompanysAuthorityInAFile(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{TLS: true})
	me := kamailio.Accounts[0]
	file := filepath.Join(t.TempDir(), "company-ca.pem")
	if err := os.WriteFile(file, kamailio.Authority, 0o600); err != nil {
		t.Fatal(err)
	}
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args:  []string{"-account", fmt.Sprintf("sip:%s@127.0.0.1:%d;transport=tls", me.User, kamailio.TLSPort), "-password-stdin", "-tls_ca_file", file},
		Stdin: me.Password + "\n",
	})
	phone.Do("timeout 40s", "screen idle", "press settings 5", "highlight Security", "soft Select", "expect TLS, verified")
	phone.Quit()
}
