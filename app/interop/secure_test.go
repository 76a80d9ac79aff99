//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// learnsAuthority starts a phone of ours as 1001 by TLS, which learns of the
// registrar's authority from its configuration server.
func learnsAuthority(t *testing.T, k *interop.Kamailio, settings map[string]string, args ...string) *interop.Deskset {
	t.Helper()
	server := interop.StartTFTPD(t, map[string]string{"pbx-ca.pem": string(k.Authority)})
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Settings: merged(line(1, k, k.Accounts[0]), map[string]string{
			"sip_transport": "tls", "proxy1_port": fmt.Sprint(k.TLSPort), "tls_ca_file": "pbx-ca.pem",
		}, settings),
		Tone: ourTone, Args: append([]string{"-tftp", server.Addr, "-mac", mac}, args...),
	})
	phone.Do("timeout 40s", "screen idle")
	interop.WaitFor(t, patience, "1001 to be registered", func() bool { return len(k.Bindings("1001")) == 1 })
	return phone
}

// padlocked does what it is told, and sees the padlock then: the face's sign,
// not the words alone.
func padlocked(t *testing.T, phone *interop.Deskset, commands ...string) {
	t.Helper()
	before := len(phone.Screens())
	phone.Do(append(commands, "expect Encrypted")...)
	interop.WaitFor(t, patience, "the padlock", func() bool { return strings.Contains(phone.Screens()[before:], "♦ Encrypted") })
}

// TestEncryptedCallsWithBaresip: a phone of ours by TLS and baresip by UDP, the
// media by SRTP. Each has encryption of its own and says nothing plain; so what
// they hear is proof that keys, suites and packets are the specification's.
// They talk, one holds, and they talk on under the same keys.
func TestEncryptedCallsWithBaresip(t *testing.T) {
	t.Parallel()
	const (
		part  = 1500 * time.Millisecond // before hold and after it
		slack = 400 * time.Millisecond  // each begins and ends within a buffer of baresip's
	)
	for _, c := range []struct{ name, theirs, ours, proto, suite string }{
		{"we call", "srtp", "optional", "RTP/AVP", "AEAD_AES_128_GCM"},
		{"we call and demand it", "srtp", "required", "RTP/SAVP", "AEAD_AES_128_GCM"},
		{"they demand it", "srtp-mand", "optional", "RTP/SAVP", "AES_CM_128_HMAC_SHA1_80"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kamailio := interop.StartKamailio(t, interop.KamailioConfig{TLS: true})
			peer := interop.StartBaresip(t, interop.BaresipConfig{
				Account: kamailio.Accounts[1], Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: theirTone, Encryption: c.theirs,
			})
			phone := learnsAuthority(t, kamailio, map[string]string{"media_encryption": c.ours})
			if strings.HasPrefix(c.name, "we") {
				padlocked(t, phone, "press handset 1002 pound", "screen connected")
			} else {
				peer.Dial("sip:1001@" + kamailio.Realm)
				padlocked(t, phone, "screen incoming", "press handset", "screen connected")
			}
			peer.Wait("CALL_ESTABLISHED")
			talk(part)
			padlocked(t, phone, "soft Hold", "screen held")
			padlocked(t, phone, "soft Resume", "screen connected")
			talk(part)
			phone.Do("press handset", "screen idle")
			peer.Wait("CALL_CLOSED")
			phone.Quit()

			// A hold ends baresip's recording. After that it complains of each
			// packet that it cannot read.
			if heard := peer.Heard().ToneTime(ourTone); heard < part-slack {
				t.Errorf("baresip heard Deskset for %v of %v", heard, part)
			}
			if strings.Contains(peer.Log(), "failed to decrypt") {
				t.Error("baresip could not read a packet")
			}
			if heard := phone.Heard().ToneTime(theirTone); heard < 2*(part-slack) {
				t.Errorf("Deskset heard baresip for %v of %v", heard, 2*part)
			}
			if want := "SRTP is Enabled (cryptosuite=" + c.suite + ")"; !strings.Contains(peer.Log(), want) {
				t.Errorf("baresip does not say %q", want)
			}
			if !strings.Contains(phone.Trace(), " "+c.proto+" ") || strings.Contains(phone.Screens(), "unproven") {
				t.Errorf("no %s, or a moment without proof", c.proto)
			}
		})
	}
}

// TestEncryptedMediaOverOpenSignalling: keys that went by UDP earn no padlock.
func TestEncryptedMediaOverOpenSignalling(t *testing.T) {
	t.Parallel()
	_, phone, peer := pair(t, interop.BaresipConfig{Encryption: "srtp"}, map[string]string{"media_keys_without_tls": "1"})
	phone.Do("press handset 1002 pound", "screen connected", "expect Encrypted, unproven")
	peer.Wait("CALL_ESTABLISHED")
	phone.Do("press handset", "screen idle")
	phone.Quit()
	if strings.Contains(phone.Screens(), "♦") {
		t.Error("a padlock, though all could read the keys")
	}
}

// TestRequiredEncryptionAndAPlainPeer: there is no call, and the LCD says why.
func TestRequiredEncryptionAndAPlainPeer(t *testing.T) {
	t.Parallel()
	kamailio, phone, peer := pair(t, interop.BaresipConfig{}, map[string]string{"media_keys_without_tls": "1", "media_encryption": "required"})
	phone.Do("press speaker 1002 pound", "screen failed", "expect No agreed encryption", "press speaker", "screen idle")
	peer.Wait("CALL_CLOSED")
	peer.Dial("sip:1001@" + kamailio.Realm)
	if e := peer.Wait("CALL_CLOSED"); !strings.Contains(e.Param, "488") {
		t.Errorf("baresip is told %q", e.Param)
	}
	phone.Do("screen idle")
	phone.Quit()
}

// TestAuthoritiesAreKeptForASilentServer: the file of authorities is there on
// the day of the first start only.
func TestAuthoritiesAreKeptForASilentServer(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{TLS: true})
	server := interop.StartTFTPD(t, map[string]string{"pbx-ca.pem": string(kamailio.Authority)})
	config := interop.DesksetConfig{
		Settings: merged(line(1, kamailio, kamailio.Accounts[0]), map[string]string{
			"sip_transport": "tls", "proxy1_port": fmt.Sprint(kamailio.TLSPort), "tls_ca_file": "pbx-ca.pem",
		}),
		Args: []string{"-tftp", server.Addr, "-mac", mac, "-flash", filepath.Join(t.TempDir(), "flash")},
	}
	registered := func(n int) {
		t.Helper()
		interop.WaitFor(t, patience, fmt.Sprintf("%d registered phones", n), func() bool { return len(kamailio.Bindings("1001")) == n })
	}
	phone := interop.StartDeskset(t, config)
	registered(1)
	phone.Quit()
	registered(0)
	server.Stop()
	phone = interop.StartDeskset(t, config)
	registered(1)
	phone.Quit()
	registered(0)

	config.Args = append(config.Args, "-flash", filepath.Join(t.TempDir(), "another")) // the control: who has never had it
	phone = interop.StartDeskset(t, config)
	phone.Do("timeout 40s", "expect Unknown Certificate", "expect CN=127.0.0.1")
	registered(0)
	phone.Quit()
}

// TestNoKeyIsInTheTrace: a trace for Wireshark is what people send to others
// who are to help them.
func TestNoKeyIsInTheTrace(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{TLS: true})
	peer := interop.StartBaresip(t, interop.BaresipConfig{
		Account: kamailio.Accounts[1], Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: theirTone, Encryption: "srtp",
	})
	file := filepath.Join(t.TempDir(), "call.pcapng")
	phone := learnsAuthority(t, kamailio, nil, "-trace", file)
	padlocked(t, phone, "press speaker 1002 pound", "screen connected")
	peer.Wait("CALL_ESTABLISHED")
	phone.Do("press speaker", "screen idle")
	peer.Wait("CALL_CLOSED")
	phone.Quit()
	trace, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`inline:([^\s|]+)`).FindAllStringSubmatch(string(trace), -1)
	if len(keys) < 4 { // three of ours, one of baresip's
		t.Errorf("%d keys: the descriptions are not in the trace", len(keys))
	}
	for _, key := range keys {
		if strings.Trim(key[1], "*") != "" {
			t.Error("a key is in the trace")
		}
	}
	if journal := phone.Journal() + phone.Screens(); strings.Contains(journal, "inline:") {
		t.Error("a key is in the log")
	}
}
