package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/app/lab/wire"
)

// registered gives the bench a user with one contact, at phone.
func (b *bench) registered(user string) {
	b.t.Helper()
	b.request("REGISTER", "sip:"+user+"@lab.deskset", user)
	if m := b.last(phone); m.Status != 200 {
		b.t.Fatalf("REGISTER: %s", m.Bytes())
	}
	b.forget()
}

func (b *bench) forget() { b.ask(func() { b.net.sent = nil }) }

// responds answers the last request that the exchange sent.
func (b *bench) responds(status int, extra ...string) {
	b.t.Helper()
	m := b.last(phone)
	lines := []string{fmt.Sprintf("SIP/2.0 %d X", status)}
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		lines = append(lines, name+": "+m.Get(name))
	}
	b.hear(phone, strings.Join(append(lines, extra...), "\n")+"\n\n")
}

// notified runs Notify beside the test.
func (b *bench) notified(user string, n Notice) func() (int, error) {
	type result struct {
		status int
		err    error
	}
	done := make(chan result, 1)
	go func() {
		status, err := b.Notify(b.t.Context(), user, n)
		done <- result{status, err}
	}()
	synctest.Wait()
	return func() (int, error) {
		b.t.Helper()
		synctest.Wait()
		select {
		case r := <-done:
			return r.status, r.err
		default:
			b.t.Fatal("Notify still waits")
			return 0, nil
		}
	}
}

func TestNoticeIsAnsweredAsThePhoneDemands(t *testing.T) {
	for name, c := range map[string]struct {
		challenge []string
		status    int
		want      []string // of the credentials; none: no second request
	}{
		"freely":             {nil, 200, nil},
		"MD5":                {[]string{`WWW-Authenticate: Digest realm="phone", nonce="n", qop="auth,auth-int"`}, 401, []string{`realm="phone"`, "qop=auth, nc=00000001", "cnonce="}},
		"the stronger":       {[]string{`WWW-Authenticate: Digest realm="p", nonce="n", algorithm=MD5`, `WWW-Authenticate: Digest realm="p", nonce="m", algorithm=SHA-256, opaque="o\"o"`}, 401, []string{"algorithm=SHA-256", `nonce="m"`, `opaque="o\"o"`}},
		"as a proxy":         {[]string{`Proxy-Authenticate: Digest realm="p", nonce="n"`}, 407, []string{`username="100"`}},
		"by what is unknown": {[]string{`WWW-Authenticate: Digest realm="p", nonce="n", algorithm=X`}, 401, nil},
		"by auth-int":        {[]string{`WWW-Authenticate: Digest realm="p", nonce="n", qop="auth-int"`}, 401, nil},
		"by Basic":           {[]string{`WWW-Authenticate: Basic realm="p"`}, 401, nil},
	} {
		inVirtualTime(t, func(b *bench) {
			b.registered("100")
			result := b.notified("100", Notice{Event: "service-control", Action: "reset"})
			m := b.last(phone)
			if m.Method != "NOTIFY" || m.Get("Event") != "service-control" || !strings.HasPrefix(string(m.Body), "action=reset\r\nRegisterCallId={call}\r\n") || m.Tag("To") != "" || m.Check() != nil {
				t.Errorf("%s:\n%s", name, m.Bytes())
			}
			b.responds(c.status, c.challenge...)
			want := c.status
			if c.want != nil {
				again := b.last(phone)
				auth := again.Get("Authorization") + again.Get("Proxy-Authorization")
				for _, part := range c.want {
					if !strings.Contains(auth, part) {
						t.Errorf("%s: %s lacks %s", name, auth, part)
					}
				}
				parsed, _ := parseCredentials(auth)
				if again.Get("CSeq") != "2 NOTIFY" || again.Get("Call-ID") != m.Get("Call-ID") || !correct(parsed, "secret", again) {
					t.Errorf("%s:\n%s", name, again.Bytes())
				}
				b.responds(c.status, c.challenge...) // a phone that is never content
				if last := b.last(phone); last.Get("CSeq") != "2 NOTIFY" {
					t.Errorf("%s: a third time: %s", name, last.Bytes())
				}
			}
			if status, err := result(); status != want || err != nil {
				t.Errorf("%s: %d, %v", name, status, err)
			}
		})
	}
}

func TestNoticeThatNobodyTakes(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		for _, user := range []string{"100", "nobody"} {
			if _, err := b.Notify(t.Context(), user, Notice{Event: "check-sync"}); !errors.Is(err, ErrNotRegistered) {
				t.Errorf("%s: %v", user, err)
			}
		}
		b.registered("100")
		result := b.notified("100", Notice{Event: "check-sync"})
		time.Sleep(timer64)
		if status, err := result(); status != 408 || err != nil {
			t.Errorf("%d, %v", status, err)
		}
		if got := len(b.sent(phone)); got != 11 { // timer E
			t.Errorf("sent %d times", got)
		}
		b.notified("100", Notice{Event: "check-sync"})
		b.Close()
		if _, err := b.Notify(t.Context(), "100", Notice{}); !errors.Is(err, ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

func TestRegistrarFlaps(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.SetFault(Fault{Register: 503, Flap: 20 * time.Second, Grant: 15 * time.Second})
		var got []string
		for range 5 {
			b.request("REGISTER", "sip:100@lab.deskset", "100")
			m := b.last(phone)
			got = append(got, fmt.Sprintf("%d %s %s", m.Status, m.Get("Retry-After"), contactExpires(m)))
			time.Sleep(12 * time.Second)
		}
		if want := []string{"503 20 ", "503 8 ", "200  15", "200  15", "503 12 "}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func contactExpires(m *wire.Message) string {
	a, err := wire.ParseAddress(m.Get("Contact"))
	if err != nil {
		return ""
	}
	value, _ := a.Params.Get("expires")
	return value
}

func TestReminderIsSentOnceForEachTimeItIsSet(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		before := 0
		reminder := func() Fault {
			return Fault{Reminder: &Reminder{Notice: Notice{Event: "check-sync"}, After: 5 * time.Second, Before: func() { before++ }}}
		}
		notices := func(want int) {
			t.Helper()
			time.Sleep(6 * time.Second)
			n := 0
			for _, what := range b.sent(phone) {
				if strings.HasPrefix(what, "NOTIFY") {
					n++
				}
			}
			if before != want || (n > 0) != (want > 0) {
				t.Errorf("%d times, %d packets, want %d", before, n, want)
			}
		}
		b.SetFault(reminder())
		notices(0)
		b.request("REGISTER", "sip:100@lab.deskset", "100")
		b.request("REGISTER", "sip:100@lab.deskset", "100")
		notices(1)
		b.responds(200)
		b.request("REGISTER", "sip:100@lab.deskset", "100")
		notices(1)
		b.SetFault(reminder()) // registered already
		notices(2)
		b.SetFault(reminder())
		b.SetFault(Fault{}) // cured before its time
		notices(2)
	})
}

func TestRightCredentialsAreStaleForEver(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.SetFault(Fault{AuthLoop: true})
		for range 3 {
			b.request("REGISTER", "sip:100@lab.deskset", "100")
			if m := b.last(phone); m.Status != 401 || !strings.Contains(m.Get("WWW-Authenticate"), "stale=true") {
				t.Errorf("%s", m.Bytes())
			}
		}
	})
}

func TestMailboxTellsOfAMessageAndThatItIsGone(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.registered("100")
		for _, want := range []string{"Messages-Waiting: yes\r\nMessage-Account: sip:100@127.0.0.1:5060\r\nVoice-Message: 1/0", "Messages-Waiting: no\r\nMessage-Account: sip:100@127.0.0.1:5060\r\nVoice-Message: 0/0"} {
			b.ask(func() { b.toggleMessage(b.users["100"]) })
			m := b.last(phone)
			if m.Get("Event") != "message-summary" || m.Get("Content-Type") != "application/simple-message-summary" || !strings.HasPrefix(string(m.Body), want) || m.Check() != nil {
				t.Errorf("%s", m.Bytes())
			}
			b.responds(200)
		}
	})
}
