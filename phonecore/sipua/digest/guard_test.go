package digest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var bob = Credentials{Username: "bob", Password: "canary"}

// answer answers the n-th challenge of a guard.
func answer(t *testing.T, challenges []string, n int, cred Credentials, count uint32) string {
	t.Helper()
	c := Parse(challenges)
	if len(c) != 2 {
		t.Fatalf("%d challenges in %q", len(c), challenges)
	}
	value, err := c[n].Answer(cred, Use{Method: "NOTIFY", URI: "sip:bob@192.0.2.44", CNonce: "abc", Count: count})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestGuardTakesEachAnswerOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for n := range 2 { // SHA-256, MD5
			g := NewGuard()
			challenges := g.Challenges("example.com", "192.0.2.1", false)
			check := func(value string) Verdict {
				return g.Check([]string{value}, "NOTIFY", "example.com", "192.0.2.1", bob)
			}
			first, second := answer(t, challenges, n, bob, 1), answer(t, challenges, n, bob, 2)
			for i, step := range []struct {
				value string
				want  Verdict
			}{
				{first, Proven}, {first, Stale}, {second, Proven}, {first, Stale}, {second, Stale},
				{answer(t, challenges, n, Credentials{"bob", "guess"}, 3), Unproven},
				{answer(t, challenges, n, Credentials{"eve", "canary"}, 3), Unproven},
			} {
				if got := check(step.value); got != step.want {
					t.Errorf("%d, step %d: %v, want %v", n, i, got, step.want)
				}
			}
			time.Sleep(nonceLife + time.Second)
			if got := check(answer(t, challenges, n, bob, 9)); got != Stale {
				t.Errorf("an old nonce: %v", got)
			}
			if len(g.used) != 0 {
				t.Errorf("%d old nonces are remembered", len(g.used))
			}
		}
	})
}

func TestGuardTakesNothingMadeUp(t *testing.T) {
	g, other := NewGuard(), NewGuard()
	good := answer(t, g.Challenges("r", "a", false), 0, bob, 1)
	for name, c := range map[string]struct {
		value, method, realm, source string
		cred                         Credentials
	}{
		"another guard's nonce": {answer(t, other.Challenges("r", "a", false), 0, bob, 1), "NOTIFY", "r", "a", bob},
		"another peer":          {good, "NOTIFY", "r", "b", bob},
		"another method":        {good, "INVITE", "r", "a", bob},
		"another realm":         {good, "NOTIFY", "x", "a", bob},
		"another user":          {good, "NOTIFY", "r", "a", Credentials{"eve", "canary"}},
		"no password":           {good, "NOTIFY", "r", "a", Credentials{"bob", ""}},
		"no qop":                {strings.Replace(good, "qop=auth, ", "", 1), "NOTIFY", "r", "a", bob},
		"no count":              {strings.Replace(good, "nc=00000001, ", "", 1), "NOTIFY", "r", "a", bob},
		"count zero":            {strings.Replace(good, "nc=00000001", "nc=0", 1), "NOTIFY", "r", "a", bob},
		"unknown algorithm":     {strings.Replace(good, "SHA-256", "NONE", 1), "NOTIFY", "r", "a", bob},
		"sess":                  {strings.Replace(good, "SHA-256", "SHA-256-sess", 1), "NOTIFY", "r", "a", bob},
		"Basic":                 {"Basic Ym9iOmNhbmFyeQ==", "NOTIFY", "r", "a", bob},
		"empty":                 {"", "NOTIFY", "r", "a", bob},
	} {
		if got := g.Check([]string{c.value}, c.method, c.realm, c.source, c.cred); got != Unproven {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := g.Check([]string{"", good}, "NOTIFY", "r", "a", bob); got != Proven {
		t.Errorf("the good one: %v", got)
	}
}

func TestGuardRemembersABoundedNumber(t *testing.T) {
	g := NewGuard()
	for i := range 3 * maxUsed {
		g.use(fmt.Sprint(i), 1, time.Now().Add(time.Hour))
	}
	if len(g.used) != maxUsed {
		t.Errorf("%d nonces are remembered", len(g.used))
	}
}

func FuzzGuard(f *testing.F) {
	g := NewGuard()
	c := Parse(g.Challenges("r", "a", true))
	for i := range c {
		value, _ := c[i].Answer(bob, Use{Method: "NOTIFY", URI: "sip:x", CNonce: "y", Count: 1})
		f.Add(value)
	}
	f.Add(`Digest nonce="", nc=zz, uri=",`)
	f.Fuzz(func(t *testing.T, value string) {
		if g.Check([]string{value}, "NOTIFY", "r", "a", Credentials{"bob", "another"}) != Unproven {
			t.Errorf("%q proves a password that nobody has", value)
		}
	})
}
