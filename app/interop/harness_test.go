//go:build linux

package interop_test

import (
	"errors"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/provisioning/tftp"
)

// spoken is how long the proofs let people talk, and heardAtLeast what must
// have arrived of it: 95 %.
const (
	spoken       = 5 * time.Second
	heardAtLeast = spoken * 95 / 100
)

// talk lets a call last: the passing of real time is what is tested.
func talk(d time.Duration) { <-time.After(d) }

func TestToneIsToldFromOtherSound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tone.wav")
	for _, rate := range []int{8000, 16000, 48000} {
		if err := interop.WriteTone(path, rate, 880, 2*time.Second); err != nil {
			t.Fatal(err)
		}
		s, err := interop.ReadSound(path)
		if err != nil || s.Rate != rate || s.Duration() != 2*time.Second {
			t.Fatalf("%v, %d Hz, %v", err, s.Rate, s.Duration())
		}
		if d := s.ToneTime(880); d != 2*time.Second {
			t.Errorf("880 Hz at %d: heard for %v", rate, d)
		}
		if d := s.ToneTime(440); d != 0 {
			t.Errorf("440 Hz at %d: heard for %v", rate, d)
		}
	}
}

// TestTwoBaresipsTalkThroughKamailio tries the harness itself: what it proves
// of others it must be able to prove of a pair that works.
func TestTwoBaresipsTalkThroughKamailio(t *testing.T) {
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	phone := func(i int, tone float64) *interop.Baresip {
		return interop.StartBaresip(t, interop.BaresipConfig{
			Account: kamailio.Accounts[i], Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: tone,
		})
	}
	a, b := phone(0, 440), phone(1, 880)
	if n := len(kamailio.Bindings("1002")); n != 1 {
		t.Errorf("1002 has %d bindings", n)
	}
	a.Dial("sip:1002@" + kamailio.Realm)
	b.Wait("CALL_ESTABLISHED")
	a.Wait("CALL_ESTABLISHED")
	talk(spoken)
	a.Hangup()
	b.Wait("CALL_CLOSED")
	for _, c := range []struct {
		who   string
		sound interop.Sound
		tone  float64
	}{{"1001", a.Heard(), 880}, {"1002", b.Heard(), 440}} {
		if d := c.sound.ToneTime(c.tone); d < heardAtLeast {
			t.Errorf("%s heard %v Hz for %v of %v", c.who, c.tone, d, spoken)
		}
	}
	if kamailio.Requests("INVITE 1001 plain") != 1 || kamailio.Requests("INVITE 1001 auth") != 1 {
		t.Error("the call was not challenged once")
	}
}

func TestTFTPDServesFiles(t *testing.T) {
	server := interop.StartTFTPD(t, map[string]string{"OS79XX.TXT": "LOAD"})
	addr := netip.MustParseAddrPort(server.Addr)
	client := tftp.Client{}
	data, err := client.Fetch(t.Context(), addr, "OS79XX.TXT")
	if err != nil || string(data) != "LOAD" {
		t.Errorf("%q, %v", data, err)
	}
	server.Put("RINGLIST.DAT", "a\tb")
	if data, err = client.Fetch(t.Context(), addr, "RINGLIST.DAT"); err != nil || string(data) != "a\tb" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err = client.Fetch(t.Context(), addr, "missing"); !errors.Is(err, tftp.ErrNotFound) {
		t.Errorf("missing file: %v", err)
	}
}
