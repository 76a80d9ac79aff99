package sipua_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// watcher is a phone that subscribes to its messages at a peer.
type watcher struct {
	*phone
	t      *testing.T
	server *siptest.Peer
	sub    *sipua.Subscription
	told   []string
	states []string
}

const summary = "application/simple-message-summary"

// watch runs a test with a line that does not register, subscribed.
func watch(t *testing.T, f func(w *watcher), change ...func(*sipua.SubscribeOptions)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		w := &watcher{phone: newPhone(t, n, phoneAddr), t: t, server: siptest.NewPeer(t, n, proxyAddr)}
		a := account(1, "1001")
		a.Register = false
		w.set(a)
		o := sipua.SubscribeOptions{
			Line: 1, Event: "message-summary", Accept: summary,
			Notify: func(b []byte) { w.told = append(w.told, string(b)) },
			Changed: func(s sipua.Subscribed) {
				w.states = append(w.states, fmt.Sprintf("%d %d %s %v", s.State, s.Code, s.Reason, s.Retry))
			},
		}
		for _, c := range change {
			c(&o)
		}
		w.do(func() { w.sub = w.agent.Subscribe(o) })
		f(w)
	})
}

// heard is what the phone has been told so far.
func (w *watcher) heard() (told []string) {
	w.do(func() { told = slices.Clone(w.told) })
	return told
}

// accept answers a SUBSCRIBE with 200.
func (w *watcher) accept(sub *wire.Message, expires string) *wire.Message {
	return w.server.Reply(sub, 200, siptest.With("Expires", expires))
}

// tell sends a NOTIFY in the dialog and checks its answer.
func (w *watcher) tell(sub, ok *wire.Message, state, text, want string, options ...siptest.Option) {
	w.t.Helper()
	options = append([]siptest.Option{siptest.With("Event", "message-summary"), siptest.With("Subscription-State", state)}, options...)
	if text != "" {
		options = append(options, body(summary, text))
	}
	w.server.SendTo(phoneAddr, w.server.Within(sub, ok, "NOTIFY", options...))
	if m := w.server.Next(); siptest.Kind(m) != want {
		w.t.Errorf("NOTIFY %s %q: answered by\n%s", state, text, m.Encode())
	}
}

// active brings the subscription up.
func (w *watcher) active(expires string) (sub, ok *wire.Message) {
	w.t.Helper()
	sub = w.server.Expect("SUBSCRIBE")
	ok = w.accept(sub, expires)
	w.tell(sub, ok, "active;expires="+expires, "Messages-Waiting: no\r\n", "200")
	return sub, ok
}

// next waits for the next SUBSCRIBE and tells when it came.
func (w *watcher) next() (*wire.Message, time.Duration) {
	w.t.Helper()
	began := time.Now()
	m := w.server.Expect("SUBSCRIBE")
	return m, time.Since(began)
}

func (w *watcher) history() (s string) {
	w.do(func() { s = strings.Join(w.states, "; ") })
	return s
}

// goodbye answers the farewell at the end of the test.
func (w *watcher) goodbye() {
	go func() {
		m := w.server.Expect("SUBSCRIBE")
		if m.Header.Get("Expires") != "0" {
			w.t.Errorf("no farewell: %s", m.Encode())
		}
		w.server.Reply(m, 200, siptest.With("Expires", "0"))
	}()
}

func TestSubscriptionIsMadeToldRefreshedAndEnded(t *testing.T) {
	watch(t, func(w *watcher) {
		sub, ok := w.active("600")
		for _, field := range []string{"Event: message-summary", "Accept: " + summary, "Expires: 3600", "Contact: <sip:1001@192.0.2.11:5060>"} {
			if !strings.Contains(string(sub.Encode()), field+"\r\n") {
				t.Errorf("lacks %q:\n%s", field, sub.Encode())
			}
		}
		if sub.RequestURI != "sip:1001@192.0.2.1" {
			t.Error(sub.RequestURI)
		}
		w.tell(sub, ok, "active", "Messages-Waiting: yes\r\n", "200")
		// 5 s before the end, in the dialog.
		again, after := w.next()
		if after < 594*time.Second || after > 596*time.Second {
			t.Errorf("refreshed after %v", after)
		}
		if again.CallID() != sub.CallID() || again.To().Tag() != "peer" || again.Header.Get("CSeq") != "2 SUBSCRIBE" || again.RequestURI != "sip:peer@192.0.2.1:5060" {
			t.Errorf("not in the dialog:\n%s", again.Encode())
		}
		w.accept(again, "600")
		w.tell(sub, ok, "active;expires=600", "Messages-Waiting: yes\r\n", "200")
		if told := w.heard(); strings.Count(strings.Join(told, ""), "yes") != 2 {
			t.Errorf("told %q", told)
		}
		if got := w.history(); got != "1 200 OK 0s" {
			t.Errorf("a refresh is quiet: %s", got)
		}
		w.do(w.sub.Unsubscribe)
		last := w.server.Expect("SUBSCRIBE")
		if last.Header.Get("Expires") != "0" || last.To().Tag() != "peer" {
			t.Errorf("%s", last.Encode())
		}
		w.tell(sub, ok, "terminated;reason=timeout", "Messages-Waiting: no\r\n", "200")
		w.accept(last, "0")
		w.tell(sub, ok, "active", "Messages-Waiting: no\r\n", "481")
		w.server.Quiet(2 * time.Hour)
		if told := w.heard(); len(told) != 3 {
			t.Errorf("told after the end: %q", told)
		}
	})
}

func TestNotifyMayOvertakeTheAnswerAndTheFirstForkCounts(t *testing.T) {
	watch(t, func(w *watcher) {
		sub := w.server.Expect("SUBSCRIBE")
		fork := wire.NewResponse(sub, 200, "", "fork")
		fork.Header.Add("Contact", "<sip:fork@192.0.2.1:5060>")
		w.tell(sub, fork, "active", "Messages-Waiting: yes\r\n", "200")
		ok := w.accept(sub, "600") // of the tag "peer"
		w.tell(sub, ok, "active", "Messages-Waiting: no\r\n", "481")
		again, _ := w.next()
		if again.To().Tag() != "fork" {
			t.Errorf("refreshed the wrong dialog:\n%s", again.Encode())
		}
		w.accept(again, "600")
		w.tell(sub, fork, "active", "", "200")
		w.goodbye()
	})
}

func TestNotifyThatDoesNotFitIsRefused(t *testing.T) {
	watch(t, func(w *watcher) {
		sub, ok := w.active("600")
		before := len(w.heard())
		w.tell(sub, ok, "active", "x", "489", siptest.With("Event", "presence"))
		w.tell(sub, ok, "active", "x", "420", siptest.With("Require", "eventlist"))
		w.tell(sub, ok, "active", strings.Repeat("x", 17000), "413")
		w.tell(sub, ok, "active", "", "415", body("application/pidf+xml", "<x/>"))
		w.tell(sub, ok, "active", "x", "500", siptest.With("CSeq", "1 NOTIFY"))
		w.tell(sub, ok, "active", "x", "481", siptest.With("From", "<sip:1001@192.0.2.1>;tag=guess"))
		w.tell(sub, ok, "active", "x", "481", siptest.With("Call-ID", "guess"))
		if told := w.heard(); len(told) != before {
			t.Errorf("%q", told[before:])
		}
		w.tell(sub, ok, "", "", "200", siptest.Without("Subscription-State")) // old servers
		w.goodbye()
	})
}

func TestTimerNGivesUpAServerThatPromisesAndIsSilent(t *testing.T) {
	watch(t, func(w *watcher) {
		sub := w.server.Expect("SUBSCRIBE")
		w.accept(sub, "3600")
		again, after := w.next() // 64*T1, and a first pause of 3 s
		if after < 34*time.Second || after > 36*time.Second || again.CallID() == sub.CallID() {
			t.Errorf("after %v:\n%s", after, again.Encode())
		}
		if got := w.history(); !strings.HasPrefix(got, "2 408 no NOTIFY came 3s") {
			t.Error(got)
		}
		ok := w.accept(again, "600")
		w.tell(again, ok, "active", "", "200")
		// The same for a refresh.
		refresh, _ := w.next()
		w.accept(refresh, "600")
		fresh, after := w.next()
		if after > 40*time.Second || fresh.To().Tag() != "" {
			t.Errorf("after %v:\n%s", after, fresh.Encode())
		}
		w.server.Reply(fresh, 404)
	})
}

func TestTooBriefRaisesTheTime(t *testing.T) {
	watch(t, func(w *watcher) {
		for range 4 {
			m := w.server.Expect("SUBSCRIBE")
			w.server.Reply(m, 423, siptest.With("Min-Expires", "60")) // a liar
		}
		w.server.Quiet(time.Second)
	}, func(o *sipua.SubscribeOptions) { o.Expires = 30 * time.Second })
	watch(t, func(w *watcher) {
		w.server.Reply(w.server.Expect("SUBSCRIBE"), 423, siptest.With("Min-Expires", "7200"))
		m := w.server.Expect("SUBSCRIBE")
		if m.Header.Get("Expires") != "7200" {
			t.Errorf("%s", m.Encode())
		}
		w.tell(m, w.accept(m, "7200"), "active", "", "200")
		w.goodbye()
	})
}

func TestWhatARefusalMeans(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		fields      []siptest.Option
		least, most time.Duration
	}{
		"does not know the event": {489, nil, 7 * time.Minute, 10 * time.Minute},
		"does not subscribe":      {405, nil, 7 * time.Minute, 10 * time.Minute},
		"not here":                {404, nil, 7 * time.Minute, 10 * time.Minute},
		"trouble":                 {500, nil, 2 * time.Second, 5 * time.Second},
		"later":                   {503, []siptest.Option{siptest.With("Retry-After", "100")}, 100 * time.Second, 101 * time.Second},
		"much later":              {503, []siptest.Option{siptest.With("Retry-After", "999999")}, 3599 * time.Second, time.Hour},
		"elsewhere":               {302, nil, 2 * time.Second, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			watch(t, func(w *watcher) {
				w.server.Reply(w.server.Expect("SUBSCRIBE"), c.status, c.fields...)
				w.server.Quiet(c.least - time.Second)
				time.Sleep(c.most - c.least + 2*time.Second)
				m := w.server.Expect("SUBSCRIBE")
				w.server.Reply(m, 404)
			})
		})
	}
}

func TestARefusedRefreshDoesNotEndTheSubscription(t *testing.T) {
	watch(t, func(w *watcher) {
		sub, ok := w.active("600")
		refresh, _ := w.next()
		w.server.Reply(refresh, 500)
		w.tell(sub, ok, "active", "Messages-Waiting: yes\r\n", "200") // it holds
		again, _ := w.next()
		if again.CallID() != sub.CallID() {
			t.Error("begun anew")
		}
		// 481: the server has forgotten it.
		w.server.Reply(again, 481)
		fresh, after := w.next()
		if fresh.CallID() == sub.CallID() || after > 2*time.Second {
			t.Errorf("after %v:\n%s", after, fresh.Encode())
		}
		w.tell(fresh, w.accept(fresh, "600"), "active", "", "200")
		w.goodbye()
	})
}

func TestReasonOfTheEndDecidesWhatFollows(t *testing.T) {
	for state, c := range map[string]struct {
		least, most time.Duration // 0: never
	}{
		"terminated;reason=deactivated":                 {0, time.Second},
		"terminated;reason=timeout":                     {0, time.Second},
		"Terminated ; Reason=Timeout":                   {0, time.Second},
		"terminated":                                    {0, time.Second},
		"terminated;reason=probation;retry-after=60":    {60 * time.Second, 61 * time.Second},
		"terminated;reason=giveup":                      {2 * time.Second, 5 * time.Second},
		"terminated;reason=rejected":                    {},
		"terminated;reason=noresource;retry-after=1":    {},
		"active;expires=0":                              {0, time.Second},
		"terminated;reason=giveup;retry-after=99999999": {59 * time.Minute, time.Hour},
	} {
		t.Run(state, func(t *testing.T) {
			watch(t, func(w *watcher) {
				sub, ok := w.active("86400")
				time.Sleep(2 * time.Minute)
				w.tell(sub, ok, state, "", "200")
				if c.most == 0 {
					w.server.Quiet(24 * time.Hour)
					if got := w.history(); !strings.Contains(got, "3 200") {
						t.Error(got)
					}
					return
				}
				early := max(0, c.least-time.Second)
				time.Sleep(early)
				m, after := w.next()
				if after += early; after < c.least || after > c.most+time.Second || m.To().Tag() != "" {
					t.Errorf("after %v:\n%s", after, m.Encode())
				}
				w.server.Reply(m, 404)
			})
		})
	}
}

func TestAServerThatEndsEachSubscriptionAtOnceIsAskedMoreAndMoreSeldom(t *testing.T) {
	watch(t, func(w *watcher) {
		began := time.Now()
		asked := 0
		for time.Since(began) < time.Hour {
			m := w.server.Expect("SUBSCRIBE")
			asked++
			w.tell(m, w.accept(m, "3600"), "terminated;reason=deactivated", "", "200")
		}
		if asked > 25 {
			t.Errorf("asked %d times in an hour", asked)
		}
	})
}

func TestSilentServerIsTriedAgainWithBackOff(t *testing.T) {
	watch(t, func(w *watcher) {
		w.server.SetDown(true)
		time.Sleep(time.Hour)
		w.server.SetDown(false)
		w.server.Drain()
		m := w.server.Expect("SUBSCRIBE")
		w.tell(m, w.accept(m, "600"), "active", "Messages-Waiting: yes\r\n", "200")
		w.goodbye()
	})
}

func TestSubscriptionAnswersAChallengeOnce(t *testing.T) {
	watch(t, func(w *watcher) {
		challenge := siptest.With("WWW-Authenticate", `Digest realm="pbx", nonce="n", qop="auth"`)
		w.server.Reply(w.server.Expect("SUBSCRIBE"), 401, challenge)
		m := w.server.Expect("SUBSCRIBE")
		if !strings.Contains(m.Header.Get("Authorization"), `username="1001"`) || strings.Contains(string(m.Encode()), canary) {
			t.Errorf("%s", m.Encode())
		}
		w.server.Reply(m, 401, challenge)
		w.server.Quiet(7 * time.Minute)
	})
}

func TestSubscriptionFollowsThePhoneToAnotherAddress(t *testing.T) {
	watch(t, func(w *watcher) {
		sub, ok := w.active("3600")
		w.do(w.agent.Moved)
		m, after := w.next()
		if after > 3*time.Second || m.CallID() != sub.CallID() {
			t.Errorf("after %v:\n%s", after, m.Encode())
		}
		w.accept(m, "3600")
		w.tell(sub, ok, "active", "", "200")
		w.goodbye()
	})
}

func TestSubscriptionEndsWithItsLine(t *testing.T) {
	watch(t, func(w *watcher) {
		w.active("600")
		w.set(sipua.Account{Line: 1})
		w.server.Quiet(time.Hour)
		if got := w.history(); !strings.Contains(got, "3 0 the line has no account") {
			t.Error(got)
		}
	})
}
