package lab

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio/codec"
)

func TestExtension1ReturnsVoiceAtOnceAndNoDigits(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	for _, types := range []string{"0 97", "8 97"} {
		c, e := a.connect("1", types, eventMap)
		e.speak(20*time.Millisecond, 440)
		e.press(5)
		e.speak(600*time.Millisecond, 440)
		pcm := e.hear(620 * time.Millisecond)
		if s := share(pcm, 440); s < 0.98 {
			t.Errorf("%s: 440 Hz has %.3f of what comes back", types, s)
		}
		for i, p := range e.packets {
			if p.PayloadType != e.pt {
				t.Errorf("packet %d has payload type %d", i, p.PayloadType)
			}
			if i > 0 && p.SequenceNumber-e.packets[i-1].SequenceNumber > 6 {
				t.Errorf("sequence number %d follows %d", p.SequenceNumber, e.packets[i-1].SequenceNumber)
			}
		}
		a.hangUp(c)
	}
}

// Nothing waits for the next 20 ms: the best of several is far below that, and
// the others are the machine's business.
func TestEchoAddsNoDelayOfItsOwn(t *testing.T) {
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c, e := a.connect("1", "0")
	best := time.Hour
	for range 10 {
		e.forget()
		sent := time.Now()
		e.send(0, false, e.stamp, make([]byte, 160))
		e.stamp += 160
		e.hear(20 * time.Millisecond)
		best = min(best, e.arrived[0].Sub(sent))
	}
	if best > 10*time.Millisecond {
		t.Errorf("the echo takes %v", best)
	}
	a.hangUp(c)
}

func TestExtension2ReadsDigitsBackByEveryMethod(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	expect := func(method string, digits ...string) {
		t.Helper()
		until(t, func() bool { return slices.Equal(l.Digits(), digits) })
		for _, m := range l.DigitMethods() {
			if m != method {
				t.Errorf("heard by %s, want %s", m, method)
			}
		}
	}

	c, e := a.connect("2", "0 97", eventMap)
	e.press(1)
	e.press(11)
	e.press(1)
	expect("event", "1", "#", "1")
	e.forget()
	if v := level(e.hear(700 * time.Millisecond)); v < -35 {
		t.Errorf("nothing is said: %.0f dBm0", v)
	}
	a.hangUp(c)

	c, e = a.connect("2", "8")
	if e.name != codec.PCMA {
		t.Error("not A-law")
	}
	if got := l.Digits(); len(got) != 0 {
		t.Errorf("digits of the call before: %v", got)
	}
	e.speak(100*time.Millisecond, 770, 1336)
	e.speak(100 * time.Millisecond)
	e.speak(100*time.Millisecond, 941, 1209)
	e.speak(100 * time.Millisecond)
	expect("tone", "5", "*")
	a.hangUp(c)

	c, _ = a.connect("2", "0")
	a.send(c, "INFO", "Signal=7\r\nDuration=160\r\n")
	a.response(200)
	expect("info", "7")
	a.hangUp(c)
}

// Digits that come as events and as tones at once are one digit each.
func TestDigitSentBothWaysIsHeardOnce(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c, e := a.connect("2", "0 97", eventMap)
	e.press(5)
	e.speak(100*time.Millisecond, 770, 1336)
	e.speak(100 * time.Millisecond)
	e.press(6)
	until(t, func() bool { return len(l.Digits()) >= 2 })
	if got := l.Digits(); !slices.Equal(got, []string{"5", "6"}) {
		t.Errorf("heard %v", got)
	}
	a.hangUp(c)
}

func TestExtension3IsAMilliwatt(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "tcp")
	for _, types := range []string{"0", "8"} {
		c, e := a.connect("3", types)
		pcm := e.hear(time.Second)
		if v, s := level(pcm), share(pcm, 1004); v < -0.2 || v > 0.2 || s < 0.999 {
			t.Errorf("%s: %.2f dBm0, 1004 Hz has %.4f", types, v, s)
		}
		a.hangUp(c)
		for i := 1; i < len(e.packets); i++ {
			step, stamp := e.packets[i].SequenceNumber-e.packets[i-1].SequenceNumber, e.packets[i].Timestamp-e.packets[i-1].Timestamp
			if step != 1 || stamp != 160 || e.packets[i].Marker {
				t.Fatalf("packet %d: step %d, %d samples, marker %v", i, step, stamp, e.packets[i].Marker)
			}
		}
		if !e.packets[0].Marker {
			t.Error("the first packet has no marker")
		}
	}
}

func TestExtension31PlaysMusic(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c, e := a.connect("31", "0")
	if v := level(e.hear(time.Second)); v < -25 || v > -8 {
		t.Errorf("music at %.0f dBm0", v)
	}
	a.hangUp(c)
}

func TestExtensionsThatRefuse(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	for number, status := range map[string]int{"4": 486, "44": 404, "45": 480, "46": 503, "48": 484, "999": 404, "5551213": 480} {
		c := a.newCall(number)
		res := a.do(c, "INVITE", newEar(t).offer("0"), "Contact: "+a.contact())
		if res.StatusCode != status {
			t.Errorf("%s: got %d, want %d", number, res.StatusCode, status)
		}
		a.ack(c, res)
	}
	until(t, func() bool { return len(l.Calls()) == 7 })
	for _, c := range l.Calls() {
		if c.Code < 400 || c.Ended.IsZero() || !c.Answered.IsZero() {
			t.Errorf("record: %+v", c)
		}
	}
}

// 180, then nothing until CANCEL; then 200 to it and 487, all with one tag.
func TestExtension5RingsUntilCancelled(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("5")
	ringing := a.do(c, "INVITE", newEar(t).offer("0"), "Contact: "+a.contact())
	if ringing.StatusCode != 180 {
		t.Fatal(ringing)
	}
	a.send(c, "CANCEL", "")
	one, two := a.response(0), a.response(0)
	if one.StatusCode+two.StatusCode != 687 {
		t.Fatalf("got %d and %d, want 200 and 487", one.StatusCode, two.StatusCode)
	}
	tag := ringing.To().Params.GetOr("tag", "")
	if tag == "" || one.To().Params.GetOr("tag", "") != tag || two.To().Params.GetOr("tag", "") != tag {
		t.Errorf("three tags: %s, %s, %s", ringing.To(), one.To(), two.To())
	}
	a.ack(c, two)
	a.send(a.newCall("5"), "CANCEL", "")
	a.response(481)
}

// An INVITE is good for as long as its Expires says (RFC 3261 section 13.3.1).
func TestUnansweredCallEndsWithItsExpires(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("5")
	a.do(c, "INVITE", newEar(t).offer("0"), "Contact: "+a.contact(), "Expires: 1")
	a.ack(c, a.response(487))
}

func TestExtension6RedirectsToEcho(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c := a.newCall("6")
	res := a.do(c, "INVITE", newEar(t).offer("0"), "Contact: "+a.contact())
	if res.StatusCode != 302 || res.Contact().Address.String() != a.uri("1") {
		t.Errorf("got\n%s", res)
	}
	a.ack(c, res)
}

func TestExtension7CallsBack(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := registered(t, l, 1, "udp")
	_, e := a.connect("7", "0")
	if v := level(e.hear(time.Second)); v < -30 {
		t.Errorf("nothing is said: %.0f dBm0", v)
	}
	bye := a.request("BYE")
	ended := time.Now()
	a.reply(bye, 200, "OK", "", "")

	invite := a.lateRequest("INVITE", 10*time.Second)
	if wait := time.Since(ended); wait < 4*time.Second || wait > 7*time.Second {
		t.Errorf("called back after %v", wait)
	}
	if invite.From().DisplayName != "Lab call-back" || invite.From().Address.User != "7" {
		t.Errorf("from %s", invite.From())
	}
	e = newEar(t)
	a.reply(invite, 180, "Ringing", "me", "")
	a.reply(invite, 200, "OK", "me", e.offer("8"))
	ack := a.request("ACK")
	if ack.Via().Params.GetOr("branch", "") == invite.Via().Params.GetOr("branch", "") {
		t.Error("the ACK to 200 has the INVITE's branch")
	}
	if v := level(e.hear(500 * time.Millisecond)); v < -30 {
		t.Errorf("no music: %.0f dBm0", v)
	}
	back := &call{id: invite.CallID().Value(), from: invite.To().Value() + ";tag=me", to: invite.From().Value(), target: invite.Contact().Address.String()}
	a.hangUp(back)
	calls := l.Calls()
	if last := calls[len(calls)-1]; last.From != "7" || last.To != "5551212" || last.Code != 200 || last.Ended.IsZero() {
		t.Errorf("record: %+v", last)
	}
}

func TestMenuLeadsToAServiceWithinTheCall(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	c, e := a.connect("0", "0 97", eventMap)
	if v := level(e.hear(time.Second)); v < -30 {
		t.Errorf("nothing is said: %.0f dBm0", v)
	}
	e.press(3)
	until(t, func() bool {
		e.forget()
		return share(e.hear(200*time.Millisecond), 1004) > 0.99
	})
	a.hangUp(c)

	c, e = a.connect("0", "0 97", eventMap)
	e.press(4)
	until(t, func() bool {
		e.forget()
		pcm := e.hear(200 * time.Millisecond)
		return share(pcm, 480)+share(pcm, 620) > 0.95
	})
	a.hangUp(c)
}

func TestLabCallsWhenTold(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := registered(t, l, 2, "tcp")
	l.CallMe("5551213", "", 10*time.Millisecond)
	invite := a.request("INVITE")
	if !strings.Contains(string(invite.Body()), "telephone-event") {
		t.Errorf("offer:\n%s", invite.Body())
	}
	a.reply(invite, 486, "Busy Here", "me", "")
	a.request("ACK")
	l.CallMe("5551212", "", 0) // not registered: only a log record
}
