package lab

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestCallWithoutOfferIsOfferedOne(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("3")
	if res := a.do(c, "INVITE", "", "Contact: "+a.contact()); res.StatusCode != 180 {
		t.Fatal(res)
	}
	ok := a.response(200)
	if !strings.Contains(string(ok.Body()), "RTP/AVP 0 8 101") {
		t.Errorf("offer:\n%s", ok.Body())
	}
	e := newEar(t)
	a.ack(c, ok, e.offer("8"))
	if pcm := e.hear(200 * time.Millisecond); share(pcm, 1004) < 0.99 {
		t.Error("no milliwatt")
	}
	a.hangUp(c)
}

func TestHoldAndResume(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c, e := a.connect("3", "0")
	quiet := func(change string) {
		t.Helper()
		a.send(c, "INVITE", change, "Contact: "+a.contact())
		a.ack(c, a.response(200))
		until(t, func() bool { // silence for 100 ms
			e.forget()
			<-time.After(100 * time.Millisecond)
			e.mu.Lock()
			defer e.mu.Unlock()
			return len(e.packets) == 0
		})
	}
	resume := func() {
		t.Helper()
		a.send(c, "INVITE", e.offer("0", "sendrecv"), "Contact: "+a.contact())
		ok := a.response(200)
		a.ack(c, ok)
		e.forget()
		e.hear(100 * time.Millisecond)
	}
	e.hear(100 * time.Millisecond)
	quiet(e.offer("0", "sendonly"))
	resume()
	quiet(strings.Replace(e.offer("0"), "c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", 1))
	resume()
	a.send(c, "UPDATE", e.offer("0", "inactive"))
	if res := a.response(200); !strings.Contains(string(res.Body()), "a=inactive") {
		t.Errorf("answer:\n%s", res.Body())
	}
	a.hangUp(c)
}

func TestOffersThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	e := newEar(t)
	for name, offer := range map[string]string{
		"488 G.729 only":  e.offer("18"),
		"488 no audio":    strings.Replace(e.offer("0"), "m=audio", "m=video", 1),
		"488 secure only": strings.Replace(e.offer("0"), "RTP/AVP", "RTP/SAVP", 1),
		"400 nonsense":    "hello",
	} {
		c := a.newCall("1")
		res := a.do(c, "INVITE", offer, "Contact: "+a.contact())
		if got := strconv.Itoa(res.StatusCode); !strings.HasPrefix(name, got) {
			t.Errorf("%s: got %d", name, res.StatusCode)
		}
		a.ack(c, res)
	}
	c := a.newCall("1")
	res := a.do(c, "INVITE", e.offer("0")+"m=video 6000 RTP/AVP 96\r\nm=image 6002 udptl t38\r\n", "Contact: "+a.contact())
	if res.StatusCode != 180 {
		t.Fatal(res)
	}
	ok := a.response(200)
	if body := string(ok.Body()); !strings.Contains(body, "m=video 0 RTP/AVP 96") || !strings.Contains(body, "m=image 0 UDPTL t38") {
		t.Errorf("other streams are refused in their places:\n%s", body)
	}
	a.ack(c, ok)
	a.hangUp(c)
}

// The 200 is repeated until its ACK, and a call without one is ended.
func TestUnacknowledgedAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("1")
	a.do(c, "INVITE", newEar(t).offer("0"), "Contact: "+a.contact())
	one, two := a.response(200), a.response(200)
	if one.String() != two.String() {
		t.Errorf("not the same:\n%s\n%s", one, two)
	}
	a.ack(c, two)
	a.hangUp(c)
}

func TestRetransmittedInviteIsTheSameCall(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("5")
	a.send(c, "INVITE", "", "Contact: "+a.contact())
	challenge := a.response(407)
	a.ack(c, challenge)
	auth := "Proxy-Authorization: " + a.answer(challenge, "Proxy-Authenticate", "INVITE", c.target, 1)
	a.send(c, "INVITE", "", "Contact: "+a.contact(), auth)
	first := a.response(180)
	branch, seq := c.branch, c.seq
	c.seq--
	a.sendAs(c, branch, "INVITE", auth)
	if again := a.response(180); again.String() != first.String() || c.seq != seq {
		t.Errorf("not the same:\n%s\n%s", first, again)
	}
	if n := len(l.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
	a.send(c, "CANCEL", "")
	a.response(0)
	a.response(0)
}

// sendAs sends a request again, with a branch of before.
func (a *agent) sendAs(c *call, branch, method, auth string) {
	a.t.Helper()
	c.seq++
	lines := []string{
		method + " " + c.target + " SIP/2.0", "Via: SIP/2.0/UDP " + a.self.String() + ";branch=" + branch + ";rport",
		"From: " + c.from, "To: " + c.to, "Call-ID: " + c.id, "CSeq: " + strconv.Itoa(c.seq) + " " + method, "Contact: " + a.contact(), auth, "", "",
	}
	a.write(strings.Join(lines, "\r\n"))
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := registered(t, l, 1, "udp")
	for name, c := range map[string]struct {
		status         int
		method, target string
		extra          []string
	}{
		"too many hops":       {483, "MESSAGE", a.uri("5551213"), []string{"Max-Forwards: 0"}},
		"unknown extension":   {420, "INVITE", a.uri("1"), []string{"Require: 100rel"}},
		"other scheme":        {416, "OPTIONS", "tel:+15551212", nil},
		"bad URI":             {400, "OPTIONS", "sip:@:", nil},
		"someone else's name": {404, "MESSAGE", "sip:x@192.0.2.1", nil},
		"not for a number":    {405, "MESSAGE", a.uri("1"), nil},
		"no such event":       {489, "SUBSCRIBE", a.uri("1"), nil},
		"the server itself":   {200, "OPTIONS", "sip:" + l.Proxy().String(), nil},
		"a number":            {200, "OPTIONS", a.uri("2"), nil},
	} {
		d := a.newCall("1")
		d.target = c.target
		if res := a.do(d, c.method, "", c.extra...); res.StatusCode != c.status {
			t.Errorf("%s: got %d %s, want %d", name, res.StatusCode, res.Reason, c.status)
		}
	}
	d := a.newCall("1")
	d.from = strings.Replace(d.from, "5551212", "5551213", 1)
	if res := a.do(d, "MESSAGE", ""); res.StatusCode != 403 {
		t.Errorf("as somebody else: got %d", res.StatusCode)
	}
	d = a.newCall("1")
	d.to += ";tag=nobody"
	a.send(d, "BYE", "")
	a.response(481)
}

// A lab that closes says goodbye to its calls.
func TestCloseEndsCalls(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	a.connect("31", "0")
	d := a.newCall("5")
	a.do(d, "INVITE", "", "Contact: "+a.contact())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	a.response(503)
	a.request("BYE")
	if got := l.Calls(); got != nil {
		t.Errorf("a closed lab tells of calls: %v", got)
	}
}
