package lab

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// linePair is two registered phones.
func linePair(t *testing.T, callee string) (l *Lab, caller, called *agent) {
	t.Helper()
	l = start(t, Options{})
	return l, registered(t, l, 2, "udp"), registered(t, l, 1, callee)
}

// ringing calls line 1 and gives both sides of the INVITE, with 180 passed on.
func ringing(t *testing.T, caller, called *agent, extra ...string) (*call, *sip.Request) {
	t.Helper()
	c := caller.newCall("5551212")
	caller.send(c, "INVITE", "")
	challenge := caller.response(407)
	caller.ack(c, challenge)
	auth := "Proxy-Authorization: " + caller.answer(challenge, "Proxy-Authenticate", "INVITE", c.target, 1)
	caller.send(c, "INVITE", newEar(t).offer("0"), append(extra, "Contact: "+caller.contact(), auth, "X-Odd:  a;b = \"c\"")...)
	invite := called.request("INVITE")
	called.reply(invite, 180, "Ringing", "callee", "")
	if res := caller.response(180); res.To().Params.GetOr("tag", "") != "callee" || len(res.GetHeaders("Via")) != 1 {
		t.Errorf("180 as passed on:\n%s", res)
	}
	return c, invite
}

func TestLine2CallsLine1(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			l, caller, called := linePair(t, network)
			c, invite := ringing(t, caller, called, "Max-Forwards: 20")
			if invite.Recipient.String() != strings.Trim(called.contact(), "<>") || len(invite.GetHeaders("Via")) != 2 {
				t.Errorf("not to the contact, or without two Vias:\n%s", invite)
			}
			if invite.MaxForwards().Val() != 19 || invite.GetHeader("Proxy-Authorization") != nil || invite.GetHeader("X-Odd").Value() != `a;b = "c"` {
				t.Errorf("Max-Forwards, credentials or a foreign header:\n%s", invite)
			}
			if via := invite.GetHeaders("Via")[1].Value(); !strings.Contains(via, "received=127.0.0.1") || !strings.Contains(via, "rport="+portOf(caller)) {
				t.Errorf("the caller's Via: %s", via)
			}
			called.reply(invite, 200, "OK", "callee", newEar(t).offer("0"))
			ok := caller.response(200)
			if ok.Contact().Address.String() != strings.Trim(called.contact(), "<>") {
				t.Errorf("Contact of the 200: %s", ok.Contact())
			}
			// Some phones send everything through the proxy: it is passed on.
			caller.ack(c, ok)
			if ack := called.request("ACK"); ack.CSeq().SeqNo != invite.CSeq().SeqNo {
				t.Errorf("ACK:\n%s", ack)
			}
			caller.send(c, "BYE", "")
			called.reply(called.request("BYE"), 200, "OK", "", "")
			caller.response(200)
			calls := l.Calls()
			if last := calls[len(calls)-1]; last.From != "5551213" || last.To != "5551212" || last.Code != 200 {
				t.Errorf("record: %+v", last)
			}
		})
	}
}

func portOf(a *agent) string { return strings.Split(a.self.String(), ":")[1] }

func TestBusyLineIsPassedOn(t *testing.T) {
	_, caller, called := linePair(t, "udp")
	c, invite := ringing(t, caller, called)
	called.reply(invite, 486, "Busy Here", "callee", "")
	called.request("ACK") // hop by hop
	res := caller.response(486)
	caller.ack(c, res)
	select {
	case m := <-caller.in:
		t.Errorf("repeated after the ACK:\n%s", m)
	case <-time.After(700 * time.Millisecond): // timer G is 500 ms
	}
}

func TestCancelIsPassedOn(t *testing.T) {
	_, caller, called := linePair(t, "udp")
	c, invite := ringing(t, caller, called)
	caller.send(c, "CANCEL", "", `Reason: SIP;cause=200;text="elsewhere"`)
	caller.response(200)
	cancel := called.request("CANCEL")
	if cancel.Via().Params.GetOr("branch", "x") != invite.Via().Params.GetOr("branch", "") || cancel.GetHeader("Reason") == nil {
		t.Errorf("CANCEL:\n%s", cancel)
	}
	called.reply(cancel, 200, "OK", "callee", "")
	called.reply(invite, 487, "Request Terminated", "callee", "")
	called.request("ACK")
	caller.ack(c, caller.response(487))
}

// A phone that has said nothing yet cannot be sent a CANCEL (section 9.1).
func TestCancelWaitsForTheFirstResponse(t *testing.T) {
	l := start(t, Options{})
	caller, called := registered(t, l, 2, "udp"), registered(t, l, 1, "udp")
	c := caller.newCall("5551212")
	caller.send(c, "INVITE", "")
	challenge := caller.response(407)
	caller.ack(c, challenge)
	auth := "Proxy-Authorization: " + caller.answer(challenge, "Proxy-Authenticate", "INVITE", c.target, 1)
	caller.send(c, "INVITE", "", "Contact: "+caller.contact(), auth)
	invite := called.request("INVITE")
	caller.send(c, "CANCEL", "")
	caller.response(200)
	select {
	case m := <-called.in:
		if req, ok := m.(*sip.Request); ok && req.Method == sip.CANCEL {
			t.Fatal("CANCEL before any response")
		}
	case <-time.After(100 * time.Millisecond):
	}
	called.reply(invite, 100, "Trying", "", "")
	called.lateRequest("CANCEL", patience)
	called.reply(invite, 487, "Request Terminated", "callee", "")
	caller.ack(c, caller.response(487))
}

// Both contacts ring; who answers first has the call, the other is cancelled.
func TestCallForksToAllContacts(t *testing.T) {
	l := start(t, Options{})
	caller := registered(t, l, 2, "udp")
	one, two := registered(t, l, 1, "udp"), registered(t, l, 1, "tcp")
	c := caller.newCall("5551212")
	caller.send(c, "INVITE", "")
	challenge := caller.response(407)
	caller.ack(c, challenge)
	auth := "Proxy-Authorization: " + caller.answer(challenge, "Proxy-Authenticate", "INVITE", c.target, 1)
	caller.send(c, "INVITE", "", "Contact: "+caller.contact(), auth)
	first, second := one.request("INVITE"), two.request("INVITE")
	one.reply(first, 180, "Ringing", "one", "")
	caller.response(180)
	two.reply(second, 180, "Ringing", "two", "")
	caller.response(180)
	two.reply(second, 200, "OK", "two", "")
	if res := caller.response(200); res.To().Params.GetOr("tag", "") != "two" {
		t.Errorf("answered by\n%s", res)
	}
	cancel := one.request("CANCEL")
	one.reply(cancel, 200, "OK", "one", "")
	one.reply(first, 487, "Request Terminated", "one", "")
	one.request("ACK")
}

func TestBestResponseOfAForkIsSent(t *testing.T) {
	l := start(t, Options{})
	caller := registered(t, l, 2, "udp")
	one, two := registered(t, l, 1, "udp"), registered(t, l, 1, "tcp")
	c := caller.newCall("5551212")
	caller.send(c, "INVITE", "")
	challenge := caller.response(407)
	caller.ack(c, challenge)
	auth := "Proxy-Authorization: " + caller.answer(challenge, "Proxy-Authenticate", "INVITE", c.target, 1)
	caller.send(c, "INVITE", "", "Contact: "+caller.contact(), auth)
	one.reply(one.request("INVITE"), 503, "Service Unavailable", "one", "")
	two.reply(two.request("INVITE"), 486, "Busy Here", "two", "")
	caller.ack(c, caller.response(486))
}

// Another method between the lines.
func TestMessageIsPassedOn(t *testing.T) {
	_, caller, called := linePair(t, "udp")
	c := caller.newCall("5551212")
	caller.send(c, "MESSAGE", "")
	auth := "Proxy-Authorization: " + caller.answer(caller.response(407), "Proxy-Authenticate", "MESSAGE", c.target, 1)
	caller.send(c, "MESSAGE", "", auth)
	called.reply(called.request("MESSAGE"), 200, "OK", "x", "")
	caller.response(200)
}
