package wire

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAddressesOfEveryKindAreRead(t *testing.T) {
	for _, c := range []struct {
		in, name, uri, tag string
		bad                bool
	}{
		{in: `<sip:1001@pbx>`, uri: "sip:1001@pbx"},
		{in: `sip:1001@pbx;tag=a`, uri: "sip:1001@pbx", tag: "a"},
		{in: `"Bob \"B\" \\ Smith" <sip:b@x;transport=tcp>;tag=77`, name: `Bob "B" \ Smith`, uri: "sip:b@x;transport=tcp", tag: "77"},
		{in: "Bob Smith\t<sip:b@x> ; tag = 77 ; x", name: "Bob Smith", uri: "sip:b@x", tag: "77"},
		{in: `"a, <b>;c" <sip:x@y>;tag=t`, name: "a, <b>;c", uri: "sip:x@y", tag: "t"},
		{in: `<sip:x@y;tag=inner>`, uri: "sip:x@y;tag=inner"},
		{in: `*`, uri: "*"},
		{in: `"unterminated <sip:x@y>`, bad: true},
		{in: `"trailing\`, bad: true},
		{in: `<sip:x@y`, bad: true},
		{in: ``, bad: true},
		{in: `;tag=x`, bad: true},
	} {
		a, err := ParseAddress(c.in)
		if (err != nil) != c.bad {
			t.Errorf("%q: error %v", c.in, err)
			continue
		}
		if err == nil && (a.Name != c.name || a.URI != c.uri || a.Tag() != c.tag) {
			t.Errorf("%q: %+v tag %q", c.in, a, a.Tag())
		}
	}
}

func TestURIsOfEveryKindAreRead(t *testing.T) {
	for _, c := range []struct {
		in   string
		want URI
		bad  bool
	}{
		{in: "sip:1001@pbx.example:5070;transport=tcp?Subject=x", want: URI{Scheme: "sip", User: "1001", Host: "pbx.example", Port: 5070, Params: Params{{"transport", "tcp"}}, Headers: "Subject=x"}},
		{in: "SIP:pbx", want: URI{Scheme: "sip", Host: "pbx"}},
		{in: "sips:a%23b:pw@[2001:db8::1]:5061;lr", want: URI{Scheme: "sips", User: "a%23b", Password: "pw", Host: "2001:db8::1", Port: 5061, Params: Params{{"lr", ""}}}},
		{in: "sip:user;par=u%40example.net@example.com", want: URI{Scheme: "sip", User: "user;par=u%40example.net", Host: "example.com"}},
		{in: "tel:+1-201-555-0123;ext=1", want: URI{Scheme: "tel", User: "+12015550123", Params: Params{{"ext", "1"}}}},
		{in: "nobodyKnowsThisScheme:totallyopaquecontent", want: URI{Scheme: "nobodyknowsthisscheme", Opaque: "totallyopaquecontent"}},
		{in: "1001", bad: true},
		{in: "sip:", bad: true},
		{in: "sip:x@host:99999", bad: true},
		{in: "sip:x@[::1", bad: true},
		{in: "<sip:x@y>", bad: true},
	} {
		u, err := ParseURI(c.in)
		if (err != nil) != c.bad {
			t.Errorf("%q: error %v", c.in, err)
		} else if err == nil && !reflect.DeepEqual(u, c.want) {
			t.Errorf("%q: %+v, want %+v", c.in, u, c.want)
		}
	}
}

func TestAtSignsInUserAndHeaders(t *testing.T) {
	for text, want := range map[string]URI{
		"sip:a@b@h":                       {Scheme: "sip", User: "a@b", Host: "h"},
		"sip:a?x@h":                       {Scheme: "sip", User: "a?x", Host: "h"},
		"sip:a@h?Replaces=c@192.0.2.1;t":  {Scheme: "sip", User: "a", Host: "h", Headers: "Replaces=c@192.0.2.1;t"},
		"sip:a@h:5070;lr?Replaces=c@i?x@": {Scheme: "sip", User: "a", Host: "h", Port: 5070, Params: Params{{Name: "lr"}}, Headers: "Replaces=c@i?x@"},
	} {
		if u, err := ParseURI(text); err != nil || u.String() != want.String() || u.User != want.User || u.Headers != want.Headers {
			t.Errorf("%s: %+v %v", text, u, err)
		}
	}
}

func TestUserPartsAreEscapedAndBack(t *testing.T) {
	for _, s := range []string{"1001", "#21#", "*72", "a b", "José", "50%", "a@b"} {
		e := EscapeUser(s)
		if strings.ContainsAny(e, "# @") || Unescape(e) != s {
			t.Errorf("%q: %q, back %q", s, e, Unescape(e))
		}
	}
	if got := Unescape("50%zz%2"); got != "50%zz%2" {
		t.Errorf("broken escapes changed: %q", got)
	}
}

func TestViaTakesWhiteSpaceAnywhere(t *testing.T) {
	for in, want := range map[string]string{
		"SIP/2.0/UDP 192.0.2.2;branch=390skdjuw":                                            "SIP/2.0/UDP 192.0.2.2;branch=390skdjuw",
		"SIP  / 2.0\t/ UDP   spindle.example.com : 5070 ; branch = z9hG4bKx ; ttl=16;rport": "SIP/2.0/UDP spindle.example.com:5070;branch=z9hG4bKx;ttl=16;rport",
		"SIP/2.0/tcp [2001:db8::9:1];received=[2001:db8::9:255]":                            "SIP/2.0/TCP [2001:db8::9:1];received=[2001:db8::9:255]",
	} {
		v, err := ParseVia(in)
		if err != nil || v.String() != want {
			t.Errorf("%q: %v %v", in, v, err)
		}
	}
	for _, in := range []string{"", "UDP host", "SIP/2.0/UDP", "SIP/2.0/UDP host:x", "HTTP/1.1/TCP x"} {
		if v, err := ParseVia(in); err == nil {
			t.Errorf("%q: taken as %v", in, v)
		}
	}
}

func TestNumbersOfHeaders(t *testing.T) {
	if n, m, err := ParseCSeq(" 0009\t iNVITE "); n != 9 || m != "INVITE" || err != nil {
		t.Error(n, m, err)
	}
	for _, in := range []string{"", "1", "INVITE", "36893488147419103232 REGISTER", "2147483648 INVITE", "-1 BYE"} {
		if _, _, err := ParseCSeq(in); err == nil {
			t.Errorf("CSeq %q taken", in)
		}
	}
	if d, ok := Seconds("18000;duration=3600 (busy)"); !ok || d != 5*time.Hour {
		t.Error(d, ok)
	}
	if d, ok := Seconds("1000000000000000000000"); !ok || d != (1<<32-1)*time.Second {
		t.Error(d, ok)
	}
	if _, ok := Seconds("soon"); ok {
		t.Error("a word is no time")
	}
}

func TestListsSplitAtTheRightCommas(t *testing.T) {
	var h Header
	h.Add("Contact", `"a, b" <sip:x,y@z>;q=0.7, <sip:2@z>`)
	h.Add("contact", "sip:3@z")
	want := []string{`"a, b" <sip:x,y@z>;q=0.7`, "<sip:2@z>", "sip:3@z"}
	if got := h.List("Contact"); !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestHeaderSetKeepsThePlace(t *testing.T) {
	h := Header{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}}
	h.Set("A", "9")
	if want := (Header{{"A", "9"}, {"B", "2"}, {"C", "4"}}); !reflect.DeepEqual(h, want) {
		t.Error(h)
	}
}

func TestCompactFormsAndCaseAreOneField(t *testing.T) {
	m, err := Parse([]byte("INVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFROM: sip:x@y\r\n" +
		"t :\r\n  <sip:a@b>\r\ni: 1\r\ncseq: 1 INVITE\r\nl: 2\r\n\r\nabcdef"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Via().Branch() != "z9hG4bK1" || m.CallID() != "1" || m.To().URI != "sip:a@b" || string(m.Body) != "ab" {
		t.Errorf("%+v", m)
	}
}

func TestBrokenRequestsAreSalvagedForAnAnswer(t *testing.T) {
	for name, in := range map[string]string{
		"body shorter than Content-Length": "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nContent-Length: 99\r\n\r\nx",
		"negative Content-Length":          "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nContent-Length: -1\r\n\r\nx",
		"spaces in the request line":       "INVITE  sip:a b@c  SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n",
		"another version":                  "INVITE sip:a@b SIP/7.0\r\nVia: SIP/2.0/UDP h\r\n\r\n",
		"a line without colon":             "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nrubbish\r\n\r\n",
	} {
		m, err := Parse([]byte(in))
		if err == nil || m == nil || m.Method != "INVITE" || m.Via() == nil {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
	for _, in := range []string{"", "\r\n\r\n", "rubbish", "SIP/2.0 999 x\r\n\r\n", "\x00\x00", "GET / HTTP/1.1\r\n\r\n"} {
		if m, err := Parse([]byte(in)); err == nil || m != nil {
			t.Errorf("%q: %+v %v", in, m, err)
		}
	}
}

func TestBareLineFeedsAreTaken(t *testing.T) {
	m, err := Parse([]byte("OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP h\nCall-ID: 1\n\nbody\nmore"))
	if err != nil || m.CallID() != "1" || string(m.Body) != "body\nmore" {
		t.Errorf("%+v %v", m, err)
	}
}

func TestEncodeCannotSmuggleInAField(t *testing.T) {
	m := NewRequest("INVITE", "sip:a@b\r\nEvil: 1")
	m.Header.Add("Subject", "x\r\nEvil: 2")
	m.SetBody("text/plain", []byte("hello"))
	got := string(m.Encode())
	if strings.Contains(got, "\nEvil") || !strings.HasSuffix(got, "Content-Length: 5\r\n\r\nhello") {
		t.Errorf("%q", got)
	}
}

func TestResponseRepeatsWhatItMust(t *testing.T) {
	req := NewRequest("INVITE", "sip:a@b")
	req.Header = Header{{"Via", "SIP/2.0/UDP h;branch=1"}, {"Via", "SIP/2.0/UDP i"}, {"From", "<sip:x@y>;tag=f"},
		{"To", "<sip:a@b>"}, {"Call-ID", "c"}, {"CSeq", "1 INVITE"}, {"Record-Route", "<sip:p;lr>"}, {"Timestamp", "54"}}
	r := NewResponse(req, 180, "", "mine")
	if got := len(r.Header.All("Via")); got != 2 || r.To().Tag() != "mine" || r.Header.Get("Record-Route") == "" || r.Header.Get("Timestamp") != "54" {
		t.Errorf("%+v", r)
	}
	if r := NewResponse(req, 100, "", ""); r.To().Tag() != "" || !r.Header.Has("Timestamp") || r.Header.Has("Record-Route") {
		t.Errorf("%+v", r)
	}
}

func TestMaskHidesCredentialsOnly(t *testing.T) {
	in := "REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username=\"u\", response=\"0123\",\r\n response=abc, uri=\"sip:x\"\r\n" +
		"proxy-authorization:Basic dTpw\r\nSubject: response=\"stays\"\r\n\r\nresponse=\"body\"\r\n" +
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:Y2FuYXJ5+/=|2^20|1:4\r\na=crypto:2 X INLINE: Y2FuYXJ5\r\n"
	got := string(Mask([]byte(in)))
	for _, secret := range []string{"0123", "abc", "dTpw", "Y2FuYXJ5", "+/="} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is left in %q", secret, got)
		}
	}
	for _, stays := range []string{`username="u"`, `uri="sip:x"`, `response="stays"`, `response="body"`, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:masked|2^20|1:4\r\n"} {
		if !strings.Contains(got, stays) {
			t.Errorf("%q is gone from %q", stays, got)
		}
	}
}

func TestResponseWithALineThatIsNoField(t *testing.T) {
	m, err := Parse([]byte("SIP/2.0 200 OK\r\nCall-ID: x\r\nAllow: INVITE,\r\nACK\r\nSubject: a\r\n b\r\nl: 3\r\n\r\nabc"))
	if err != nil || m.CallID() != "x" || string(m.Body) != "abc" || m.Header.Get("Subject") != "a b" {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := Parse([]byte("OPTIONS sip:a@b SIP/2.0\r\nACK\r\n\r\n")); err == nil {
		t.Errorf("a request deserves a 400: %+v", m)
	}
}

func TestStatusLineMayEndBehindTheStatus(t *testing.T) {
	for _, line := range []string{"SIP/2.0 200", "SIP/2.0 200 ", "SIP/2.0 200 OK", "sip/2.0 200"} {
		m, err := Parse([]byte(line + "\r\nCall-ID: x\r\n\r\n"))
		if err != nil || m.Status != 200 || m.CallID() != "x" {
			t.Errorf("%q: %+v %v", line, m, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nContact: \"x\" <sip:y>;q=0.5, <sip:z>\r\n\r\n"))
	f.Add([]byte("SIP/2.0 200 OK\r\nv: SIP / 2.0 / UDP h : 1 ; a = b\r\nl: 0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if m == nil {
			return
		}
		m.Via()
		m.CSeq()
		for _, name := range []string{"From", "To", "Contact", "Route"} {
			for _, e := range m.Header.List(name) {
				if a, err := ParseAddress(e); err == nil {
					a.Q()
					u := a.ParsedURI()
					_ = u.Bare().String()
					if b, err := ParseAddress(a.String()); err != nil || b.URI != a.URI {
						t.Errorf("%q is written as %q and read as %+v, %v", e, a.String(), b, err)
					}
				}
			}
		}
		Mask(data)
		if err != nil || m.Status != 0 && strings.ContainsAny(m.Reason, "\r\n") {
			return
		}
		again, err := Parse(m.Encode())
		if err != nil {
			t.Fatalf("%q was written as %q: %v", data, m.Encode(), err)
		}
		if again.Method != m.Method || again.Status != m.Status {
			t.Errorf("%+v became %+v", m, again)
		}
	})
}
