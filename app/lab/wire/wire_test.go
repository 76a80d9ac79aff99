package wire

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

const invite = "INVITE sip:1@127.0.0.1:5070;transport=udp SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP [::1]:5062;branch=z9hG4bK2\r\n" +
	"v:SIP / 2.0 / UDP\t10.0.0.1 ; branch = z9hG4bK3 \r\n" +
	"f: \"A, \\\"B\\\" <x>\" <sip:5551212@lab.deskset>;tag=a1\r\n" +
	"To: sip:1@lab.deskset;tag=b2\r\n" +
	"i: abc@127.0.0.1\r\n" +
	"CSeq: 4711 INVITE\r\n" +
	"Subject: one,\r\n two\r\n" +
	"X-Unknown:   kept, \"as it is\";=%  \r\n" +
	"l: 4\r\n\r\nbodyrest"

func parsed(t *testing.T, text string) *Message {
	t.Helper()
	m, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMessageIsReadWithCompactFoldedAndSpacedHeaders(t *testing.T) {
	m := parsed(t, invite)
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if m.Method != "INVITE" || m.URI != "sip:1@127.0.0.1:5070;transport=udp" || string(m.Body) != "body" {
		t.Errorf("got %s %s, body %q", m.Method, m.URI, m.Body)
	}
	if got := m.Get("subject"); got != "one, two" {
		t.Errorf("folded Subject is %q", got)
	}
	vias := m.List("Via")
	if len(vias) != 3 {
		t.Fatalf("got %d Via values, want 3: %q", len(vias), vias)
	}
	v, err := ParseVia(vias[2])
	if err != nil || v.Host != "10.0.0.1" || v.Branch() != "z9hG4bK3" || v.Network != "UDP" {
		t.Errorf("spaced Via: %+v, %v", v, err)
	}
	v, err = ParseVia(vias[1])
	if err != nil || v.Host != "::1" || v.Port != 5062 || v.String() != vias[1] {
		t.Errorf("IPv6 Via: %+v, %v", v, err)
	}
	from, err := ParseAddress(m.Get("From"))
	if err != nil || from.Display != `A, "B" <x>` || from.URI != "sip:5551212@lab.deskset" {
		t.Errorf("From: %+v, %v", from, err)
	}
	if m.Tag("To") != "b2" {
		t.Errorf("the tag of a To without brackets is %q", m.Tag("To"))
	}
}

func TestUnknownHeaderIsHandedOnAsItCame(t *testing.T) {
	out := string(parsed(t, invite).Bytes())
	if !strings.Contains(out, "\r\nX-Unknown: kept, \"as it is\";=%\r\n") {
		t.Errorf("changed:\n%s", out)
	}
}

func TestViasArePushedAndPopped(t *testing.T) {
	m := parsed(t, invite)
	m.RemoveFirst("Via")
	if v, _ := m.TopVia(); v.Branch() != "z9hG4bK2" {
		t.Errorf("second Via not on top: %+v", v)
	}
	m.RemoveFirst("Via")
	m.RemoveFirst("Via")
	if m.Has("Via") {
		t.Error("a Via is left")
	}
	m.SetTopVia(Via{Network: "UDP", Host: "127.0.0.1", Port: 5070})
	if got := m.Get("Via"); got != "SIP/2.0/UDP 127.0.0.1:5070" {
		t.Errorf("got %q", got)
	}
}

// sipgo is the parser of the phone; here it is the oracle of the writer.
func TestWrittenMessageIsReadAlikeByAnotherParser(t *testing.T) {
	other, err := sip.ParseMessage(parsed(t, invite).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	req := other.(*sip.Request)
	if req.From().DisplayName == "" || req.CallID().Value() != "abc@127.0.0.1" || req.CSeq().SeqNo != 4711 ||
		len(req.GetHeaders("Via")) != 3 || string(req.Body()) != "body" {
		t.Errorf("read as\n%s", req)
	}
}

func TestURI(t *testing.T) {
	for _, c := range []struct {
		text, user, host string
		port             uint16
		bad              bool
	}{
		{text: "sip:5551212@127.0.0.1:5061;user=phone?x=y", user: "5551212", host: "127.0.0.1", port: 5061},
		{text: "SIP:%31%32:secret@LAB.deskset", user: "12", host: "lab.deskset"},
		{text: "sip:a@b@[::1]:7", user: "a@b", host: "::1", port: 7},
		{text: "sips:lab.deskset", host: "lab.deskset"},
		{text: "tel:+1555", bad: true},
		{text: "sip:", bad: true},
		{text: "sip:x@h:70000", bad: true},
		{text: "sip:x@h:0", bad: true},
	} {
		u, err := ParseURI(c.text)
		if (err != nil) != c.bad || !c.bad && (u.User != c.user || u.Host != c.host || u.Port != c.port) {
			t.Errorf("%s: %+v, %v", c.text, u, err)
		}
	}
}

func TestBadMessagesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":               "",
		"no start line":       "hello\r\n\r\n",
		"no end":              "OPTIONS sip:a SIP/2.0\r\nVia: x\r\n",
		"length beyond body":  "OPTIONS sip:a SIP/2.0\r\nContent-Length: 9\r\n\r\n",
		"negative length":     "OPTIONS sip:a SIP/2.0\r\nContent-Length: -9\r\n\r\n",
		"header without name": "OPTIONS sip:a SIP/2.0\r\n: x\r\n\r\n",
		"folded first line":   "OPTIONS sip:a SIP/2.0\r\n x\r\n\r\n",
		"status out of range": "SIP/2.0 42 Huh\r\n\r\n",
		"too large":           "OPTIONS sip:a SIP/2.0\r\nX: " + strings.Repeat("x", MaxMessage) + "\r\n\r\n",
		"too many headers":    "OPTIONS sip:a SIP/2.0\r\n" + strings.Repeat("X: y\r\n", 300) + "\r\n",
	} {
		if m, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: read as %+v", name, m)
		}
	}
}

func TestStreamIsCutAtContentLength(t *testing.T) {
	r := bufio.NewReader(strings.NewReader("\r\n" + invite[:len(invite)-4] + "\r\n\r\n" + invite))
	for i := range 2 {
		m, err := Read(r)
		if errors.Is(err, ErrPing) {
			m, err = Read(r)
		}
		if err != nil || string(m.Body) != "body" {
			t.Fatalf("message %d: %+v, %v", i, m, err)
		}
	}
	for _, text := range []string{"OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n", strings.Repeat("x", 100000), "OPTIONS sip:a SIP/2.0\r\nl: 40000\r\n\r\n"} {
		if m, err := Read(bufio.NewReader(strings.NewReader(text))); err == nil {
			t.Errorf("read %+v", m)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(invite))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if _, err := Read(bufio.NewReader(bytes.NewReader(data))); err == nil && len(data) > MaxMessage+4096 {
			t.Error("a message beyond the limit was read")
		}
		if err != nil {
			return
		}
		_ = m.Check()
		for _, h := range m.Headers {
			_, _ = ParseAddress(h.Value)
			_, _ = ParseVia(h.Value)
			_, _ = ParseURI(h.Value)
			m.List(h.Name)
		}
		again, err := Parse(m.Bytes())
		if err != nil {
			t.Fatalf("cannot read what was written: %v\n%q", err, m.Bytes())
		}
		if !bytes.Equal(again.Bytes(), m.Bytes()) {
			t.Fatalf("not stable:\n%q\n%q", m.Bytes(), again.Bytes())
		}
	})
}
