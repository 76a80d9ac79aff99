package sipua

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/wire"
)

// invite is an INVITE with further fields, written "Name: value".
func invite(fields ...string) *wire.Message {
	m := wire.NewRequest("INVITE", "sip:5551212@192.0.2.1")
	for _, f := range append(fields, "To: <sip:5551212@192.0.2.1>") {
		name, value, _ := strings.Cut(f, ": ")
		m.Header.Add(name, value)
	}
	return m
}

const from = `From: "Ada" <sip:5550199@example.com>;tag=a`

func TestWhoCallsIsWhatTheServerAsserts(t *testing.T) {
	pai := `P-Asserted-Identity: "Ada Lovelace" <sip:5550100@example.com>`
	rpid := `Remote-Party-ID: "Byron" <sip:5550101@example.com>;party=calling;privacy=off`
	anonymousFrom := `From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=a`
	for name, c := range map[string]struct {
		fields    []string
		stranger  bool
		rpid      bool
		want      string
		anonymous bool
	}{
		"From alone":                   {fields: []string{from}, want: "Ada 5550199"},
		"asserted":                     {fields: []string{from, pai}, want: "Ada Lovelace 5550100"},
		"asserted by a stranger":       {fields: []string{from, pai}, stranger: true, want: "Ada 5550199"},
		"asserted before RPID":         {fields: []string{from, rpid, pai}, rpid: true, want: "Ada Lovelace 5550100"},
		"RPID off":                     {fields: []string{from, rpid}, want: "Ada 5550199"},
		"RPID on":                      {fields: []string{from, rpid}, rpid: true, want: "Byron 5550101"},
		"RPID of the terminal":         {fields: []string{from, strings.Replace(rpid, "party", "id-type=term;party", 1)}, rpid: true, want: "Ada 5550199"},
		"RPID full":                    {fields: []string{from, strings.Replace(rpid, "off", "full", 1)}, rpid: true, anonymous: true, want: " "},
		"Privacy id":                   {fields: []string{from, pai, "Privacy: id;critical"}, anonymous: true, want: " "},
		"Privacy none":                 {fields: []string{from, pai, "Privacy: none"}, want: "Ada Lovelace 5550100"},
		"anonymous":                    {fields: []string{anonymousFrom}, anonymous: true, want: "Anonymous anonymous"},
		"anonymous, a stranger":        {fields: []string{anonymousFrom, pai}, stranger: true, anonymous: true, want: "Anonymous anonymous"},
		"anonymous, yet asserted":      {fields: []string{anonymousFrom, pai}, want: "Ada Lovelace 5550100"},
		"anonymous, asserted, private": {fields: []string{anonymousFrom, pai, "Privacy: id"}, anonymous: true, want: " "},
		"tel URI":                      {fields: []string{from, "P-Asserted-Identity: <tel:+1-555-0100>"}, want: " +15550100"},
		"broken":                       {fields: []string{from, `P-Asserted-Identity: "x`, `Remote-Party-ID: </`}, rpid: true, want: "Ada 5550199"},
		"UTF-8":                        {fields: []string{from, `P-Asserted-Identity: "Žofie Nováková" <sip:1@h>`}, want: "Žofie Nováková 1"},
	} {
		got := whoCalls(invite(c.fields...), !c.stranger, IdentityRules{RemotePartyID: c.rpid})
		if said := got.party.Name + " " + got.party.User; said != c.want || got.anonymous != c.anonymous {
			t.Errorf("%s: %q, anonymous %v", name, said, got.anonymous)
		}
	}
}

func TestDiversionsLastFirst(t *testing.T) {
	for name, c := range map[string]struct {
		fields []string
		want   string
	}{
		"none":             {nil, ""},
		"one":              {[]string{`Diversion: "Front desk" <sip:5550100@h>;reason=user-busy;privacy=off;counter=1`}, "Front desk/5550100/user-busy/false"},
		"two in one field": {[]string{`Diversion: <sip:2@h>;reason=No-Answer, <sip:1@h>;reason="unconditional";privacy=full`}, "/2/no-answer/false /1/unconditional/true"},
		"without brackets": {[]string{`Diversion: sip:2@h;reason=unknown`}, "/2/unknown/false"},
		"history": {[]string{`History-Info: <sip:1@h?Reason=SIP%3Bcause%3D302>;index=1, <sip:2@h?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22&Privacy=history>;index=1.1, <sip:3@h>;index=1.1.1`},
			"/2/user-busy/true /1/unconditional/false"},
		"Diversion wins": {[]string{`History-Info: <sip:1@h?Reason=SIP%3Bcause%3D302>;index=1`, `Diversion: <sip:9@h>;reason=away`}, "/9/away/false"},
		"broken":         {[]string{`Diversion: </`, `Diversion: "x`, `Diversion: <>`, `History-Info: <sip:%zz@h?Reason>;index=1`}, ""},
		"too long":       {[]string{`Diversion: <sip:` + strings.Repeat("9", 2*maxField) + `@h>`}, ""},
	} {
		var said []string
		for _, d := range diversions(invite(c.fields...)) {
			said = append(said, fmt.Sprintf("%s/%s/%s/%v", d.By.Name, d.By.User, d.Reason, d.Private))
		}
		if got := strings.Join(said, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if n := len(diversions(invite("Diversion: " + strings.Repeat("<sip:1@h>,", 100) + "<sip:1@h>"))); n > maxDiversions {
		t.Errorf("%d diversions are kept", n)
	}
}

func TestHowACallIsToBeAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		field string
		mode  AnswerMode
		after time.Duration
	}{
		"nothing":              {"X: y", AnswerAsUsual, 0},
		"RFC 5373":             {"Answer-Mode: Auto;require", AnswerAuto, 0},
		"RFC 5373 manual":      {"Answer-Mode: Manual", AnswerManual, 0},
		"privileged":           {"Priv-Answer-Mode: auto", AnswerAuto, 0},
		"Call-Info":            {"Call-Info: <sip:pbx>;answer-after=0", AnswerAuto, 0},
		"Call-Info, later":     {`Call-Info: <http://pbx/x.jpg>;purpose=icon, <sip:pbx>; answer-after = "3"`, AnswerAuto, 3 * time.Second},
		"Call-Info, for ever":  {"Call-Info: <sip:pbx>;answer-after=99999", AnswerAuto, maxAnswerAfter},
		"Call-Info, no number": {"Call-Info: <sip:pbx>;answer-after=-1", AnswerAsUsual, 0},
		"Alert-Info":           {"Alert-Info: info=alert-autoanswer", AnswerAuto, 0},
		"Alert-Info in <>":     {"Alert-Info: <http://pbx>;info=Auto Answer;delay=0", AnswerAuto, 0},
		"Ring Answer":          {"Alert-Info: Ring Answer", AnswerAuto, 0},
		"a ring":               {"Alert-Info: <Bellcore-dr2>", AnswerAsUsual, 0},
	} {
		if mode, after := answerMode(invite(c.field)); mode != c.mode || after != c.after {
			t.Errorf("%s: %v after %v", name, mode, after)
		}
	}
}

func TestRingsByName(t *testing.T) {
	for value, want := range map[string][]string{
		"<Bellcore-dr2>":                          {"Bellcore-dr2"},
		"Bellcore-dr3":                            {"Bellcore-dr3"},
		"<http://127.0.0.1/Bellcore-dr4>":         {"Bellcore-dr4"},
		"<http://127.0.0.1>;info=alert-external":  {"alert-external", "127.0.0.1"},
		`info="Chirp 2"`:                          {"Chirp 2"},
		"<urn:alert:source:internal>":             {"urn:alert:source:internal"},
		"<http://h/a.wav>;info=x, <Bellcore-dr1>": {"x", "a.wav", "Bellcore-dr1"},
		"": nil, "<": nil, ";;;": nil,
	} {
		if got := alertNames(invite("Alert-Info: " + value)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// FuzzIdentity: whatever a peer writes, nothing falls over and what is kept is
// bounded.
func FuzzIdentity(f *testing.F) {
	for _, v := range []string{
		`"A" <sip:1@h>;reason=no-answer;privacy=full;counter=1`, `<sip:1@h?Reason=SIP%3Bcause%3D302&Privacy=history>;index=1.1`,
		`</`, `"\`, `<sip:@>`, `info=alert-autoanswer`, `<http://h/x>;info="a;b"`, `<sip:h>;answer-after=18446744073709551616`, "id;critical", `"` + "\xff\xfe" + `" <tel:+1;x=y>`,
	} {
		f.Add(v)
	}
	names := []string{"From", "P-Asserted-Identity", "Remote-Party-ID", "Privacy", "Diversion", "History-Info", "Alert-Info", "Call-Info", "Answer-Mode"}
	f.Fuzz(func(t *testing.T, value string) {
		m := invite()
		for _, name := range names {
			m.Header.Add(name, value)
			m.Header.Add(name, value)
		}
		who := whoCalls(m, true, IdentityRules{RemotePartyID: true})
		list, rings := diversions(m), alertNames(m)
		_, after := answerMode(m)
		if len(list) > maxDiversions || len(rings) > maxAlerts || after > maxAnswerAfter || after < 0 {
			t.Errorf("%d diversions, %d rings, %v", len(list), len(rings), after)
		}
		for _, text := range append(rings, who.party.Name, who.party.User) {
			if len([]rune(text)) > maxText {
				t.Errorf("%d characters", len(text))
			}
		}
		for _, d := range list {
			if len([]rune(d.By.User)) > maxText || len([]rune(d.Reason)) > maxText {
				t.Error("a long diversion")
			}
		}
	})
}
