package param

import (
	"strings"
	"testing"
)

func TestPasswordsInAddressesAreHidden(t *testing.T) {
	for text, want := range map[string]string{
		"http://anna:canary@server/a?b=c":          "http://anna:(hidden)@server/a?b=c",
		"HTTP://:canary@server":                    "HTTP://:(hidden)@server",
		"http://anna:can@ary@server/":              "http://anna:(hidden)@server/",
		"see sips:1001:canary@pbx;transport=tls, ": "see sips:1001:(hidden)@pbx;transport=tls, ",
		"sip:1001@pbx:5060":                        "sip:1001@pbx:5060",
		"http://server:8080/a@b":                   "http://server:8080/a@b",
		"f.cnf:12: want a name, not a@b":           "f.cnf:12: want a name, not a@b",
		"":                                         "",
	} {
		if got := MaskURL(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	l := Layer{Origin: FromDefaultFile, Name: "f.cnf", Entries: []Entry{
		{Name: "services_url", Text: "http://anna:canary-" + strings.Repeat("x", 80) + "@server/ blank"},
	}}
	if _, problems := Merge(ProfileGuide, l); len(problems) != 1 || strings.Contains(problems[0].Error(), "canary") {
		t.Errorf("%v", problems)
	}
}

func TestShownHidesSecrets(t *testing.T) {
	for name, want := range map[string]string{"line1_password": Hidden, "phone_password": Hidden, "line1_name": "canary"} {
		p, _ := Lookup(name)
		if got := p.Shown("canary"); got != want || p.Shown("") != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
