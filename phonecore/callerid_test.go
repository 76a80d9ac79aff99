package phonecore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// TestCallerIsWhoTheServerSays, and who has sent the call on.
func TestCallerIsWhoTheServerSays(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		server := serverPeer(d)
		callsUs(server, siptest.With("P-Asserted-Identity", `"Žofie" <sip:5550100@192.0.2.1>`),
			siptest.With("Diversion", `"Front desk" <sip:5550111@192.0.2.1>;reason=no-answer`))
		server.Await("180")
		d.expect("incoming", "From Žofie", "5550100", "Forwarded by Front desk")
		d.soft("Reject")
		server.Await("486")
		callsUs(server, siptest.With("Privacy", "id"))
		server.Await("180")
		d.expect("incoming", "From Anonymous", "Call from Anonymous")
		d.soft("Reject")
	}, withFlags("proxy_register", "0"))
	onDesk(t, func(d *desk) {
		stranger := d.peer()
		callsUs(stranger, siptest.With("P-Asserted-Identity", `"The Queen" <sip:1@192.0.2.1>`))
		stranger.Await("180")
		d.expect("incoming", "From ada")
	})
}

// TestBlockingTheCallerID: by menu, by file, and fixed by file.
func TestBlockingTheCallerID(t *testing.T) {
	for value, want := range map[string]string{"0": "", "1": "id", "2": "", "3": "id"} {
		onDesk(t, func(d *desk) {
			peer := d.peer()
			invite, _ := d.call(peer)
			if got := invite.Header.Get("Privacy"); got != want {
				t.Errorf("callerid_blocking %s: Privacy %q", value, got)
			}
		}, withFlags("callerid_blocking", value))
	}
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key6)
		d.highlight("Hide My Number")
		d.soft("Yes")
		d.press(view.KeySettings)
		if invite, _ := d.call(d.peer()); invite.From().URI != "sip:anonymous@anonymous.invalid" {
			t.Errorf("%s", invite.Encode())
		}
	})
}

// TestAnonymousBlockLooksAtTheAssertedIdentity: RFC 5079, whose answer is 433.
func TestAnonymousBlockLooksAtTheAssertedIdentity(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		server := serverPeer(d)
		anonymous := siptest.With("From", `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=a1`)
		callsUs(server, anonymous)
		server.Await("433")
		callsUs(server, siptest.With("Privacy", "id"))
		server.Await("433")
		d.expect("idle")
		callsUs(server, anonymous, siptest.With("P-Asserted-Identity", "<sip:5550100@192.0.2.1>"))
		server.Await("180")
		d.expect("incoming", "From 5550100")
	}, withFlags("proxy_register", "0", "anonymous_call_block", "3"))
}

// TestOutgoingCallThatIsSentOn: 181 and 302 are told, and who answers.
func TestOutgoingCallThatIsSentOn(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:bob@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 181)
		d.wait(10 * time.Millisecond)
		d.expect("calling", text.Get(text.CallForwarded))
		peer.Reply(invite, 302, siptest.With("Contact", "<sip:5550100@"+peerAddr+">"))
		invite = peer.Await("INVITE")
		d.wait(10 * time.Millisecond)
		d.expect("calling", "To bob", "Forwarded to 5550100", "Calling")
		peer.Reply(invite, 200, siptest.SDP(peerSDP))
		peer.Await("ACK")
		d.expect("connected", "Forwarded to 5550100")
	})
}

// autoAnswered rings line 1 from its server and waits.
func autoAnswered(d *desk, options ...siptest.Option) *siptest.Peer {
	d.wait(time.Second)
	server := serverPeer(d)
	callsUs(server, options...)
	server.Await("180")
	d.wait(10 * time.Millisecond)
	return server
}

// TestServerHasACallAnswered: to the speaker, with a beep, without ringing.
func TestServerHasACallAnswered(t *testing.T) {
	onDesk(t, func(d *desk) {
		server := autoAnswered(d, siptest.With("Call-Info", "<sip:192.0.2.1>;answer-after=0"))
		server.Await("200")
		d.expect("connected", text.Get(text.AnsweredItself))
		if h := d.heard(); h.path != audio.PathSpeaker || h.tone != tone.Zip || h.ring != "" {
			t.Errorf("path %v, tone %v, ring %q", h.path, h.tone, h.ring)
		}
		d.wait(time.Second)
		if h := d.heard(); h.tone != tone.None {
			t.Errorf("it still beeps: %v", h.tone)
		}
	}, withFlags("proxy_register", "0"))
	onDesk(t, func(d *desk) {
		server := autoAnswered(d, siptest.With("Call-Info", "<sip:192.0.2.1>;answer-after=3"))
		d.expect("incoming")
		if d.heard().ring == "" {
			t.Error("it does not ring meanwhile")
		}
		d.wait(4 * time.Second)
		server.Await("200")
		d.expect("connected")
	}, withFlags("proxy_register", "0"))
}

// TestLineAnswersByItself: auto_answer is a bit for each line.
func TestLineAnswersByItself(t *testing.T) {
	onDesk(t, func(d *desk) {
		autoAnswered(d)
		d.expect("connected")
	}, withFlags("proxy_register", "0", "auto_answer", "1"))
	onDesk(t, func(d *desk) {
		autoAnswered(d)
		d.expect("incoming")
	}, withFlags("proxy_register", "0", "auto_answer", "2"))
	onDesk(t, func(d *desk) {
		autoAnswered(d, siptest.With("Answer-Mode", "Manual"))
		d.expect("incoming")
	}, withFlags("proxy_register", "0", "auto_answer", "1"))
}

// TestNoStrangerOpensTheMicrophone, nor the server if it may not, nor while
// there is another call or DND is on.
func TestNoStrangerOpensTheMicrophone(t *testing.T) {
	auto := siptest.With("Answer-Mode", "Auto")
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer, auto)
		peer.Await("180")
		d.wait(time.Minute)
		d.expect("incoming")
	}, withFlags("auto_answer", "63"))
	onDesk(t, func(d *desk) {
		autoAnswered(d, auto)
		d.expect("incoming")
	}, withFlags("proxy_register", "0", "remote_auto_answer", "0"))
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		d.net.proxy.Transport().Close()
		server := siptest.NewPeer(t, d.net.Network, proxyAddr)
		callsUs(server, auto)
		server.Await("180")
		d.wait(time.Second)
		d.expect("incoming", "Call waiting: ada")
		if n := len(d.heard().streams); n != 1 {
			t.Errorf("%d streams", n)
		}
	}, withFlags("proxy_register", "0"))
	onDesk(t, func(d *desk) {
		d.soft("DND")
		server := serverPeer(d)
		callsUs(server, auto)
		server.Await("486")
	}, withFlags("proxy_register", "0"))
}

// TestDistinctiveRing: what Alert-Info names, if the phone has it (reference
// section 8).
func TestDistinctiveRing(t *testing.T) {
	for alert, want := range map[string]string{
		"<Bellcore-dr1>":                  tone.Chirp1,
		"<http://192.0.2.1/Bellcore-dr4>": tone.Chirp2,
		"info=chirp-2":                    tone.Chirp2,
		"<http://x>;info=alert-external":  tone.Chirp2,
		"<http://x>;info=alert-internal":  tone.Chirp1,
		"<urn:alert:source:external>":     tone.Chirp2,
		"<http://evil.example/x.wav>":     tone.Chirp1,
		"Flashonly-Ring":                  "",
	} {
		onDesk(t, func(d *desk) {
			peer := d.peer()
			callsUs(peer, siptest.With("Alert-Info", alert))
			peer.Await("180")
			d.wait(time.Second)
			d.expect("incoming")
			if got := d.heard().ring; got != want {
				t.Errorf("%s: rings %q, want %q", alert, got, want)
			}
		}, withFlags("ring_external", "Chirp 2"))
	}
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer, siptest.With("Alert-Info", "<Bellcore-dr5>"))
		peer.Await("180")
		d.wait(time.Second)
		if d.heard().ring == "" {
			t.Error("it does not ring")
		}
		d.wait(2 * time.Second)
		d.expect("incoming")
		if d.heard().ring != "" {
			t.Error("it rings more than once")
		}
	})
}

// TestPickUpDialsItsCode: the key is there when there is a code.
func TestPickUpDialsItsCode(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.soft("PickUp")
		peer.Await("INVITE")
		d.expect("calling")
		d.on(func() {
			if d.phone.redial != "" {
				t.Errorf("Redial remembers %q", d.phone.redial)
			}
		})
	}, withFlags("pickup_code", "sip:*8@"+peerAddr))
	onDesk(t, func(d *desk) {
		if keys := d.view().Screen.Soft; slices.Contains(keys[:], "PickUp") {
			t.Error("PickUp without a code")
		}
	})
}

// TestParkTransfersToItsCode.
func TestParkTransfersToItsCode(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.talk(peer)
		d.soft("Park")
		d.holds(peer, "sendonly")
		refer := peer.Await("REFER")
		if refer.Header.Get("Refer-To") != "<sip:700@192.0.2.1>" {
			t.Errorf("%s", refer.Encode())
		}
		peer.Reply(refer, 202)
	}, withFlags("park_code", "700"))
}

// TestUserInfoIsInTheRegistration.
func TestUserInfoIsInTheRegistration(t *testing.T) {
	for value, want := range map[string]string{"none": "sip:5551212@192.0.2.1", "phone": "sip:5551212@192.0.2.1;user=phone", "ip": "sip:5551212@192.0.2.1;user=ip"} {
		onDesk(t, func(d *desk) {
			d.wait(time.Second)
			for _, e := range d.net.Log() {
				if m := e.Message; m.Method == "REGISTER" && strings.Contains(m.To().URI, "5551212") && (m.To().URI != want || m.From().URI != want) {
					t.Errorf("user_info %s: %s", value, m.Encode())
				}
			}
			if d.net.proxy.Registered("5551212") == "" {
				t.Errorf("user_info %s: not registered", value)
			}
		}, withFlags("user_info", value))
	}
}

// TestAddressesCanBeDialled: with and without scheme and user (guide 1-9, "URL
// dialing").
func TestAddressesCanBeDialled(t *testing.T) {
	for typed, want := range map[string]string{
		"sip:ada@192.0.2.9": "sip:ada@192.0.2.9", "ada@192.0.2.9": "sip:ada@192.0.2.9", "sip:192.0.2.9": "sip:192.0.2.9",
		"sip:ada@192.0.2.9;user=phone": "sip:ada@192.0.2.9;user=phone",
	} {
		onDesk(t, func(d *desk) {
			peer := d.peer()
			d.phone.Type(typed)
			d.soft("Dial")
			if m := peer.Await("INVITE"); m.RequestURI != want {
				t.Errorf("%s: %s", typed, m.RequestURI)
			}
		})
	}
}
