package sipua_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// forwarding is a phone that sends each call on to a target for a reason, and
// lets it ring if that is refused.
func forwarding(t *testing.T, target, reason string, f func(t *testing.T, peer *siptest.Peer, refused *error)) {
	t.Helper()
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		var refused error
		p.ring = func(c *sipua.Call, e sipua.Event) bool {
			refused = c.Forward(target, reason)
			return refused != nil
		}
		f(t, peer, &refused)
	})
}

// TestForwardedCallIs302WithDiversion: RFC 3261 section 21.3.3, RFC 5806
// section 5.1: our entry stands above those that were there.
func TestForwardedCallIs302WithDiversion(t *testing.T) {
	forwarding(t, "5550199", sipua.DivertBusy, func(t *testing.T, peer *siptest.Peer, refused *error) {
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()),
			siptest.With("Diversion", "<sip:7@example.com>;reason=no-answer;counter=1")))
		res := peer.Expect("302")
		diversions := res.Header.List("Diversion")
		if res.Header.Get("Contact") != "<sip:5550199@192.0.2.11>" || len(diversions) != 2 ||
			diversions[0] != "<sip:1001@192.0.2.11>;reason=user-busy;privacy=off;counter=1" || !strings.HasPrefix(diversions[1], "<sip:7@") {
			t.Errorf("%s", res.Encode())
		}
		if res.Header.Has("History-Info") {
			t.Error("History-Info for a caller who has not asked for it")
		}
	})
}

// TestForwardedCallKeepsItsHistory: RFC 7044 section 9.3.
func TestForwardedCallKeepsItsHistory(t *testing.T) {
	for name, c := range map[string]struct {
		options []siptest.Option
		want    string
	}{
		"asked for": {[]siptest.Option{siptest.With("Supported", "timer, histinfo")},
			"<sip:1001@192.0.2.11?Reason=SIP%3Bcause%3D302>;index=1"},
		"goes on": {[]siptest.Option{siptest.With("History-Info", "<sip:7@example.com?Reason=SIP%3Bcause%3D486>;index=1")},
			"<sip:7@example.com?Reason=SIP%3Bcause%3D486>;index=1 <sip:1001@192.0.2.11?Reason=SIP%3Bcause%3D302>;index=1.1"},
		"knows us": {[]siptest.Option{siptest.With("History-Info", "<sip:7@example.com>;index=1, <sip:1001@192.0.2.11>;index=1.1")},
			"<sip:7@example.com>;index=1 <sip:1001@192.0.2.11?Reason=SIP%3Bcause%3D302>;index=1.1"},
	} {
		forwarding(t, "5550199", sipua.DivertAll, func(t *testing.T, peer *siptest.Peer, _ *error) {
			peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, append(c.options, siptest.SDP(peerSDP()))...))
			if got := strings.Join(peer.Expect("302").Header.List("History-Info"), " "); got != c.want {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
}

// TestForwardingRefusesLoops: to itself, to the caller, and a call that was
// sent on from here before.
func TestForwardingRefusesLoops(t *testing.T) {
	for name, c := range map[string]struct {
		target, reason string
		option         siptest.Option
		caller, rings  bool
	}{
		"to itself":              {"1001", sipua.DivertAll, siptest.With("X", "y"), false, true},
		"to itself, by address":  {"sip:1001@192.0.2.11", sipua.DivertAll, siptest.With("X", "y"), false, true},
		"to the caller":          {"sip:peer@192.0.2.12:5060", sipua.DivertAll, siptest.With("X", "y"), true, true},
		"has been here":          {"5550199", sipua.DivertAll, siptest.With("Diversion", "<sip:2@h>, <sip:1001@192.0.2.11>;reason=unconditional"), false, true},
		"has been here, by hand": {"5550199", sipua.DivertByHand, siptest.With("Diversion", "<sip:1001@192.0.2.11>;reason=unconditional"), false, false},
		"too many times":         {"5550199", sipua.DivertByHand, siptest.With("Diversion", strings.Repeat("<sip:2@h>,", 12)), false, true},
		"elsewhere":              {"5550199", sipua.DivertAll, siptest.With("Diversion", "<sip:1001@example.com>"), false, false},
	} {
		forwarding(t, c.target, c.reason, func(t *testing.T, peer *siptest.Peer, refused *error) {
			peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), c.option))
			var loop *sipua.LoopError
			if !c.rings {
				peer.Expect("302")
			} else if peer.Expect("180"); !errors.As(*refused, &loop) || loop.Caller != c.caller {
				t.Errorf("%s: %v", name, *refused)
			}
		})
	}
}

// identified is the rules of a test's phone.
func identified(rules sipua.IdentityRules) func(*sipua.Options) {
	return func(o *sipua.Options) { o.Identity = func() sipua.IdentityRules { return rules } }
}

// TestHiddenCallerNamesItselfToTheServerOnly: RFC 3323 section 4.1, RFC 3325
// section 9.2.
func TestHiddenCallerNamesItselfToTheServerOnly(t *testing.T) {
	hidden := identified(sipua.IdentityRules{Hidden: true, RemotePartyID: true})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		const name = "walter" // digits might be part of a number drawn at random
		p := newPhone(t, n, phoneAddr, hidden).set(plain(1, name))
		peer := siptest.NewPeer(t, n, peerAddr)
		c, m, _ := directCall(t, p, peer)
		p.do(func() {
			if err := c.Update(media()); err != nil {
				t.Error(err)
			}
		})
		for _, m := range []*wire.Message{m, peer.Expect("INVITE")} {
			if strings.Contains(string(m.Encode()), name) || m.From().Name != "Anonymous" {
				t.Errorf("a stranger is told who calls:\n%s", m.Encode())
			}
			peer.Reply(m, 200, siptest.SDP(peerSDP()))
		}
	})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr, hidden).set(sipua.Account{Line: 1, User: "1001", Domain: "192.0.2.11", Proxy: "192.0.2.12"})
		peer := siptest.NewPeer(t, n, peerAddr)
		_, m, ok := directCall(t, p, peer)
		h := m.Header
		if h.Get("Privacy") != "id" || m.From().Name != "Anonymous" || m.From().URI != "sip:anonymous@anonymous.invalid" || m.From().Tag() == "" {
			t.Errorf("%s", m.Encode())
		}
		if h.Get("P-Preferred-Identity") != "<sip:1001@192.0.2.11>" ||
			h.Get("Remote-Party-ID") != "<sip:1001@192.0.2.11>;party=calling;id-type=subscriber;privacy=full;screen=yes" {
			t.Errorf("%s", m.Encode())
		}
		if strings.Contains(h.Get("Contact"), "1001") || strings.Contains(m.CallID(), "@") {
			t.Errorf("Contact or Call-ID tell who calls:\n%s", m.Encode())
		}
		peer.SendTo(phoneAddr, peer.Within(m, ok, "BYE"))
		peer.Expect("200")
		p.wantEnd(200, true)
	})
}

func TestOpenCallerSendsNoPrivacy(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		peer := siptest.NewPeer(t, n, peerAddr)
		_, m, _ := directCall(t, p, peer)
		for _, name := range []string{"Privacy", "P-Preferred-Identity", "Remote-Party-ID", "Diversion"} {
			if m.Header.Has(name) {
				t.Errorf("%s: %s", name, m.Header.Get(name))
			}
		}
	})
}

// TestAnswererIsWhoTheServerAsserts: P-Asserted-Identity in 180 and 200, in an
// UPDATE and a re-INVITE, tells whom one has reached (RFC 3325 section 9.1;
// RFC 3311); not that of a stranger.
func TestAnswererIsWhoTheServerAsserts(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(sipua.Account{Line: 1, User: "1001", Proxy: "192.0.2.12"})
		server := siptest.NewPeer(t, n, peerAddr)
		p.dial("5550199")
		m := server.Expect("INVITE")
		pai := func(who string) siptest.Option { return siptest.With("P-Asserted-Identity", who) }
		named := func(name, user string) {
			t.Helper()
			time.Sleep(10 * time.Millisecond)
			if e := p.last(); e.Peer.Name != name || e.Peer.User != user {
				t.Errorf("%+v, want %s %s", e.Peer, name, user)
			}
		}
		server.Reply(m, 180, pai(`"Front desk" <sip:5550100@192.0.2.12>`))
		named("Front desk", "5550100")
		ok := server.Reply(m, 200, siptest.SDP(peerSDP()), pai(`"Ada" <sip:5550101@192.0.2.12>`))
		server.Expect("ACK")
		named("Ada", "5550101")
		server.SendTo(phoneAddr, server.Within(m, ok, "UPDATE", pai(`"Byron" <sip:5550102@192.0.2.12>`)))
		server.Expect("200")
		named("Byron", "5550102")
		re := server.Within(m, ok, "INVITE", pai(`"Mary" <sip:5550103@192.0.2.12>`), siptest.SDP(peerSDP()))
		server.SendTo(phoneAddr, re)
		server.Expect("200")
		named("Mary", "5550103")
	})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		peer := siptest.NewPeer(t, n, peerAddr)
		p.dial("sip:peer@192.0.2.12")
		m := peer.Expect("INVITE")
		peer.Reply(m, 180, siptest.With("P-Asserted-Identity", `"The Queen" <sip:1@192.0.2.12>`))
		time.Sleep(10 * time.Millisecond)
		if e := p.last(); e.Peer.Name != "" || e.Peer.User != "peer" {
			t.Errorf("a stranger is believed: %+v", e.Peer)
		}
	})
}

// TestRedirectedCallSaysWhoSentItOn: RFC 5806 section 5.2.
func TestRedirectedCallSaysWhoSentItOn(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		peer := siptest.NewPeer(t, n, peerAddr)
		p.dial("sip:peer@192.0.2.12")
		m := peer.Expect("INVITE")
		peer.Reply(m, 302, siptest.With("Contact", "<sip:other@192.0.2.12>"), siptest.With("Diversion", "<sip:peer@192.0.2.12>;reason=unconditional"))
		peer.Expect("ACK")
		if m = peer.Expect("INVITE"); m.Header.Get("Diversion") != "<sip:peer@192.0.2.12>;reason=unconditional" {
			t.Errorf("%s", m.Encode())
		}
	})
}

// TestAnswererTellsItsName: Remote-Party-ID in our 180 and 200, where wanted.
func TestAnswererTellsItsName(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		_, _, ok := incomingCall(t, p, peer)
		if got := ok.Header.Get("Remote-Party-ID"); got != "<sip:1001@192.0.2.11>;party=called;id-type=subscriber;privacy=off;screen=yes" {
			t.Errorf("%q", got)
		}
	}, identified(sipua.IdentityRules{RemotePartyID: true}))
}
