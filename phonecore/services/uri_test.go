package services

import (
	"errors"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"deskset/phonecore/view"
)

func TestParseURI(t *testing.T) {
	base, _ := url.Parse("http://pbx.example:8080/services/menu.xml?x=1")
	web := func(s string) URI {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return Fetch{u}
	}
	rtp := func(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
	tests := []struct {
		text string
		want URI // nil: refused
	}{
		{"http://h/a?b=c", web("http://h/a?b=c")},
		{" HTTPS://h/a b#part ", web("https://h/a%20b")},
		{"next.xml", web("http://pbx.example:8080/services/next.xml")},
		{"/top", web("http://pbx.example:8080/top")},
		{"?page=2", web("http://pbx.example:8080/services/menu.xml?page=2")},
		{"//other/x", web("http://other/x")},
		{"a.xml?when=12:30", web("http://pbx.example:8080/services/a.xml?when=12:30")},
		{"Dial:5551212", Dial{"5551212"}},
		{"dial: +49 30 123", Dial{"+49 30 123"}},
		{"Dial:918005551212:1:Cisco/Dialer", Dial{"918005551212"}},
		{"Dial:sip:anna@example.com:5070", Dial{"sip:anna@example.com:5070"}},
		{"EditDial:9", EditDial{"9"}},
		{"Key:Line6", Key{view.KeyLine6}},
		{"Key:KeyPad0", Key{view.Key0}},
		{"Key:KeyPadPound", Key{view.KeyPound}},
		{"KEY:soft4", Key{view.KeySoft4}},
		{"Key:NavDwn", Key{view.KeyScrollDown}},
		{"SoftKey:<<", Soft{SoftErase}},
		{"SoftKey:Update", Soft{SoftUpdate}},
		{"Init:CallHistory", Init{InitCallHistory}},
		{"Init:SERVICES", Init{InitServices}},
		{"Play:Classic2.raw", Play{"Classic2.raw"}},
		{"Play:Stop", PlayStop{}},
		{"RTPRx:10.0.0.1", Stream{Addr: netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), 0), Volume: -1}},
		{"RTPRx:10.0.0.1:20480:50", Stream{Addr: rtp("10.0.0.1:20480"), Volume: 50}},
		{"RTPRx:10.0.0.1:20500::1", Stream{Addr: rtp("10.0.0.1:20500"), Volume: -1}},
		{"RTPTx:10.0.0.1:32768", Stream{Send: true, Addr: rtp("10.0.0.1:32768"), Volume: -1}},
		{"RTPMRx:239.1.1.1:20480", Stream{Multicast: true, Addr: rtp("239.1.1.1:20480"), Volume: -1}},
		{"RTPMTx:239.1.1.1:20480", Stream{Send: true, Multicast: true, Addr: rtp("239.1.1.1:20480"), Volume: -1}},
		{"RTPRx:Stop", StreamStop{}},
		{"RTPTx:stop", StreamStop{Send: true}},
		{"QueryStringParam:a=1&b=2", Query{"a=1&b=2"}},

		{"", nil}, {" ", nil}, {strings.Repeat("x", 9000), nil},
		{"file:///etc/passwd", nil}, {"ftp://h/x", nil}, {"javascript:alert(1)", nil}, {"gopher://h", nil}, {"tftp://h/x", nil},
		{"http:///x", nil}, {"http:opaque", nil}, {"http://h\x00/", nil}, {"http://[::1", nil},
		{"Dial:", nil}, {"Dial:\"x\" <sip:a@b>", nil}, {"Dial:" + strings.Repeat("1", 200), nil},
		{"Key:Line7", nil}, {"Key:Power", nil}, {"SoftKey:Explode", nil}, {"Init:Flash", nil},
		{"Play:../secret", nil}, {"Play:a/b", nil}, {"Play:", nil}, {"Play:a\x1bb", nil},
		{"RTPTx:10.0.0.1", nil}, {"RTPTx:10.0.0.1:20481", nil}, {"RTPTx:10.0.0.1:5060", nil}, {"RTPRx:10.0.0.1:20480:101", nil},
		{"RTPRx:10.0.0.1:x", nil}, {"RTPRx:239.1.1.1:20480", nil}, {"RTPMRx:10.0.0.1:20480", nil}, {"RTPTx:host:20480", nil},
		{"RTPTx:0.0.0.0:20480", nil}, {"RTPTx:10.0.0.1:20480:1:2:3", nil}, {"QueryStringParam:", nil},
	}
	for _, tt := range tests {
		got, err := ParseURI(tt.text, base)
		if tt.want == nil {
			if !errors.Is(err, ErrURI) {
				t.Errorf("%q: %#v, %v, want ErrURI", tt.text, got, err)
			}
		} else if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %#v, %v, want %#v", tt.text, got, err, tt.want)
		}
	}
	if _, err := ParseURI("next.xml", nil); !errors.Is(err, ErrURI) {
		t.Errorf("a relative address without a page: %v", err)
	}
}

func TestErrorsOfURIsHoldNoPassword(t *testing.T) {
	for _, text := range []string{"ftp://anna:canary@h/x?pin=canary", "http://u:canary@/", "Dial:?canary"} {
		if _, err := ParseURI(text, nil); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func page(t *testing.T, at string) *Page {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return &Page{URL: u, device: "SEP00"}
}

func TestSubmit(t *testing.T) {
	p := page(t, "http://h/dir/form?old=1")
	fields := []InputItem{{Param: "last name"}, {Param: "first"}, {Param: "pin"}}
	tests := []struct{ url, want string }{
		{"find", "http://h/dir/find?last%20name=M%C3%BCller%20%26%20Co&first=a%3Db&pin="},
		{"find?x=1", "http://h/dir/find?x=1&last%20name=M%C3%BCller%20%26%20Co&first=a%3Db&pin="},
		{"find?device=#DEVICENAME#", "http://h/dir/find?device=SEP00&last%20name=M%C3%BCller%20%26%20Co&first=a%3Db&pin="},
		{"", "http://h/dir/form?old=1&last%20name=M%C3%BCller%20%26%20Co&first=a%3Db&pin="},
	}
	for _, tt := range tests {
		got, err := p.Submit(Input{URL: tt.url, Items: fields}, []string{"Müller & Co", "a=b"})
		if err != nil || got.URL.String() != tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.url, got.URL, err, tt.want)
		}
	}
	if _, err := p.Submit(Input{URL: "Dial:1"}, nil); !errors.Is(err, ErrURI) {
		t.Error(err)
	}
}

func TestPressWithQueryData(t *testing.T) {
	p := page(t, "http://h/menu")
	tests := []struct{ pressed, item, want string }{
		{"http://h/read", "QueryStringParam:message=1", "http://h/read?message=1"},
		{"http://h/read?a=b", "QueryStringParam:message=1", "http://h/read?a=b&message=1"},
		{"QueryStringParam:action=read", "http://h/m?message=1", "http://h/m?message=1&action=read"},
		{"http://h/other", "http://h/m?message=1", "http://h/other"},
		{"http://h/other", "", "http://h/other"},
		{"http://h/other", "Dial:1", "http://h/other"},
		{"QueryStringParam:a=1", "", ""},
		{"QueryStringParam:a=1", "Dial:1", ""},
		{"QueryStringParam:a=1", "QueryStringParam:b=1", ""},
	}
	for _, tt := range tests {
		uri, err := p.Press(tt.pressed, tt.item)
		got := ""
		if fetch, ok := uri.(Fetch); ok {
			got = fetch.URL.String()
		}
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s on %s: %s, %v, want %s", tt.pressed, tt.item, got, err, tt.want)
		}
	}
	if uri, err := p.Press("SoftKey:Exit", "QueryStringParam:b=1"); err != nil || uri != (Soft{SoftExit}) {
		t.Errorf("%v, %v", uri, err)
	}
}

func TestPlanOfAnExecute(t *testing.T) {
	p := page(t, "http://h/")
	e := Execute{Items: []ExecuteItem{{"http://h/a", PriorityWhenIdle}, {"Play:a.raw", PriorityIfIdle}, {"http://h/b", PriorityNow}}}
	if plan := p.Plan(e, false); len(plan.WhenIdle) != 1 || len(plan.Now) != 1 || plan.Now[0] != (Play{"a.raw"}) || len(plan.Refused) != 1 {
		t.Errorf("busy: %+v", plan)
	}
	if plan := p.Plan(e, true); len(plan.WhenIdle) != 0 || len(plan.Now) != 2 || len(plan.Refused) != 1 {
		t.Errorf("idle: %+v", plan)
	}
	e = Execute{Items: []ExecuteItem{{"http://h/a", PriorityIfIdle}, {"SoftKey:Exit", PriorityNow}, {"file:///x", PriorityNow}}}
	if plan := p.Plan(e, false); len(plan.Now)+len(plan.WhenIdle) != 0 || len(plan.Refused) != 3 {
		t.Errorf("refused: %+v", plan)
	}
}

func TestInputKinds(t *testing.T) {
	tests := []struct {
		kind     InputKind
		yes, not string
	}{
		{InputText, "aZ9 ä#", "\n\x00\u202e"}, {InputPhone, "0123456789*#", "a+ "}, {InputNumber, "09", "*#a"},
		{InputEquation, "1+2*(3.5)=", "a#"}, {InputUpper, "AZ ", "a1"}, {InputLower, "az ", "A1"},
	}
	for _, tt := range tests {
		for _, c := range tt.yes {
			if !tt.kind.Accepts(c) {
				t.Errorf("kind %d refuses %q", tt.kind, c)
			}
		}
		for _, c := range tt.not {
			if tt.kind.Accepts(c) {
				t.Errorf("kind %d accepts %q", tt.kind, c)
			}
		}
	}
}
