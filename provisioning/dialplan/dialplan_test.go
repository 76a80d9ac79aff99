package dialplan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/fieldtest"
	"deskset/provisioning/param"
)

// plan makes a plan of rules, written as the attributes of TEMPLATEs.
func plan(t testing.TB, rules ...string) *Plan {
	t.Helper()
	var b strings.Builder
	b.WriteString("<DIALTEMPLATE>\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "<TEMPLATE %s/>\n", r)
	}
	b.WriteString("</DIALTEMPLATE>")
	p, problems := Parse("dialplan.xml", []byte(b.String()))
	if len(p.Templates) != len(rules) {
		t.Fatalf("%d of %d rules taken: %v", len(p.Templates), len(rules), problems)
	}
	return &p
}

// match writes a result in short: "ready 0s 9123 [9...]".
func match(p *Plan, digits string) string {
	r := p.Match(digits, 1)
	s := []string{"collect", "ready", "now"}[r.Action] + " " + r.Timeout.String() + " " + r.Number
	if r.Template != nil {
		s += " [" + r.Template.Match + "]"
	}
	if r.Tone != "" {
		s += " " + string(r.Tone)
	}
	return s
}

func TestMatch(t *testing.T) {
	tests := []struct {
		name   string
		rules  []string
		digits string
		want   string
	}{
		{"no rules", nil, "123", "collect 10s 123"},
		{"no rules, hash", nil, "123#", "now 0s 123"},
		{"no rule fits", []string{`MATCH="9..."`}, "123", "collect 10s 123"},
		{"no rule fits, hash", []string{`MATCH="9..."`}, "123#", "now 0s 123"},
		{"digits so far", []string{`MATCH="9..." TIMEOUT="0"`}, "912", "collect 10s 912 [9...]"},
		{"complete", []string{`MATCH="9..." TIMEOUT="0"`}, "9123", "ready 0s 9123 [9...]"},
		{"too long", []string{`MATCH="9..." TIMEOUT="0"`}, "91234", "collect 10s 91234"},
		{"default time-out", []string{`MATCH="9..."`}, "9123", "ready 10s 9123 [9...]"},
		{"dot takes star and plus", []string{`MATCH="..." TIMEOUT="0"`}, "*+1", "ready 0s *+1 [...]"},
		{"dot does not take hash", []string{`MATCH="..." TIMEOUT="0"`}, "12#", "now 0s 12 [...]"},
		{"star takes one or more", []string{`MATCH="9*" TIMEOUT="3"`}, "9", "collect 10s 9 [9*]"},
		{"star takes several", []string{`MATCH="9*" TIMEOUT="3"`}, "91*2", "ready 3s 91*2 [9*]"},
		{"star ends at the next literal", []string{`MATCH="*0" TIMEOUT="0"`}, "120", "ready 0s 120 [*0]"},
		{"hash ends a star", []string{`MATCH="9*" TIMEOUT="3"`}, "9123#", "now 0s 9123 [9*]"},
		{"literal star", []string{`MATCH="\*97" TIMEOUT="0"`}, "*97", "ready 0s *97 [\\*97]"},
		{"literal star only", []string{`MATCH="\*97" TIMEOUT="0"`}, "197", "collect 10s 197"},
		{"literal hash", []string{`MATCH="\*9#" TIMEOUT="0"`, `MATCH="*" TIMEOUT="5"`}, "*9#", "ready 0s *9# [\\*9#]"},
		{"hash in the middle fits nothing else", []string{`MATCH="9*" TIMEOUT="3"`}, "91#2", "collect 10s 91#2"},
		{"more literals win", []string{`MATCH="9..." TIMEOUT="5"`, `MATCH="91.." TIMEOUT="0"`}, "9123", "ready 0s 9123 [91..]"},
		{"more literals win in any order", []string{`MATCH="91.." TIMEOUT="0"`, `MATCH="9..." TIMEOUT="5"`}, "9123", "ready 0s 9123 [91..]"},
		{"literals before dots before star", []string{`MATCH="*"`, `MATCH=".." TIMEOUT="2"`, `MATCH="..." TIMEOUT="1"`}, "12", "ready 2s 12 [..]"},
		{"longer partial holds back a complete one", []string{`MATCH="9.11" TIMEOUT="0"`, `MATCH="9011*" TIMEOUT="5"`}, "9011", "collect 10s 9011 [9011*]"},
		{"in any order", []string{`MATCH="9011*" TIMEOUT="5"`, `MATCH="9.11" TIMEOUT="0"`}, "9011", "collect 10s 9011 [9011*]"},
		{"star alone does not beat a partial", []string{`MATCH="*" TIMEOUT="3"`, `MATCH="9......."`}, "9469", "collect 10s 9469 [9.......]"},
		{"nor a complete", []string{`MATCH="9......." TIMEOUT="0"`, `MATCH="*" TIMEOUT="3"`}, "94694210", "ready 0s 94694210 [9.......]"},
		{"complete before a partial with as many literals", []string{`MATCH="9......."`, `MATCH="9..." TIMEOUT="0"`}, "9123", "ready 0s 9123 [9...]"},
		{"another line's rule", []string{`LINE="2" MATCH="1.." TIMEOUT="0"`}, "123", "collect 10s 123"},
		{"this line's rule", []string{`LINE="1" MATCH="1.." TIMEOUT="0"`}, "123", "ready 0s 123 [1..]"},
		{"second dial tone", []string{`MATCH="9,......." TIMEOUT="0"`}, "9", "collect 10s 9 [9,.......] Bellcore-Outside"},
		{"no tone before", []string{`MATCH="9,......."`}, "", "collect 10s  [9,.......]"},
		{"no tone after", []string{`MATCH="9,......." TIMEOUT="0"`}, "95", "collect 10s 95 [9,.......]"},
		{"commas have no width", []string{`MATCH="9,,..." TIMEOUT="0"`}, "9123", "ready 0s 9123 [9,,...]"},
		{"first tone", []string{`MATCH="8,,1,*" TONE="Cisco-Zip" TONE="cisco-zipzip"`}, "8", "collect 10s 8 [8,,1,*] Cisco-Zip"},
		{"second tone", []string{`MATCH="8,,1,*" TONE="Cisco-Zip" TONE="cisco-zipzip"`}, "81", "collect 10s 81 [8,,1,*] Cisco-ZipZip"},
		{"complete rule silences the tone", []string{`MATCH="9,..."`, `MATCH="9" TIMEOUT="0"`}, "9", "ready 0s 9 [9]"},
		{"star rule does not", []string{`MATCH="9,..."`, `MATCH="*" TIMEOUT="5"`}, "9", "collect 10s 9 [9,...] Bellcore-Outside"},
		{"hot line", []string{`MATCH="" TIMEOUT="0" REWRITE="5551212"`}, "", "ready 0s 5551212 []"},
		{"warm line", []string{`MATCH="" TIMEOUT="4" REWRITE="5551212"`}, "", "ready 4s 5551212 []"},
		{"warm line, dialled", []string{`MATCH="" TIMEOUT="4" REWRITE="5551212"`}, "1", "collect 10s 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := match(plan(t, tt.rules...), tt.digits); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.digits, got, tt.want)
			}
		})
	}
}

func TestRewrite(t *testing.T) {
	tests := []struct{ match, rewrite, digits, want string }{
		{"9...", "", "9123", "9123"},
		{"31.", "11111111%s", "310", "11111111310"},
		{"32..", "122222232..", "3255", "12222223255"},
		{"33...", "13333333%1", "33123", "13333333123"},
		{"34..1..", "14444%155%2", "3456178", "144445655" + "78"},
		{"34..3..", "11..11..", "3456378", "11561178"},
		{"9,*", "%1", "95551212", "5551212"},
		{"8*", "sip:%1@pbx%.example", "8123", "sip:123@pbx.example"},
		{".", "%%%0", "1", "%1"},
		{".", "a%", "1", "a"},
		{"..", "....", "12", "12"},
		{"1.2.3.4.5.6..", "%1-%2-%3-%4-%5", "1a2b3c", ""},
		{"1.2.3.4.5.6..", "%1-%2-%3-%4-%5", "1020304050607", "0-0-0-0-007"},
	}
	for _, tt := range tests {
		p := plan(t, fmt.Sprintf(`MATCH="%s" REWRITE="%s" TIMEOUT="0"`, tt.match, tt.rewrite))
		r := p.Match(tt.digits, 1)
		if tt.want == "" && r.Action == Collect {
			continue
		}
		if r.Action != Ready || r.Number != tt.want {
			t.Errorf("%s by %s: got %q, want %q", tt.digits, tt.match, r.Number, tt.want)
		}
	}
}

func TestAttributesInAnyCase(t *testing.T) {
	p, problems := Parse("f.xml", []byte(`<dialTemplate><versionStamp>{abc}</versionStamp>
		<Template match="0,*" Timeout="5" User="Phone" Route="Emergency" Line="3" Tone="Bellcore-Inside"></Template></dialTemplate>`))
	if len(problems) > 0 || len(p.Templates) != 1 || p.Version != "abc" {
		t.Fatalf("%+v, %v", p, problems)
	}
	got := p.Templates[0]
	if got.Timeout != 5*time.Second || got.User != "phone" || got.Route != RouteEmergency || got.Line != 3 || got.FileLine != 2 {
		t.Errorf("%+v", got)
	}
}

func TestRulesThatCannotBeUsedAreLeftOut(t *testing.T) {
	for attrs, want := range map[string]string{
		`TIMEOUT="0"`:                                        "want a MATCH",
		`MATCH="1" COLOUR="red"`:                             `unknown attribute "COLOUR"`,
		`MATCH="1" TIMEOUT="soon"`:                           "want seconds",
		`MATCH="1" TIMEOUT="-1"`:                             "want seconds",
		`MATCH="1" LINE="7"`:                                 "want a number from 0 to 6",
		`MATCH="1" USER="me"`:                                "want Phone or IP",
		`MATCH="1" ROUTE="north"`:                            "want default, emergency or FQDN",
		`MATCH="1" TONE="loud"`:                              "want one like",
		`MATCH="` + strings.Repeat("1", 197) + `"`:           "want at most 196",
		`MATCH="1"` + strings.Repeat(` TONE="Cisco-Zip"`, 4): "want at most 3",
	} {
		p, problems := Parse("f.xml", []byte("<DIALTEMPLATE>\n<TEMPLATE "+attrs+"/></DIALTEMPLATE>"))
		if len(p.Templates) != 0 || len(problems) != 1 || problems[0].Line != 2 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%s: %d rules, %v", attrs, len(p.Templates), problems)
		}
	}
}

func TestAsteriskPatternsAreTakenWithAWarning(t *testing.T) {
	for _, pattern := range []string{"[2-9]XXXXXXX", "1[579]X", "1800[1-9]!", "_9."} {
		p, problems := Parse("f.xml", []byte(`<DIALTEMPLATE><TEMPLATE MATCH="`+pattern+`"/></DIALTEMPLATE>`))
		if len(p.Templates) != 1 || len(problems) != 1 || !strings.Contains(problems[0].Text, "Asterisk") {
			t.Errorf("%s: %d rules, %v", pattern, len(p.Templates), problems)
		}
	}
}

func TestFilesOfTheField(t *testing.T) {
	tests := []struct {
		name, text      string
		rules, problems int
	}{
		{"another root to silence the missing file", `<dialplan></dialplan>`, 0, 0},
		{"empty file", "", 0, 0},
		{"doubled bracket, no root", `<TEMPLATE MATCH="1"/>>`, 0, 1},
		{"other elements", `<DIALTEMPLATE><AutoDial/><TEMPLATE MATCH="1"/></DIALTEMPLATE>`, 1, 1},
		{"comments", `<!-- x --><DIALTEMPLATE><!-- <TEMPLATE MATCH="2"/> --><TEMPLATE MATCH="1"/></DIALTEMPLATE>`, 1, 0},
		{"not xml", "MATCH 1", 0, 1},
		{"larger than an instrument's memory", `<DIALTEMPLATE>` + distinct(400) + `</DIALTEMPLATE>`, 400, 1},
		{"endless", `<DIALTEMPLATE>` + distinct(5000), maxTemplates, 3},
	}
	for _, tt := range tests {
		p, problems := Parse("f.xml", []byte(tt.text))
		if len(p.Templates) != tt.rules || len(problems) != tt.problems {
			t.Errorf("%s: %d rules, %v", tt.name, len(p.Templates), problems)
		}
	}
}

// distinct makes rules of which no two match the same.
func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<TEMPLATE MATCH="1%04d..."/>`, i)
	}
	return b.String()
}

func TestRulesThatAreNeverUsedAreTold(t *testing.T) {
	_, problems := Parse("f.xml", []byte(`<DIALTEMPLATE><TEMPLATE MATCH="9..." LINE="2"/>
<TEMPLATE MATCH="9..." LINE="1"/>
<TEMPLATE MATCH="9..."/>
<TEMPLATE MATCH="9..." LINE="1" TIMEOUT="0"/></DIALTEMPLATE>`))
	if len(problems) != 1 || problems[0].Line != 4 || problems[0].Code != param.CodeDuplicate || !strings.Contains(problems[0].Text, "line 2") {
		t.Errorf("%v", problems)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	_, problems := Parse("f.xml", []byte("<DIALTEMPLATE>"+strings.Repeat(`<TEMPLATE MATCH="1" COLOUR="red"/>`, 5000)+"</DIALTEMPLATE>"))
	if len(problems) != maxProblems {
		t.Errorf("%d problems", len(problems))
	}
}

func FuzzMatch(f *testing.F) {
	f.Add(`<DIALTEMPLATE><TEMPLATE MATCH="9,\*1..*0" REWRITE="%1.%s%9" TONE="Cisco-Zip"/></DIALTEMPLATE>`, "9*12340#")
	f.Add(`<DIALTEMPLATE><TEMPLATE MATCH="" TIMEOUT="0"/><TEMPLATE MATCH="*"/></DIALTEMPLATE>`, "")
	f.Add(`<DIALTEMPLATE><TEMPLATE MATCH="...\"/></DIALTEMPLATE>`, "12\\")
	for _, data := range fieldtest.Folder("dialplan") {
		f.Add(string(data), "95551212")
	}
	f.Fuzz(func(t *testing.T, file, digits string) {
		p, _ := Parse("f.xml", []byte(file))
		for line := range 3 {
			r := p.Match(digits, line)
			if r.Timeout < 0 || r.Timeout > maxTimeout || len(r.Number) > maxDigits*maxPattern {
				t.Errorf("%+v", r)
			}
			if r.Action == Ready && r.Template == nil {
				t.Error("ready without a rule")
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	var rules []string
	for i := range 50 {
		rules = append(rules, fmt.Sprintf(`MATCH="%d,......." TIMEOUT="0"`, 10+i))
	}
	p := plan(b, append(rules, `MATCH="*" TIMEOUT="5"`)...)
	b.ReportAllocs()
	for b.Loop() {
		p.Match("451234567", 1)
	}
}
