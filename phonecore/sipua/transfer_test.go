package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

const targetAddr = "192.0.2.13:5060"

// sipfrag is a body that tells of a status.
func sipfrag(line string) siptest.Option {
	return func(m *wire.Message) { m.SetBody("message/sipfrag;version=2.0", []byte(line+"\r\n")) }
}

// news is what a phone has heard of its transfer.
func (p *phone) news() (list []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if t := e.Transfer; t != nil {
			s := fmt.Sprint(t.Code)
			if t.Final {
				s += " final"
			}
			list = append(list, s)
		}
	}
	return list
}

func (p *phone) wantNews(want ...string) {
	p.t.Helper()
	time.Sleep(10 * time.Millisecond)
	if got := p.news(); strings.Join(got, ", ") != strings.Join(want, ", ") {
		p.t.Errorf("heard of the transfer: %q, want %q", got, want)
	}
}

// follows lets a phone do what it is told.
func (p *phone) follows() *phone {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = func(_ *sipua.Call, e sipua.Event) {
		if e.Referral != nil {
			if _, err := e.Referral.Follow(media()); err != nil {
				p.t.Error(err)
			}
		}
	}
	return p
}

func direct(t *testing.T, n *siptest.Network) (*phone, *siptest.Peer) {
	return newPhone(t, n, phoneAddr).set(plain(1, "1001")), siptest.NewPeer(t, n, peerAddr)
}

// TestTransferIsAskedForAndHeardOf: RFC 3515 section 4.1, RFC 3892.
func TestTransferIsAskedForAndHeardOf(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		c, invite, ok := incomingCall(t, p, peer)
		p.do(func() {
			if err := c.Transfer("sip:carol@192.0.2.13"); err != nil {
				t.Error(err)
			}
			if c.Transfer("sip:carol@192.0.2.13") == nil {
				t.Error("two transfers at once")
			}
		})
		refer := peer.Expect("REFER")
		h := refer.Header
		if h.Get("Refer-To") != "<sip:carol@192.0.2.13>" || h.Get("Referred-By") != "<sip:1001@192.0.2.11>" || !h.Has("Contact") {
			t.Errorf("REFER:\n%s", refer.Encode())
		}
		peer.Reply(refer, 202)
		seq, _ := refer.CSeq()
		notify := func(state, line string, options ...siptest.Option) {
			t.Helper()
			options = append([]siptest.Option{siptest.With("Event", fmt.Sprintf("refer;id=%d", seq)), siptest.With("Subscription-State", state), sipfrag(line)}, options...)
			peer.SendTo(phoneAddr, peer.Within(invite, ok, "NOTIFY", options...))
		}
		notify("active;expires=60", "SIP/2.0 100 Trying")
		peer.Expect("200")
		notify("active;expires=60", "SIP/2.0 180 Ringing", siptest.With("Event", "refer"))
		peer.Expect("200")
		notify("active", "SIP/2.0 180 Ringing", siptest.With("Event", "refer;id=7777"))
		peer.Expect("481")
		notify("active", "SIP/2.0 180 Ringing", siptest.With("Event", "dialog"))
		peer.Expect("489")
		notify("active", "", siptest.With("Content-Type", "text/plain"))
		peer.Expect("415")
		notify("terminated;reason=noresource", "SIP/2.0 200 OK")
		peer.Expect("200")
		notify("terminated", "SIP/2.0 500 Late")
		peer.Expect("200")
		p.wantNews("202", "100", "180", "200 final")
	})
}

// TestTransferThatComesToNothing: every way ends in exactly one final word, and
// the call lives on.
func TestTransferThatComesToNothing(t *testing.T) {
	for name, test := range map[string]struct {
		reply  int
		notify string
		wait   time.Duration
		want   []string
	}{
		"not known":      {reply: 501, want: []string{"501 final"}},
		"not allowed":    {reply: 405, want: []string{"405 final"}},
		"declined":       {reply: 603, want: []string{"603 final"}},
		"silent peer":    {wait: 2 * time.Minute, want: []string{"408 final"}},
		"no NOTIFY":      {reply: 202, wait: 33 * time.Second, want: []string{"202", "202 final"}},
		"target busy":    {reply: 202, notify: "SIP/2.0 486 Busy Here", want: []string{"202", "486 final"}},
		"news that stop": {reply: 202, notify: "SIP/2.0 180 Ringing", wait: 4 * time.Minute, want: []string{"202", "180", "180 final"}},
		"no status line": {reply: 202, notify: "Hello", wait: 4 * time.Minute, want: []string{"202", "202 final"}},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				p, peer := direct(t, n)
				c, invite, ok := directCall(t, p, peer)
				p.do(func() {
					if err := c.Transfer("sip:carol@192.0.2.13"); err != nil {
						t.Error(err)
					}
				})
				refer := peer.Expect("REFER")
				if test.reply != 0 {
					peer.Reply(refer, test.reply)
				}
				if test.notify != "" {
					peer.SendTo(phoneAddr, peer.Within(invite, ok, "NOTIFY", siptest.With("Event", "refer"), siptest.With("Subscription-State", "active"), sipfrag(test.notify)))
				}
				time.Sleep(test.wait)
				p.wantNews(test.want...)
				if e := p.last(); e.State != sipua.CallConnected {
					t.Errorf("the call is over: %+v", e)
				}
			})
		})
	}
}

// TestAttendedTransferNamesTheDialog: RFC 5589 section 7.3; a party that does not
// know Replaces is left first (section 7.4).
func TestAttendedTransferNamesTheDialog(t *testing.T) {
	for _, known := range []bool{true, false} {
		t.Run(fmt.Sprint("replaces known: ", known), func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				p, peer := direct(t, n)
				target := siptest.NewPeer(t, n, targetAddr)
				c, _, _ := incomingCall(t, p, peer)
				other := p.dial("sip:carol@192.0.2.13")
				invite := target.Expect("INVITE")
				if !has(invite, "Supported", "replaces") {
					t.Errorf("our INVITE says Supported: %q", invite.Header.Get("Supported"))
				}
				options := []siptest.Option{siptest.SDP(peerSDP())}
				if known {
					options = append(options, siptest.With("Supported", "timer, replaces"))
				}
				target.Reply(invite, 200, options...)
				target.Expect("ACK")
				p.do(func() {
					if err := c.TransferTo(other); err != nil {
						t.Error(err)
					}
				})
				refer := peer.Expect("REFER")
				u, err := wire.ParseURI(refer.Address("Refer-To").URI)
				if err != nil || u.UserText() != "carol" {
					t.Fatalf("Refer-To %q: %v", refer.Header.Get("Refer-To"), err)
				}
				if !known {
					if u.Headers != "" {
						t.Errorf("Refer-To with %q", u.Headers)
					}
					target.Reply(target.Expect("BYE"), 200)
					return
				}
				want := invite.CallID() + ";to-tag=peer;from-tag=" + invite.From().Tag()
				if got := wire.Unescape(strings.TrimPrefix(u.Headers, "Replaces=")); got != want || strings.ContainsAny(u.Headers, ";@") {
					t.Errorf("Replaces %q of %q, want %q", got, u.Headers, want)
				}
				target.Quiet(time.Second)
			})
		})
	}
}

func has(m *wire.Message, field, word string) bool {
	for _, s := range m.Header.List(field) {
		if strings.EqualFold(s, word) {
			return true
		}
	}
	return false
}

// TestReferralIsFollowedAndReported: the peer transfers us (RFC 3515 section
// 2.4.5); its news are the statuses of our own call.
func TestReferralIsFollowedAndReported(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		refer  []siptest.Option
		want   string
	}{
		"answered": {200, nil, "100 active, 180 active, 200 terminated"},
		"busy":     {486, nil, "100 active, 180 active, 486 terminated"},
		"quiet":    {200, []siptest.Option{siptest.With("Refer-Sub", "false"), siptest.With("Supported", "norefersub"), siptest.With("Require", "norefersub")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				p, peer := direct(t, n)
				p.follows()
				target := siptest.NewPeer(t, n, targetAddr)
				_, invite, ok := incomingCall(t, p, peer)
				options := append([]siptest.Option{
					siptest.With("Refer-To", "<sip:carol@192.0.2.13?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces&Subject=x&Route=%3Csip:evil%3E>"),
					siptest.With("Referred-By", `"Ada" <sip:ada@example.com>;cid=1`),
				}, test.refer...)
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "REFER", options...))
				call := target.Expect("INVITE")
				h := call.Header
				if h.Get("Replaces") != "a@b;to-tag=1;from-tag=2" || h.Get("Require") != "replaces" || h.Get("Referred-By") != `"Ada" <sip:ada@example.com>` || h.Has("Subject") || h.Has("Route") {
					t.Errorf("INVITE:\n%s", call.Encode())
				}
				if res := peer.Expect("202"); name == "quiet" && res.Header.Get("Refer-Sub") != "false" {
					t.Errorf("Refer-Sub %q", res.Header.Get("Refer-Sub"))
				}
				var got []string
				told := func() {
					if name == "quiet" {
						return
					}
					m := peer.Expect("NOTIFY")
					if m.Header.Get("Event") != "refer" || m.Header.Get("Content-Type") != "message/sipfrag;version=2.0" || !m.Header.Has("Contact") {
						t.Errorf("NOTIFY:\n%s", m.Encode())
					}
					state, _, _ := strings.Cut(m.Header.Get("Subscription-State"), ";")
					got = append(got, strings.Fields(string(m.Body))[1]+" "+state)
					peer.Reply(m, 200)
				}
				told()
				target.Reply(call, 180)
				told()
				target.Reply(call, test.status, siptest.SDP(peerSDP()))
				target.Expect("ACK")
				told()
				if s := strings.Join(got, ", "); s != test.want {
					t.Errorf("told %q, want %q", s, test.want)
				}
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
				peer.Expect("200")
				peer.Quiet(time.Minute)
			})
		})
	}
}

// TestNobodyListensToTheNews: a peer that hangs up at once, or does not answer
// NOTIFY, changes nothing for the call that it has asked for.
func TestNobodyListensToTheNews(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		p.follows()
		target := siptest.NewPeer(t, n, targetAddr)
		_, invite, ok := incomingCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "REFER", siptest.With("Refer-To", "sip:carol@192.0.2.13")))
		call := target.Expect("INVITE")
		peer.Expect("202")
		peer.Reply(peer.Expect("NOTIFY"), 481)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
		peer.Expect("200")
		target.Reply(call, 200, siptest.SDP(peerSDP()))
		target.Expect("ACK")
		peer.Quiet(time.Minute)
		if e := p.last(); e.State != sipua.CallConnected || e.Peer.User != "carol" {
			t.Errorf("last event %+v", e)
		}
	})
}

// TestReferralsThatAreRefused: what is asked of us is checked first.
func TestReferralsThatAreRefused(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		_, invite, ok := incomingCall(t, p, peer)
		long := "<sip:" + strings.Repeat("a", 3000) + "@192.0.2.13>"
		for refer, want := range map[string]string{
			"":                        "400",
			"no address":              "400",
			"<sip:a@b?Replaces=half>": "400",
			"<sip:a@b?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D%0d%0aVia:>":                               "400",
			"<sip:a@b?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2&Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>": "400",
			long:                         "400",
			"<mailto:a@b>":               "416",
			"<sip:a@b;method=SUBSCRIBE>": "403",
			"<sip:carol@192.0.2.13>":     "603", // nobody here wants to
		} {
			m := peer.Within(invite, ok, "REFER", siptest.With("Refer-To", refer))
			if refer == "" {
				m.Header.Del("Refer-To")
			}
			peer.SendTo(phoneAddr, m)
			if res := peer.Next(); siptest.Kind(res) != want {
				t.Errorf("%.60q: %s, want %s", refer, siptest.Kind(res), want)
			}
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "REFER", siptest.With("Refer-To", "<sip:a@b>"), siptest.And("Refer-To", "<sip:a@c>")))
		peer.Expect("400")
		peer.SendTo(phoneAddr, peer.Request("REFER", "sip:1001@192.0.2.11", siptest.With("Refer-To", "<sip:carol@192.0.2.13>")))
		peer.Expect("403")
		p.follows()
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "REFER", siptest.With("Refer-To", "<sip:silent@192.0.2.77>")))
		peer.Await("202")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "REFER", siptest.With("Refer-To", "<sip:carol@192.0.2.13>")))
		peer.Await("491")
	})
}

// TestByeWithAlso: guide B-12, steps 11 to 13, on both sides.
func TestByeWithAlso(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		p.follows()
		target := siptest.NewPeer(t, n, targetAddr)
		_, invite, ok := incomingCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE", siptest.With("Also", "<sip:carol@192.0.2.13>"), siptest.With("Requested-By", "<sip:ada@example.com>")))
		peer.Expect("200")
		call := target.Expect("INVITE")
		if call.CallID() == invite.CallID() || call.Header.Get("Requested-By") != "<sip:ada@example.com>" {
			t.Errorf("INVITE:\n%s", call.Encode())
		}
		target.Reply(call, 200, siptest.SDP(peerSDP()))
		target.Expect("ACK")
		peer.Quiet(time.Second)

		var c *sipua.Call
		p.mu.Lock()
		p.heard = nil
		p.mu.Unlock()
		c, _, _ = directCall(t, p, peer)
		p.do(func() {
			if err := c.LeaveFor("sip:carol@192.0.2.13"); err != nil {
				t.Error(err)
			}
		})
		bye := peer.Expect("BYE")
		if h := bye.Header; h.Get("Also") != "<sip:carol@192.0.2.13>" || h.Get("Requested-By") != "<sip:1001@192.0.2.11>" {
			t.Errorf("BYE:\n%s", bye.Encode())
		}
		peer.Reply(bye, 200)
		p.wantNews("200 final")
		p.wantEnd(200, true)
	})
}
