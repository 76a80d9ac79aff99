package param

import (
	"strings"
	"testing"
)

// table31 is Table 3-1 of the guide, x written as 1.
var table31 = []struct{ name, menu string }{
	{"image_version", ""},
	{"proxy1_address", "Proxy Address"},
	{"proxy1_port", "Proxy Port"},
	{"tos_media", ""},
	{"preferred_codec", "Preferred Codec"},
	{"dtmf_inband", ""},
	{"dtmf_db_level", ""},
	{"dtmf_outofband", "Out of Band DTMF"},
	{"timer_t1", ""},
	{"timer_t2", ""},
	{"timer_invite_expires", ""},
	{"sip_retx", ""},
	{"sip_invite_retx", ""},
	{"proxy_register", "Register with Proxy"},
	{"timer_register_expires", "Register Expires"},
	{"messages_uri", "Messages URI"},
	{"line1_name", "Name"},
	{"line1_shortname", "Shortname"},
	{"line1_authname", "Authentication Name"},
	{"line1_password", "Authentication Password"},
	{"user1_name", "User Name"},
	{"user1_authname", "User Authentication Name"},
	{"user1_password", "User Password"},
}

func TestTableHoldsTable31InItsOrder(t *testing.T) {
	last := -1
	for _, row := range table31 {
		p, ok := Lookup(row.name)
		if !ok {
			t.Fatalf("%s is missing", row.name)
		}
		if p.Menu != row.menu || p.Since != "1.0" {
			t.Errorf("%s: menu %q since %q, want %q since 1.0", row.name, p.Menu, p.Since, row.menu)
		}
		if i := mustIndex(row.name); i <= last {
			t.Errorf("%s is out of order", row.name)
		} else {
			last = i
		}
	}
}

func TestDefaultsOfTheGuideAndOfTheLaterSamples(t *testing.T) {
	tests := []struct{ name, guide, later string }{
		{"image_version", "", ""},
		{"proxy1_address", "", ""},
		{"proxy1_port", "5060", "5060"},
		{"proxy6_port", "5060", "5060"},
		{"tos_media", "5", "5"},
		{"preferred_codec", "g711ulaw", "g711ulaw"},
		{"dtmf_inband", "1", "1"},
		{"dtmf_db_level", "3", "3"},
		{"dtmf_outofband", "avt", "avt"},
		{"timer_t1", "500", "500"},
		{"timer_t2", "4000", "4000"},
		{"timer_invite_expires", "180", "180"},
		{"sip_retx", "11", "10"},
		{"sip_invite_retx", "7", "6"},
		{"proxy_register", "1", "0"},
		{"timer_register_expires", "3600", "3600"},
		{"messages_uri", "", ""},
		{"line1_name", "", ""},
		{"voip_control_port", "5060", "5060"},
		{"start_media_port", "16384", "16384"},
		{"end_media_port", "32766", "32766"},
		{"dtmf_avt_payload", "101", "101"},
		{"call_waiting", "1", "1"},
		{"dst_stop_month", "October", "October"},
	}
	guide, _ := Merge(ProfileGuide)
	later, _ := Merge(ProfileLater)
	for _, tt := range tests {
		if got := guide.Text(tt.name); got != tt.guide {
			t.Errorf("guide: %s is %q, want %q", tt.name, got, tt.guide)
		}
		if got := later.Text(tt.name); got != tt.later {
			t.Errorf("later: %s is %q, want %q", tt.name, got, tt.later)
		}
	}
}

// Every row must be complete, and its defaults must pass its own check.
func TestTableIsSound(t *testing.T) {
	for _, p := range All() {
		if p.Help == "" || !strings.HasSuffix(p.Help, ".") || strings.Contains(p.Help+p.Name, "*") {
			t.Errorf("%s: help %q is no sentence", p.Name, p.Help)
		}
		if p.Since == "" {
			t.Errorf("%s: no generation", p.Name)
		}
		if p.Name != strings.ToLower(p.Name) {
			t.Errorf("%s: want lower case", p.Name)
		}
		if p.Kind == Int && p.Max <= p.Min || p.Kind == Choice && len(p.Choices) < 2 {
			t.Errorf("%s: no range", p.Name)
		}
		if (p.Kind == Text || p.Kind == Secret || p.Kind == URI) && p.Max == 0 && p.normal == nil {
			t.Errorf("%s: no length", p.Name)
		}
		for profile := range numProfiles {
			want := p.Default(profile)
			if got, err := p.Check(want); err != nil || got != want {
				t.Errorf("%s: default %q gives %q, %v", p.Name, want, got, err)
			}
		}
		for _, choice := range p.Choices {
			if got, err := p.Check(strings.ToUpper(choice)); err != nil || got != choice {
				t.Errorf("%s: choice %q gives %q, %v", p.Name, choice, got, err)
			}
		}
	}
}

func TestLinesAreSixAndExpanded(t *testing.T) {
	for _, name := range []string{"line*_name", "line*_displayname", "user*_password", "proxy*_address", "call_manager*_sip_port"} {
		for line := 1; line <= 6; line++ {
			p, ok := Lookup(strings.ToUpper(numbered(name, line)))
			if !ok || p.Line != line {
				t.Errorf("%s for line %d: found %v, line %d", name, line, ok, p.Line)
			}
		}
	}
	if p, _ := Lookup("line2_name"); p.Since != "1.0" || !p.PhoneOnly {
		t.Errorf("line2_name: since %s, phone only %v", p.Since, p.PhoneOnly)
	}
	if p, _ := Lookup("line3_name"); p.Since != "2.0" {
		t.Errorf("line3_name: since %s, want 2.0", p.Since)
	}
	if p, _ := Lookup("proxy2_address"); p.Since != "2.0" || p.PhoneOnly {
		t.Errorf("proxy2_address: since %s, phone only %v", p.Since, p.PhoneOnly)
	}
}

func TestMenusFollowTheGuide(t *testing.T) {
	var labels []string
	for _, p := range append(LineMenu(2), SIPMenu()...) {
		if p.Menu == "" {
			t.Errorf("%s has no label", p.Name)
		}
		labels = append(labels, p.Menu)
	}
	want := "Name|Shortname|Authentication Name|Authentication Password|Display Name|User Name|User Authentication Name|" +
		"User Password|Proxy Address|Proxy Port|Messages URI|Preferred Codec|Out of Band DTMF|Register with Proxy|Register Expires"
	if got := strings.Join(labels, "|"); got != want {
		t.Errorf("menus: %s\nwant   %s", got, want)
	}
	if p := LineMenu(2)[0]; p.Name != "line2_name" {
		t.Errorf("line 2 begins with %s", p.Name)
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name != "image_version" {
		t.Error("the table was changed from outside")
	}
}

func TestProfileNames(t *testing.T) {
	for p := range numProfiles {
		if ParseProfile(strings.ToUpper(p.String())) != p {
			t.Errorf("%v does not read back", p)
		}
	}
	if ParseProfile("nonsense") != ProfileGuide || Profile(99).String() == "" {
		t.Error("unknown profiles must fall back")
	}
}
