//go:build linux

package interop_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// line gives the settings of one line at a registrar.
func line(n int, k *interop.Kamailio, a interop.Account) map[string]string {
	return map[string]string{
		fmt.Sprintf("proxy%d_address", n):  k.Host,
		fmt.Sprintf("proxy%d_port", n):     fmt.Sprint(k.Port),
		fmt.Sprintf("line%d_name", n):      a.User,
		fmt.Sprintf("line%d_authname", n):  a.User,
		fmt.Sprintf("line%d_password", n):  a.Password,
		fmt.Sprintf("line%d_shortname", n): "Line " + a.User,
		"proxy_register":                   "1",
	}
}

// merged puts settings together.
func merged(all ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

func TestDesksetRegistersTwoLinesAtKamailio(t *testing.T) {
	for _, algorithm := range []string{"MD5", "SHA-256"} {
		t.Run(algorithm, func(t *testing.T) {
			kamailio := interop.StartKamailio(t, interop.KamailioConfig{Algorithm: algorithm, Expires: 60})
			phone := interop.StartDeskset(t, interop.DesksetConfig{
				Settings: merged(line(1, kamailio, kamailio.Accounts[0]), line(2, kamailio, kamailio.Accounts[1])),
			})
			phone.Do("timeout 20s", "screen idle", "expect Line 1001", "expect Line 1002")
			for _, a := range kamailio.Accounts[:2] {
				interop.WaitFor(t, 10*time.Second, a.User+" to be registered", func() bool {
					return len(kamailio.Bindings(a.User)) == 1
				})
				if n := kamailio.Requests("REGISTER " + a.User + " auth"); n != 1 {
					t.Errorf("%s sent credentials %d times", a.User, n)
				}
			}
			if !strings.Contains(phone.Trace(), "algorithm="+algorithm) {
				t.Errorf("%s was not asked for", algorithm)
			}
			for _, a := range kamailio.Accounts[:2] {
				if strings.Contains(phone.Trace()+phone.Journal()+phone.Screens(), a.Password) {
					t.Error("a password was written down")
				}
			}
			phone.Quit()
			for _, a := range kamailio.Accounts[:2] {
				interop.WaitFor(t, 5*time.Second, a.User+" to be unregistered at the end", func() bool {
					return len(kamailio.Bindings(a.User)) == 0
				})
			}
		})
	}
}

// pair starts a registrar, a phone of ours as 1001 and baresip as 1002, each
// with a tone of its own.
func pair(t *testing.T, baresip interop.BaresipConfig, settings map[string]string) (*interop.Kamailio, *interop.Deskset, *interop.Baresip) {
	t.Helper()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	baresip.Account, baresip.Proxy, baresip.Domain, baresip.Tone = kamailio.Accounts[1], kamailio.Addr(), kamailio.Realm, theirTone
	peer := interop.StartBaresip(t, baresip)
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Settings: merged(line(1, kamailio, kamailio.Accounts[0]), settings), Tone: ourTone,
	})
	phone.Do("timeout 20s", "screen idle")
	interop.WaitFor(t, 10*time.Second, "1001 to be registered", func() bool { return len(kamailio.Bindings("1001")) == 1 })
	return kamailio, phone, peer
}

// The tones have no harmonic in common.
const (
	ourTone   = 600
	theirTone = 880
)

// heardEachOther is the proof of voice: each side's recording holds the other's
// tone for 95 % of the time that they talked.
func heardEachOther(t *testing.T, phone *interop.Deskset, peer *interop.Baresip) {
	t.Helper()
	if d := peer.Heard().ToneTime(ourTone); d < heardAtLeast {
		t.Errorf("baresip heard Deskset for %v of %v", d, spoken)
	}
	if d := phone.Heard().ToneTime(theirTone); d < heardAtLeast {
		t.Errorf("Deskset heard baresip for %v of %v", d, spoken)
	}
}

func TestDesksetCallsBaresip(t *testing.T) {
	for _, codec := range []struct{ deskset, baresip string }{{"g711ulaw", "PCMU/8000/1"}, {"g711alaw", "PCMA/8000/1"}} {
		t.Run(codec.deskset, func(t *testing.T) {
			_, phone, peer := pair(t, interop.BaresipConfig{Codecs: codec.baresip}, map[string]string{"preferred_codec": codec.deskset})
			phone.Do("press handset 1002 pound", "screen connected", "expect 1002")
			peer.Wait("CALL_ESTABLISHED")
			talk(spoken)
			phone.Do("press handset", "screen idle")
			peer.Wait("CALL_CLOSED")
			phone.Quit()
			heardEachOther(t, phone, peer)
		})
	}
}

func TestBaresipCallsDeskset(t *testing.T) {
	kamailio, phone, peer := pair(t, interop.BaresipConfig{}, nil)
	peer.Dial("sip:1001@" + kamailio.Realm)
	phone.Do("screen incoming", "expect 1002", "lamp message blinking", "press handset", "screen connected", "lamp message off")
	peer.Wait("CALL_ESTABLISHED")
	talk(spoken)
	peer.Hangup()
	phone.Do("screen idle")
	phone.Quit()
	heardEachOther(t, phone, peer)
}

func TestCallsThatDoNotComeAbout(t *testing.T) {
	t.Parallel()
	_, phone, peer := pair(t, interop.BaresipConfig{Manual: true}, nil)
	phone.Do("press speaker", "screen offhook", "press 1002 pound", "screen ringout")
	peer.Wait("CALL_INCOMING")
	phone.Do("press speaker", "screen idle")
	peer.Wait("CALL_CLOSED") // by CANCEL

	phone.Do("press speaker 1002 pound", "screen ringout")
	peer.Wait("CALL_INCOMING")
	peer.Hangup() // 486 or 603
	phone.Do("screen failed", "press speaker", "screen idle")

	for number, text := range map[string]string{"9999": "Not found", "7486": "Busy", "7503": "Server trouble", "1005": "Temporarily unavailable"} {
		phone.Do("press speaker "+number+" pound", "screen failed", "expect "+text, "press speaker", "screen idle")
	}
	phone.Do("press speaker 7302 pound", "screen ringout") // redirected to baresip
	peer.Wait("CALL_INCOMING")
	peer.Accept()
	phone.Do("screen connected", "press speaker", "screen idle")
	phone.Quit()
}

func TestDesksetTurnsCallsAway(t *testing.T) {
	kamailio, phone, peer := pair(t, interop.BaresipConfig{}, nil)
	peer.Dial("sip:1001@" + kamailio.Realm)
	phone.Do("screen incoming", "press soft2", "screen idle") // Reject
	peer.Wait("CALL_CLOSED")

	peer.Dial("sip:1001@" + kamailio.Realm)
	phone.Do("screen incoming")
	peer.Hangup() // CANCEL
	phone.Do("screen idle", "expect 1 missed call")
	phone.Quit()
}

func TestWrongPasswordStopsAfterThreeTries(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	account := kamailio.Accounts[0]
	account.Password = "not-the-password"
	phone := interop.StartDeskset(t, interop.DesksetConfig{Settings: line(1, kamailio, account)})
	phone.Do("timeout 60s", "screen idle", "expect wrong name or password")
	tries := func() int { return kamailio.Requests("REGISTER 1001 auth") }
	interop.WaitFor(t, 60*time.Second, "three tries", func() bool { return tries() >= 3 })
	talk(5 * time.Second) // no fourth follows
	if n := tries(); n != 3 {
		t.Errorf("the password was tried %d times", n)
	}
	if n := len(kamailio.Bindings("1001")); n != 0 {
		t.Errorf("%d bindings", n)
	}
	if strings.Contains(phone.Trace()+phone.Journal()+phone.Screens(), account.Password) {
		t.Error("the password was written down")
	}
	phone.Do("screen idle")
	phone.Quit()
}
