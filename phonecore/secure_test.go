package phonecore

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/faceplate/lcd"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// guarded is a transport whose certificates are as a test wants them.
type guarded struct {
	sipua.Transport
	verified bool
	refuse   func(host string) error
}

func (g *guarded) Verified(transport.Destination) bool { return g.verified }

func (g *guarded) Send(to transport.Destination, m *wire.Message, failed func(error)) error {
	if g.refuse != nil {
		if err := g.refuse("pbx.example.com"); err != nil {
			return err
		}
	}
	return g.Transport.Send(to, m, failed)
}

// through lets the phone send by g.
func through(g *guarded) setup {
	return func(c *Config) {
		make := c.Transport
		c.Transport = func(t TransportConfig) (sipua.Transport, error) {
			var err error
			g.Transport, err = make(t)
			return g, err
		}
	}
}

var mediaKey = strings.Repeat("canary-key", 3)

// cryptoSDP is the peer's description with a key for an offer's line.
func cryptoSDP(proto string, tag int) string {
	body := strings.Replace(peerSDP, "RTP/AVP", proto, 1)
	return body + fmt.Sprintf("a=crypto:%d AES_CM_128_HMAC_SHA1_80 inline:%s\r\n", tag, base64.StdEncoding.EncodeToString([]byte(mediaKey)))
}

func hasPadlock(s view.Screen) bool {
	for _, r := range s.Rows {
		if r.Icon == view.IconEncrypted {
			return true
		}
	}
	return false
}

// secureCall dials the peer, which answers with a description.
func (d *desk) secureCall(peer *siptest.Peer, answer string) (invite, ok *wire.Message) {
	d.t.Helper()
	d.phone.Type("sip:ada@" + peerAddr)
	d.soft("Dial")
	invite = peer.Await("INVITE")
	ok = peer.Reply(invite, 200, siptest.SDP(answer))
	peer.Await("ACK")
	d.expect("connected")
	return invite, ok
}

func TestPadlockTellsTheTruth(t *testing.T) {
	for name, c := range map[string]struct {
		verified     bool
		answer       string
		padlock      bool
		words        string
		forbidsWords string
	}{
		"encrypted, server verified":   {true, cryptoSDP("RTP/AVP", 2), true, "Encrypted", "unproven"},
		"encrypted, server unverified": {false, cryptoSDP("RTP/AVP", 2), false, "Encrypted, unproven", ""},
		"plain, server verified":       {true, peerSDP, false, "", "Encrypted"},
		"key for another line":         {true, cryptoSDP("RTP/AVP", 1), false, "", "Encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &guarded{verified: c.verified}
			onDesk(t, func(d *desk) {
				peer := d.peer()
				invite, ok := d.secureCall(peer, c.answer)
				s := d.view().Screen
				if got := screenText(s); hasPadlock(s) != c.padlock || !strings.Contains(got, c.words) || c.forbidsWords != "" && strings.Contains(got, c.forbidsWords) {
					t.Errorf("padlock %v\n%s", hasPadlock(s), got)
				}
				keys := d.heard().streams[0].last().Crypto
				if (keys != nil) != strings.Contains(c.words, "Encrypted") {
					t.Fatalf("keys %v", keys)
				}
				if keys != nil && (string(keys.Receive) != mediaKey || !strings.Contains(string(invite.Body), base64.StdEncoding.EncodeToString([]byte(keys.Send)))) {
					t.Error("the keys are not those of the descriptions")
				}
				if !c.padlock {
					return
				}
				// The peer takes the encryption away: so goes the padlock.
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "INVITE", siptest.SDP(strings.Replace(peerSDP, "1 1 IN", "1 2 IN", 1))))
				peer.Await("200")
				d.wait(time.Second)
				if s := d.view().Screen; hasPadlock(s) || d.heard().streams[0].last().Crypto != nil {
					t.Error("the padlock stays on a plain call")
				}
			}, through(g), withFlags("media_keys_without_tls", "1"))
		})
	}
}

func TestHoldKeepsTheKeys(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite, _ := d.secureCall(peer, cryptoSDP("RTP/AVP", 2))
		first := d.heard().streams[0].last().Crypto
		d.soft("Hold")
		again := peer.Await("INVITE")
		for _, line := range strings.Split(string(again.Body), "\r\n") {
			if strings.HasPrefix(line, "a=crypto:") && !strings.Contains(string(invite.Body), line) {
				t.Errorf("another key on hold")
			}
		}
		peer.Reply(again, 200, siptest.SDP(cryptoSDP("RTP/AVP", 2)+"a=recvonly\r\n"))
		peer.Await("ACK")
		d.expect("held")
		if !hasPadlock(d.view().Screen) {
			t.Error("no padlock on a held call")
		}
		if last := d.heard().streams[0].last().Crypto; last == nil || *last != *first {
			t.Error("the keys have changed")
		}
	}, through(&guarded{verified: true}), withFlags("media_keys_without_tls", "1"))
}

func TestKeysAreNotOfferedInTheClear(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite, _ := d.secureCall(peer, peerSDP)
		if strings.Contains(string(invite.Body), "a=crypto") {
			t.Error("keys by UDP")
		}
	})
	onDesk(t, func(d *desk) { // nor is there a call at all where encryption is required
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		d.wait(time.Second)
		d.expect("failed", "No call without encryption")
		if strings.Contains(d.net.Flow(), "INVITE") {
			t.Error(d.net.Flow())
		}
	}, withFlags("media_encryption", "required"))
}

func TestRequiredEncryptionRefusesPlainCalls(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP)))
		peer.Await("488")
		d.expect("idle")
		// Without a description the offer is ours.
		invite := peer.Request("INVITE", "sip:5551212@"+phoneAddr)
		peer.SendTo(phoneAddr, invite)
		peer.Await("180")
		d.soft("Answer")
		ok := peer.Await("200")
		if !strings.Contains(string(ok.Body), "RTP/SAVP") || strings.Count(string(ok.Body), "a=crypto:") != 3 {
			t.Errorf("%s", ok.Body)
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK", siptest.SDP(cryptoSDP("RTP/SAVP", 2))))
		d.wait(time.Second)
		if c := d.heard().streams[0].last().Crypto; c == nil || c.Suite != audio.AES128HMACSHA80 {
			t.Errorf("%v", c)
		}
	}, withFlags("media_encryption", "required"))
}

// TestKeysAreTold nobody: not the trace, not the log, not a screen, not the
// flash.
func TestKeysAreToldNobody(t *testing.T) {
	var trace, log bytes.Buffer
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.secureCall(peer, cryptoSDP("RTP/AVP", 2))
		ours := base64.StdEncoding.EncodeToString([]byte(d.heard().streams[0].last().Crypto.Send))
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
		d.wait(time.Second)
		all := trace.String() + log.String() + screenText(d.view().Screen) + strings.Join(d.statusTexts(), "\n")
		for _, secret := range []string{ours, mediaKey, base64.StdEncoding.EncodeToString([]byte(mediaKey))} {
			if strings.Contains(all, secret) {
				t.Error("a key is told")
			}
		}
		if !strings.Contains(trace.String(), "inline:masked") {
			t.Error("the trace has no descriptions at all")
		}
	}, withFlags("media_keys_without_tls", "1"), func(c *Config) {
		c.Trace = func(_, _ string, _, _ netip.AddrPort, message []byte) { trace.Write(message) }
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
}

// stranger is a certificate that nobody vouches for.
func stranger(fingerprint string, changed bool) *sipua.CertificateError {
	return &sipua.CertificateError{Host: "192.0.2.1", Subject: "CN=pbx\x1b[2J", Issuer: "CN=lab", Fingerprint: fingerprint, Changed: changed,
		NotBefore: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)}
}

func TestUnknownCertificateIsAskedAbout(t *testing.T) {
	memory := flash.Memory()
	g := &guarded{verified: true}
	print := strings.Repeat("ab12", 16)
	onDesk(t, func(d *desk) {
		d.on(func() { // it sends by g meanwhile
			g.refuse = func(string) error {
				if d.phone.trust.pinned("192.0.2.1") {
					return nil
				}
				return stranger(print, false)
			}
		})
		d.wait(10 * time.Second)
		d.expect("menu.certificate", "Unknown Certificate", "192.0.2.1", "AB12 AB12 AB12 AB12", "CN=pbx", "Valid until: 2027-01-02")
		if strings.Contains(screenText(d.view().Screen), "\x1b") {
			t.Error("a certificate writes to the terminal")
		}
		d.soft("No")
		d.wait(5 * time.Minute)
		d.expect("idle", "Line 1: certificate not trusted")
		// The person thinks again.
		d.on(func() { d.phone.openSecurity() })
		d.expect("menu.status.security", "TLS, refused")
		d.press(view.Key3)
		d.expect("menu.certificate")
		d.soft("Yes")
		d.wait(time.Minute)
		d.expect("menu.status.security", "TLS, trusted by you")
		data, err := memory.Get(blobPins)
		var pins map[string]string
		if err != nil || json.Unmarshal(data, &pins) != nil || pins["192.0.2.1"] != print {
			t.Errorf("flash has %s %v", data, err)
		}
		if d.net.proxy.Registered("5551212") == "" {
			t.Error("not registered")
		}
	}, withFlash(memory), through(g), withFlags("sip_transport", "tls", "proxy1_port", "5060"))
}

func TestChangedCertificateIsRefused(t *testing.T) {
	g := &guarded{refuse: func(string) error { return stranger(strings.Repeat("cd34", 16), true) }}
	memory := flash.Memory()
	if err := memory.Put(blobPins, []byte(`{"192.0.2.1":"00"}`)); err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		d.wait(10 * time.Second)
		d.expect("menu.certificate.changed", "is not the one that you trusted")
		for _, key := range d.view().Screen.Soft {
			if key == "Yes" {
				t.Error("one key trusts a certificate that has changed")
			}
		}
		d.soft("Exit")
		d.wait(5 * time.Minute)
		d.expect("idle")
		// Forgetting the old one leads to the question about the new one.
		d.on(func() { d.phone.openSecurity() })
		d.press(view.Key3)
		d.expect("menu.question", "Forget the certificate")
		d.on(func() {
			g.refuse = func(string) error { return stranger(strings.Repeat("cd34", 16), false) }
		})
		d.soft("Yes")
		d.wait(time.Minute)
		d.expect("menu.certificate", "CD34")
	}, withFlash(memory), through(g), withFlags("sip_transport", "tls", "proxy1_port", "5060"))
}

// TestCertificatesAreExplained: the idle screen names what is wrong in every
// language, the status list and the line's row under Security say it in full,
// with what to do.
func TestCertificatesAreExplained(t *testing.T) {
	of := func(names ...string) *x509.Certificate {
		return &x509.Certificate{DNSNames: names, NotBefore: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)}
	}
	for _, c := range []struct {
		err                 error
		brief, full, remedy string
	}{
		{x509.CertificateInvalidError{Cert: of("a"), Reason: x509.Expired}, "certificate not valid today", "from 2026-01-02 to 2026-10-02", "Check this computer's clock"},
		{x509.HostnameError{Certificate: of("sip.a", "b\x1b[2J", "c", "d"), Host: "x"}, "certificate: wrong name", "another name: sip.a, b", "Ask the server's owner whether"},
		{x509.HostnameError{Certificate: of(), Host: "x"}, "certificate: wrong name", "no name that can be checked", "with the server's name in it"},
		{x509.UnknownAuthorityError{}, "certificate not trusted", "nobody whom this computer trusts", "Ask the server's owner for"},
	} {
		onDesk(t, func(d *desk) {
			d.wait(10 * time.Second)
			d.expect("idle", "Line 1: "+c.brief)
			d.on(func() { d.phone.openStatusMessages() })
			d.expect("menu.status.messages", c.full, c.remedy)
			d.press(view.KeySettings)
			d.on(func() { d.phone.openSecurity() })
			d.press(view.Key3)
			d.expect("menu.certificate.trouble", c.full, c.remedy)
			if strings.Contains(screenText(d.view().Screen), "\x1b") {
				t.Error("a certificate writes to the terminal")
			}
		}, through(&guarded{refuse: func(string) error { return c.err }}), withFlags("sip_transport", "tls", "proxy1_port", "5060"))
	}
}

func TestTroubleWithACertificateFitsOnTheIdleScreen(t *testing.T) {
	for _, l := range text.Languages() {
		for _, id := range lineCertificates {
			onDesk(t, func(d *desk) {
				v := d.view()
				v.Screen.Rows = []view.Row{{Text: text.Get(id, 6)}}
				if short := lcd.Shortened(&v); slices.Contains(short, v.Screen.Rows[0].Text) {
					t.Errorf("%s: %q does not fit", l.Code, v.Screen.Rows[0].Text)
				}
			}, func(c *Config) { c.Language = l.Code })
		}
	}
}

// One server may have no name and the next a strange certificate.
func TestLineWithTwoTroublesSaysOne(t *testing.T) {
	onDesk(t, func(d *desk) {
		l := lineState{reg: sipua.Registration{Line: 1, State: sipua.RegFailed, Server: "a",
			Err: errors.Join(&net.DNSError{}, x509.UnknownAuthorityError{})}}
		if says := d.phone.trouble(&l); !strings.HasPrefix(says, "Line 1: ") {
			t.Errorf("the idle screen says %q", says)
		}
	})
}

func TestDocumentsSetTheSecurityMode(t *testing.T) {
	for mode, want := range map[string]string{"1": "Non-secure", "2": "Authenticated", "3": "Encrypted"} {
		f := files{"SEP00503EFFD842.cnf.xml": "<device><deviceSecurityMode>" + mode + "</deviceSecurityMode></device>"}
		onDesk(t, func(d *desk) {
			d.wait(time.Second)
			d.on(func() { d.phone.openSecurity() })
			d.expect("menu.status.security", "Security Mode "+want)
		}, withFiles(f), withFlags("line1_name", "5551212", "proxy1_address", "192.0.2.1"))
	}
}
