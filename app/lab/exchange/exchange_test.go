package exchange

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"deskset/app/lab/wire"
)

// silent is a network in which nobody answers but the test: time is virtual.
type silent struct {
	begin time.Time
	sent  []parcel
}

type parcel struct {
	after time.Duration
	to    netip.AddrPort
	m     *wire.Message
}

func (*silent) local() netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:5060") }
func (*silent) close()                {}
func (n *silent) send(x *Exchange, to hop, data []byte) error {
	if !x.reachable(to.addr) {
		return errUnreachable
	}
	m, err := wire.Parse(data)
	n.sent = append(n.sent, parcel{time.Since(n.begin), to.addr, m})
	return err
}

// bench is an exchange on that network.
type bench struct {
	*Exchange
	t   *testing.T
	net *silent
	seq int
}

func inVirtualTime(t *testing.T, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &silent{begin: time.Now()}
		users := []User{{Name: "100", Password: "secret"}, {Name: "200", Password: "word"}}
		x := create(t.Context(), Options{Realm: "lab.deskset", Users: users}, n)
		f(&bench{x, t, n, 0})
		x.Close()
	})
}

var (
	phone = netip.MustParseAddrPort("127.0.0.1:6000")
	other = netip.MustParseAddrPort("127.0.0.1:6001")
)

// hear gives a message to the exchange.
func (b *bench) hear(from netip.AddrPort, text string) {
	b.t.Helper()
	m, err := wire.Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		b.t.Fatal(err)
	}
	b.ask(func() { b.receive(m, hop{network: "udp", addr: from}) })
}

// request gives a request, with credentials if it has a user; it returns the
// branch.
func (b *bench) request(method, uri, user string, extra ...string) string {
	b.t.Helper()
	b.seq++
	branch := fmt.Sprintf("z9hG4bK%d", b.seq)
	lines := []string{
		method + " " + uri + " SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1:6000;branch=" + branch, "From: <sip:" + user + "@lab.deskset>;tag=f",
		"To: <" + uri + ">", "Call-ID: call", fmt.Sprintf("CSeq: %d %s", b.seq, method), "Contact: <sip:" + user + "@127.0.0.1:6000>",
	}
	lines = append(lines, extra...)
	if user != "" {
		lines = append(lines, b.credentials(method, uri, user))
	}
	b.hear(phone, strings.Join(lines, "\n")+"\n\n")
	return branch
}

func (b *bench) credentials(method, uri, user string) string {
	var nonce string
	b.ask(func() { nonce = b.nonces.issue(time.Now()) })
	c := map[string]string{"username": user, "realm": b.Realm, "nonce": nonce, "uri": uri, "algorithm": "MD5"}
	name := "Proxy-Authorization"
	if method == "REGISTER" {
		name = "Authorization"
	}
	return fmt.Sprintf(`%s: Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=MD5, response="%s"`,
		name, user, b.Realm, nonce, uri, responseFor(c, b.users[user].Password, method))
}

// sent gives what left the exchange to an address, as "status or method@ms".
func (b *bench) sent(to netip.AddrPort) (all []string) {
	b.ask(func() {
		for _, p := range b.net.sent {
			what := p.m.Method
			if what == "" {
				what = fmt.Sprint(p.m.Status)
			}
			if p.to == to {
				all = append(all, fmt.Sprintf("%s@%d", what, p.after.Milliseconds()))
			}
		}
	})
	return all
}

func (b *bench) last(to netip.AddrPort) *wire.Message {
	var m *wire.Message
	b.ask(func() {
		for _, p := range b.net.sent {
			if p.to == to {
				m = p.m
			}
		}
	})
	if m == nil {
		b.t.Fatal("nothing was sent")
	}
	return m
}

func (b *bench) expect(to netip.AddrPort, want ...string) {
	b.t.Helper()
	if got := b.sent(to); !slices.Equal(got, want) {
		b.t.Errorf("sent to %s:\n%v, want\n%v", to, got, want)
	}
}

// RFC 3261 section 17.2.1: timer G doubles up to T2, timer H ends it.
func TestRefusalIsRepeatedUntilTimerH(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.request("INVITE", "sip:4@lab.deskset", "100")
		time.Sleep(time.Minute)
		b.expect(phone, "486@0", "486@500", "486@1500", "486@3500", "486@7500", "486@11500", "486@15500", "486@19500", "486@23500", "486@27500", "486@31500")
		if n := b.left(); n != 0 {
			t.Errorf("%d transactions are left", n)
		}
	})
}

func TestAckEndsTheRepetition(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		branch := b.request("INVITE", "sip:4@lab.deskset", "100")
		time.Sleep(600 * time.Millisecond)
		b.hear(phone, "ACK sip:4@lab.deskset SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch="+branch+"\nFrom: <sip:100@lab.deskset>;tag=f\nTo: <sip:4@lab.deskset>;tag=x\nCall-ID: call\nCSeq: 1 ACK\n\n")
		time.Sleep(time.Minute)
		b.expect(phone, "486@0", "486@500")
	})
}

// An RFC 2543 peer has no branch cookie and no tags; its retransmission and its
// CANCEL are known all the same.
func TestPeerOfRFC2543IsUnderstood(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		text := "%s sip:5@lab.deskset SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:6000\nFrom: sip:100@lab.deskset\nTo: sip:5@lab.deskset\nCall-ID: old\nCSeq: 1 %s\n%s\n\n"
		auth := b.credentials("INVITE", "sip:5@lab.deskset", "100")
		b.hear(phone, fmt.Sprintf(text, "INVITE", "INVITE", auth))
		b.hear(phone, fmt.Sprintf(text, "INVITE", "INVITE", auth))
		b.hear(phone, fmt.Sprintf(text, "CANCEL", "CANCEL", "Subject: x"))
		b.expect(phone, "180@0", "180@0", "200@0", "487@0")
	})
}

func TestCallThatNobodyGivesUpEndsAfterTenMinutes(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.request("INVITE", "sip:5@lab.deskset", "100")
		time.Sleep(noAnswerTime + time.Minute)
		if got := b.sent(phone); !slices.Contains(got, "480@600000") {
			t.Errorf("sent %v", got)
		}
	})
}

// bind gives a user a contact for an hour.
func (b *bench) bind(user string, at netip.AddrPort) {
	b.ask(func() {
		uri := "sip:" + user + "@" + at.String()
		u, _ := wire.ParseURI(uri)
		a := b.users[user]
		a.bindings = append(a.bindings, &binding{contact: wire.Address{URI: uri}, uri: u, from: hop{network: "udp", addr: at}, expires: time.Now().Add(time.Hour)})
	})
}

// left counts the transactions.
func (b *bench) left() (n int) {
	b.ask(func() { n = len(b.servers) + len(b.clients) })
	return n
}

func TestRegistrationExpires(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.bind("200", other)
		time.Sleep(59 * time.Minute)
		if n := len(b.Registrations()); n != 1 {
			t.Fatalf("%d registrations", n)
		}
		time.Sleep(2 * time.Minute)
		if n := len(b.Registrations()); n != 0 {
			t.Errorf("%d registrations after their time", n)
		}
	})
}

// Timers A and B: seven transmissions, then 408 (section 17.1.1.2).
func TestInviteToADeadPhoneEndsWithTimerB(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.bind("200", other)
		b.request("INVITE", "sip:200@lab.deskset", "100")
		time.Sleep(33 * time.Second)
		b.expect(other, "INVITE@0", "INVITE@500", "INVITE@1500", "INVITE@3500", "INVITE@7500", "INVITE@15500", "INVITE@31500")
		if got := b.sent(phone); !slices.Equal(got[:2], []string{"100@0", "408@32000"}) {
			t.Errorf("sent %v", got)
		}
	})
}

// Timer C: a phone that only rings is given up after three minutes.
func TestPhoneThatOnlyRingsIsCancelledByTimerC(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		b.bind("200", other)
		b.request("INVITE", "sip:200@lab.deskset", "100")
		invite := b.last(other)
		res := responseTo(invite, 180, "Ringing", "callee")
		b.hear(other, strings.ReplaceAll(string(res.Bytes()), "\r\n", "\n"))
		time.Sleep(timerC + time.Second)
		if got := b.sent(other); !slices.Contains(got, "CANCEL@180000") {
			t.Errorf("sent %v", got)
		}
		time.Sleep(timer64 + time.Minute)
		if got := b.sent(phone); !slices.Contains(got, "408@212000") {
			t.Errorf("sent %v", got)
		}
		if n := b.left(); n != 0 {
			t.Errorf("%d transactions are left", n)
		}
	})
}

func TestNonceGrowsStale(t *testing.T) {
	var n nonces
	n.init()
	now := time.Now()
	nonce := n.issue(now)
	if age, ok := n.age(nonce, now.Add(time.Minute)); !ok || age != time.Minute {
		t.Errorf("age %v, %v", age, ok)
	}
	for _, bad := range []string{"", "x", nonce[:len(nonce)-1] + "_", nonce + "A"} {
		if _, ok := n.age(bad, now); ok && bad != nonce {
			t.Errorf("%q is taken for ours", bad)
		}
	}
	if !n.fresh(nonce, "a", 1, now) || n.fresh(nonce, "a", 1, now) || !n.fresh(nonce, "a", 2, now) || !n.fresh(nonce, "b", 1, now) {
		t.Error("counts")
	}
	for i := range 3 * maxUsed {
		n.fresh(nonce, fmt.Sprint(i), 1, now)
	}
	if len(n.used) > maxUsed {
		t.Errorf("%d used nonces are kept", len(n.used))
	}
}

// The example of RFC 7616 section 3.9.1.
func TestDigestOfTheRFC(t *testing.T) {
	c := map[string]string{
		"username": "Mufasa", "realm": "http-auth@example.org", "uri": "/dir/index.html", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
		"nc": "00000001", "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "qop": "auth", "algorithm": "MD5",
	}
	if got := responseFor(c, "Circle of Life", "GET"); got != "8ca523f5e9506fed4657c9700eebdbec" {
		t.Errorf("MD5: %s", got)
	}
	c["algorithm"] = "SHA-256"
	if got := responseFor(c, "Circle of Life", "GET"); got != "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" {
		t.Errorf("SHA-256: %s", got)
	}
	c["qop"] = "auth-int"
	if responseFor(c, "x", "GET") != "" {
		t.Error("auth-int was not offered")
	}
}

func TestFloodOfTransactionsIsBounded(t *testing.T) {
	inVirtualTime(t, func(b *bench) {
		for i := range 3 * maxTransactions {
			b.hear(phone, fmt.Sprintf("OPTIONS sip:lab.deskset SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch=z9hG4bKx%d\nFrom: <sip:a@b>;tag=1\nTo: <sip:c@d>\nCall-ID: x\nCSeq: 1 OPTIONS\n\n", i))
		}
		if n := b.left(); n > maxTransactions {
			t.Errorf("%d transactions", n)
		}
		if m := b.last(phone); m.Status != 503 {
			t.Errorf("the last one got %d", m.Status)
		}
		time.Sleep(time.Minute)
		if n := b.left(); n != 0 {
			t.Errorf("%d transactions are left", n)
		}
	})
}

func TestCloseEndsEverythingInTime(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	x, err := Start(ctx, Options{Listen: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	x.Close()
	if x.Calls() != nil {
		t.Error("a closed exchange answers")
	}
}

// Whatever comes, nothing panics and the exchange answers afterwards.
func FuzzReceive(f *testing.F) {
	panics := &counter{}
	x := create(f.Context(), Options{Realm: "lab.deskset", Users: []User{{Name: "100"}}, Log: slog.New(panics)}, &silent{begin: time.Now()})
	f.Cleanup(x.Close)
	base := " sip:4@lab.deskset SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch=z9hG4bK1;rport\r\nFrom: <sip:100@lab.deskset>;tag=f\r\nTo: <sip:4@lab.deskset>\r\nCall-ID: c\r\nContact: <sip:100@127.0.0.1:6000>\r\n"
	for _, method := range []string{"INVITE", "REGISTER", "ACK", "CANCEL", "BYE", "OPTIONS"} {
		f.Add([]byte(method + base + "CSeq: 1 " + method + "\r\nProxy-Authorization: Digest username=\"100\", realm=\"lab.deskset\", nonce=\"a\", uri=\"sip:4@lab.deskset\", response=\"b\"\r\nRoute: <sip:127.0.0.1;lr>\r\n\r\n"))
	}
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a>\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := wire.Parse(data)
		if err != nil {
			return
		}
		x.post(func() { x.receive(m, hop{network: "udp", addr: phone}) })
		if !x.ask(func() {
			clear(x.servers) // each input alone
			x.net.(*silent).sent = nil
		}) {
			t.Fatal("the exchange has ended")
		}
		if n := panics.n.Load(); n != 0 {
			t.Fatalf("%d internal errors", n)
		}
	})
}

// counter counts error records.
type counter struct{ n atomic.Int32 }

func (*counter) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (c *counter) Handle(context.Context, slog.Record) error      { c.n.Add(1); return nil }
func (c *counter) WithAttrs([]slog.Attr) slog.Handler             { return c }
func (c *counter) WithGroup(string) slog.Handler                  { return c }
