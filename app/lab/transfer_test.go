package lab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// news answers the NOTIFYs of a transfer until it has ended, and gives their
// statuses.
func (a *agent) news() string {
	a.t.Helper()
	var heard []string
	for {
		req := a.request("NOTIFY")
		a.reply(req, 200, "OK", "", "")
		words := strings.Fields(string(req.Body()))
		if len(words) < 2 || req.GetHeader("Event").Value() != "refer" || !strings.HasPrefix(req.ContentType().Value(), "message/sipfrag") {
			a.t.Fatalf("NOTIFY:\n%s", req)
		}
		heard = append(heard, words[1])
		if strings.HasPrefix(req.GetHeader("Subscription-State").Value(), "terminated") {
			return strings.Join(heard, " ")
		}
	}
}

// TestExtensionsAreTransferred: RFC 3515 section 4.1 with each kind of number as
// the target.
func TestExtensionsAreTransferred(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	for target, want := range map[string]string{
		a.uri("31"): "100 180 200", a.uri("6"): "100 180 200", a.uri("4"): "100 486", a.uri("44"): "100 404",
		a.uri("999"): "100 404", a.uri("5551213"): "100 480",
		a.uri("1") + "?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2": "100 481",
	} {
		c, _ := a.connect("1", "0")
		a.send(c, "REFER", "", "Refer-To: <"+target+">", "Contact: "+a.contact())
		a.response(202)
		if got := a.news(); got != want {
			t.Errorf("to %s: %q, want %q", target, got, want)
		}
		a.hangUp(c)
	}
	c, _ := a.connect("1", "0")
	for refer, want := range map[string]int{"<sip:1@192.0.2.9>": 404, "<sip:1@" + a.server.String() + "?Replaces=half>": 400, "<": 400} {
		a.send(c, "REFER", "", "Refer-To: "+refer)
		a.response(want)
	}
	a.hangUp(c)
	c, _ = a.connect("84", "0")
	a.send(c, "REFER", "", "Refer-To: <"+a.uri("1")+">")
	a.response(603)
	a.hangUp(c)
}

// TestAttendedTransferEndsTheReplacedCall: RFC 5589 section 7.3 between two
// numbers, and an INVITE of the caller's own with Replaces.
func TestAttendedTransferEndsTheReplacedCall(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := newAgent(t, l, 1, "udp")
	b := newAgent(t, l, 1, "udp")
	c, _ := a.connect("1", "0")
	other, _ := b.connect("31", "0")
	tag := func(value string) string {
		_, tag, _ := strings.Cut(value, ";tag=")
		return tag
	}
	replaces := fmt.Sprintf("%s;to-tag=%s;from-tag=%s", other.id, tag(other.to), tag(other.from))
	a.send(c, "REFER", "", "Refer-To: <"+a.uri("31")+"?Replaces="+strings.NewReplacer(";", "%3B", "=", "%3D").Replace(replaces)+">")
	a.response(202)
	if got := a.news(); got != "100 200" {
		t.Errorf("heard %q", got)
	}
	b.reply(b.request("BYE"), 200, "OK", "", "")
	a.hangUp(c)

	c, _ = a.connect("1", "0")
	n, e := b.newCall("1"), newEar(t)
	replaces = fmt.Sprintf("%s;to-tag=%s;from-tag=%s", c.id, tag(c.to), tag(c.from))
	res := b.do(n, "INVITE", e.offer("0"), "Contact: "+b.contact(), "Replaces: "+replaces, "Require: replaces")
	if res.StatusCode != 200 {
		t.Fatalf("INVITE with Replaces:\n%s", res)
	}
	b.ack(n, res)
	a.reply(a.request("BYE"), 200, "OK", "", "")
	b.hangUp(n)
}

// TestAnExtensionIsTransferredToAUser: the user is called, and the transfer told
// how that goes.
func TestAnExtensionIsTransferredToAUser(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"REFER", "BYE"} {
		l := start(t, Options{})
		a, b := newAgent(t, l, 1, "udp"), registered(t, l, 2, "udp")
		c, _ := a.connect("31", "0")
		to := "<" + a.uri(b.account.User) + ">"
		if method == "REFER" {
			a.send(c, "REFER", "", "Refer-To: "+to)
			a.response(202)
		} else {
			a.send(c, "BYE", "", "Also: "+to)
			a.response(200)
		}
		invite := b.request("INVITE")
		if user := invite.From().Address.User; user != "31" {
			t.Errorf("call from %q", user)
		}
		b.reply(invite, 180, "Ringing", "b", "")
		e := newEar(t)
		b.reply(invite, 200, "OK", "b", e.offer("0"))
		b.request("ACK")
		if method == "REFER" {
			if got := a.news(); got != "100 180 200" {
				t.Errorf("heard %q", got)
			}
			a.hangUp(c)
		}
	}
}

// TestExtensionsTransferTheCaller: by REFER, by BYE with Also (guide B-12), and by
// an INVITE with Replaces.
func TestExtensionsTransferTheCaller(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := registered(t, l, 1, "udp")
	music := "<" + a.uri("31") + ">"
	value := func(req *sip.Request, name string) string { return req.GetHeader(name).Value() }

	c, _ := a.connect("81", "0")
	refer := a.request("REFER")
	if value(refer, "Refer-To") != music || value(refer, "Referred-By") != "<"+a.uri("81")+">" {
		t.Errorf("REFER:\n%s", refer)
	}
	a.reply(refer, 202, "Accepted", "", "")
	a.send(c, "NOTIFY", "", "Event: dialog")
	a.response(489)
	c.seq++
	c.branch = "z9hG4bK" + newToken()
	body := "SIP/2.0 200 OK\r\n"
	a.write(strings.Join([]string{
		"NOTIFY " + c.target + " SIP/2.0", "Via: SIP/2.0/UDP " + a.self.String() + ";branch=" + c.branch, "From: " + c.from, "To: " + c.to,
		"Call-ID: " + c.id, fmt.Sprintf("CSeq: %d NOTIFY", c.seq), "Max-Forwards: 70", "Event: refer", "Subscription-State: terminated",
		"Content-Type: message/sipfrag", fmt.Sprintf("Content-Length: %d", len(body)), "", body,
	}, "\r\n"))
	a.response(200)
	a.reply(a.request("BYE"), 200, "OK", "", "")

	_, _ = a.connect("82", "0")
	bye := a.request("BYE")
	if value(bye, "Also") != music || value(bye, "Requested-By") != "<"+a.uri("82")+">" {
		t.Errorf("BYE:\n%s", bye)
	}
	a.reply(bye, 200, "OK", "", "")

	c, _ = a.connect("83", "0")
	invite := a.request("INVITE")
	if !strings.HasPrefix(value(invite, "Replaces"), c.id+";") || value(invite, "Require") != "replaces" {
		t.Errorf("INVITE:\n%s", invite)
	}
	a.reply(invite, 481, "Call/Transaction Does Not Exist", "x", "")
	a.request("ACK")
	a.hangUp(c)
}
