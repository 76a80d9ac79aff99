package lab

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestLinesRegisterWithEveryAlgorithmOverEveryTransport(t *testing.T) {
	l := start(t, Options{})
	for line, network := range map[int]string{1: "udp", 2: "tcp"} {
		for _, algorithm := range []string{"MD5", "SHA-256"} {
			a := newAgent(t, l, line, network)
			a.algorithm = algorithm
			res := a.register()
			if res.StatusCode != 200 || !strings.Contains(res.Contact().Value(), "expires=") {
				t.Errorf("%s over %s:\n%s", algorithm, network, res)
			}
		}
	}
	if got := l.Registrations(); len(got) != 4 {
		t.Errorf("registrations: %+v", got)
	}
}

func TestWrongPasswordIsChallengedAgain(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	a.account.Password = "wrong"
	res := a.register()
	if res.StatusCode != 401 || strings.Contains(res.String(), "stale=true") {
		t.Errorf("got\n%s", res)
	}
	a.account.Password = l.Accounts()[1].Password
	if res := a.register(); res.StatusCode != 401 {
		t.Errorf("another line's password is taken:\n%s", res)
	}
	a.account.User = "nobody"
	if res := a.register(); res.StatusCode != 401 {
		t.Errorf("an unknown user is told apart:\n%s", res)
	}
	if len(l.Registrations()) != 0 {
		t.Error("registered")
	}
}

// RFC 7616 section 3.4.5: a count that was used is a replay.
func TestReplayedCredentialsAreStale(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall(a.account.User)
	c.target = "sip:" + l.Proxy().String()
	if res := a.do(c, "REGISTER", "", "Contact: "+a.contact()); res.StatusCode != 200 {
		t.Fatal(res)
	}
	a.send(c, "REGISTER", "", "Contact: <sip:thief@127.0.0.1:9>", a.lastAuth)
	if res := a.response(401); !strings.Contains(res.String(), "stale=true") {
		t.Errorf("got\n%s", res)
	}
}

// RFC 3261 section 10.3.
func TestRegistrationLastsAsLongAsGranted(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	res := a.register("Contact: "+a.contact(), "Expires: 30")
	if res.StatusCode != 423 || res.GetHeader("Min-Expires").Value() != "60" {
		t.Errorf("a short one:\n%s", res)
	}
	res = a.register("Contact: "+a.contact()+";expires=120", "Expires: 600")
	if got := res.Contact().Params.GetOr("expires", ""); got != "120" {
		t.Errorf("the contact's own time is not granted: %s", res)
	}
	if r := l.Registrations(); len(r) != 1 || time.Until(r[0].Expires) > 2*time.Minute || r[0].User != "5551212" {
		t.Errorf("registrations: %+v", r)
	}
	if res = a.register("Contact: "+a.contact(), "Expires: 0"); res.StatusCode != 200 || res.Contact() != nil {
		t.Errorf("unregister:\n%s", res)
	}
	if len(l.Registrations()) != 0 {
		t.Error("still registered")
	}
}

func TestSeveralContactsOfALine(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	a.register("Contact: <sip:a@127.0.0.1:6001>, <sip:b@127.0.0.1:6002>;q=0.5")
	if res := a.register("Contact: <sip:c@127.0.0.1:6003>"); len(res.GetHeaders("Contact")) != 3 {
		t.Errorf("want three contacts:\n%s", res)
	}
	if res := a.register("X-Query: 1"); len(res.GetHeaders("Contact")) != 3 {
		t.Errorf("a query gives them all:\n%s", res)
	}
	if res := a.register("Contact: *", "Expires: 10"); res.StatusCode != 400 {
		t.Errorf("* with a time:\n%s", res)
	}
	if res := a.register("Contact: *", "Expires: 0"); res.StatusCode != 200 || len(l.Registrations()) != 0 {
		t.Errorf("* removes all:\n%s", res)
	}
	var many []string
	for i := range 11 {
		many = append(many, "<sip:m@127.0.0.1:"+string(rune('1'+i%9))+"00"+string(rune('0'+i%10))+">")
	}
	if res := a.register("Contact: " + strings.Join(many, ",")); res.StatusCode != 503 {
		t.Errorf("eleven contacts:\n%s", res)
	}
}

// Section 10.3 step 7: a REGISTER that was overtaken changes nothing.
func TestRegisterOutOfOrderIsRefused(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall(a.account.User)
	c.target, c.seq = "sip:"+l.Proxy().String(), 10
	if res := a.do(c, "REGISTER", "", "Contact: "+a.contact()); res.StatusCode != 200 {
		t.Fatal(res)
	}
	c.seq = 1
	if res := a.do(c, "REGISTER", "", "Contact: "+a.contact()); res.StatusCode != 500 {
		t.Errorf("got\n%s", res)
	}
}

func TestOnlyOnesOwnLineIsRegistered(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("5551213")
	c.target = "sip:" + l.Proxy().String()
	if res := a.do(c, "REGISTER", "", "Contact: "+a.contact()); res.StatusCode != 403 {
		t.Errorf("got\n%s", res)
	}
}

// The challenge offers both, the stronger first (RFC 8760 section 2.4).
func TestChallengeOffersBothAlgorithms(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("1")
	a.send(c, "INVITE", "")
	res := a.response(407)
	got := res.GetHeaders("Proxy-Authenticate")
	if len(got) != 2 || !strings.Contains(got[0].Value(), "SHA-256") || !strings.Contains(got[1].Value(), "MD5") {
		t.Errorf("got\n%s", res)
	}
	a.ack(c, res)
}

func TestLabOnIPv6(t *testing.T) {
	l, err := Start(t.Context(), Options{Listen: netip.IPv6Loopback()})
	if err != nil {
		t.Skipf("no IPv6 loopback: %v", err)
	}
	defer l.Close()
	a := registered(t, l, 1, "udp")
	c := a.newCall("6")
	if res := a.do(c, "INVITE", "", "Contact: "+a.contact()); res.StatusCode != 302 || !strings.Contains(res.Contact().Value(), "[::1]:") {
		t.Errorf("got\n%s", res)
	}
	if text, err := fetch(t, l, "SIPDefault.cnf"); err != nil || !strings.Contains(text, "proxy1_address: ::1\n") {
		t.Errorf("%v:\n%s", err, text)
	}
}
