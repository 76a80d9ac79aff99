package param

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// file makes a layer of name, value pairs on lines 1, 2, ...
func file(origin Origin, pairs ...string) Layer {
	names := map[Origin]string{
		FromFlash: "flash", FromDefaultFile: "SIPDefault.cnf", FromPhoneFile: "SIP00503EFFD842.cnf",
		FromSettings: "settings.cnf", FromEnvironment: "environment", FromFlag: "flags",
	}
	l := Layer{Origin: origin, Name: names[origin]}
	for i := 0; i < len(pairs); i += 2 {
		l.Entries = append(l.Entries, Entry{Name: pairs[i], Text: pairs[i+1], Reset: pairs[i+1] == "", Line: 1 + i/2})
	}
	return l
}

func TestPhoneFileOverridesDefaultFile(t *testing.T) {
	s, problems := Merge(ProfileGuide,
		FlashLayer(map[string]string{"preferred_codec": "g711ulaw", "tos_media": "1", "timer_t1": "400"}),
		file(FromDefaultFile, "preferred_codec", "g711alaw", "tos_media", "2"),
		file(FromPhoneFile, "preferred_codec", "g729a"))
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	for name, want := range map[string]Value{
		"preferred_codec": {"g729a", FromPhoneFile, "SIP00503EFFD842.cnf:1"},
		"tos_media":       {"2", FromDefaultFile, "SIPDefault.cnf:2"},
		"timer_t1":        {"400", FromFlash, "flash"},
		"timer_t2":        {"4000", FromDefault, ""},
	} {
		if got := s.Value(name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestStrongerLayersWinInTheOrderOfTheirOrigins(t *testing.T) {
	origins := []Origin{FromFlash, FromDefaultFile, FromPhoneFile, FromSettings, FromEnvironment, FromFlag}
	var layers []Layer
	for i, origin := range origins {
		// Given the strongest first: Merge puts them in order.
		layers = append([]Layer{file(origin, "tos_media", fmt.Sprint(i%6))}, layers...)
		s, _ := Merge(ProfileGuide, layers...)
		if v := s.Value("tos_media"); v.Origin != origin || v.Text != fmt.Sprint(i%6) {
			t.Errorf("with %v on top: %+v", origin, v)
		}
	}
}

func TestAbsentParameterKeepsTheFlashValue(t *testing.T) {
	s, _ := Merge(ProfileGuide,
		file(FromFlash, "messages_uri", "8500"),
		file(FromDefaultFile, "tos_media", "3"))
	if got := s.Value("messages_uri"); got.Text != "8500" || got.Origin != FromFlash {
		t.Errorf("messages_uri: %+v", got)
	}
}

func TestParameterWithoutValueIsResetToItsDefault(t *testing.T) {
	for _, empty := range []string{"", "UNPROVISIONED", "  "} {
		s, problems := Merge(ProfileGuide,
			file(FromFlash, "timer_t1", "400", "messages_uri", "8500"),
			file(FromDefaultFile, "timer_t1", empty),
			file(FromPhoneFile, "messages_uri", empty))
		if len(problems) > 0 {
			t.Errorf("problems: %v", problems)
		}
		if got := s.Value("timer_t1"); got != (Value{"500", FromDefault, "SIPDefault.cnf:1"}) {
			t.Errorf("%q: timer_t1 %+v", empty, got)
		}
		if got := s.Text("messages_uri"); got != "" || s.IsSet("messages_uri") {
			t.Errorf("%q: messages_uri %q", empty, got)
		}
	}
}

func TestBadValueKeepsTheLowerOne(t *testing.T) {
	s, problems := Merge(ProfileGuide,
		file(FromFlash, "preferred_codec", "g711alaw"),
		file(FromDefaultFile, "tos_media", "1", "preferred_codec", "g723"))
	if got := s.Value("preferred_codec"); got.Text != "g711alaw" || got.Origin != FromFlash {
		t.Errorf("preferred_codec: %+v", got)
	}
	want := `SIPDefault.cnf:2: preferred_codec "g723": want g711ulaw, g711alaw or g729a; keeping g711alaw`
	if len(problems) != 1 || problems[0].Error() != want || problems[0].Severity != Warning || problems[0].Code != CodeBadValue {
		t.Errorf("problems: %+v\nwant %s", problems, want)
	}
}

func TestProblemTellsPlaceAndMessage(t *testing.T) {
	for _, tt := range []struct {
		problem        Problem
		place, message string
	}{
		{Problem{Source: "f.cnf", Line: 12, Name: "a", Value: "b", Text: "want c"}, "f.cnf:12", `a "b": want c`},
		{Problem{Source: "f.cnf", Name: "a", Text: "want c"}, "f.cnf", "a: want c"},
		{Problem{Source: "f.xml", Line: 1, Value: "9...", Text: "want c"}, "f.xml:1", `"9...": want c`},
		{Problem{Source: "f.xml", Text: "want c"}, "f.xml", "want c"},
	} {
		if p := tt.problem; p.Place() != tt.place || p.Message() != tt.message || p.Error() != tt.place+": "+tt.message {
			t.Errorf("%q, %q, %q", p.Place(), p.Message(), p.Error())
		}
	}
}

func TestOriginsHaveNames(t *testing.T) {
	for o := FromDefault; o < numOrigins; o++ {
		if o.String() == "" {
			t.Errorf("origin %d has no name", o)
		}
	}
}

func TestDialTemplateIsNamedWithoutExtension(t *testing.T) {
	l := Layer{Origin: FromDefaultFile, Name: "f.cnf", Entries: []Entry{{Name: "dial_template", Text: "office.xml"}}}
	if s, problems := Merge(ProfileGuide, l); len(problems) != 1 || problems[0].Code != CodeAdvice || s.Text("dial_template") != "office.xml" {
		t.Errorf("%v", problems)
	}
}

func TestLastDuplicateWinsWithANote(t *testing.T) {
	s, problems := Merge(ProfileGuide,
		file(FromDefaultFile, "timer_register_expires", "300", "Timer_Register_Expires", "80"))
	if got := s.Int("timer_register_expires"); got != 80 {
		t.Errorf("got %d", got)
	}
	want := "SIPDefault.cnf:2: Timer_Register_Expires: set before on line 1; the last good value counts"
	if len(problems) != 1 || problems[0].Severity != Note || problems[0].Error() != want {
		t.Errorf("problems: %v, want %s", problems, want)
	}
}

func TestPhoneParametersInTheDefaultFileAreTakenWithAWarning(t *testing.T) {
	s, problems := Merge(ProfileGuide, file(FromDefaultFile, "line1_name", "5551212"))
	if !s.LineSet(1) || s.LineSet(2) || s.LineSet(0) || s.LineSet(7) {
		t.Error("line 1 must be set, and no other")
	}
	if len(problems) != 1 || problems[0].Code != CodePhoneOnly || problems[0].Severity != Warning {
		t.Errorf("problems: %v", problems)
	}
	if _, problems = Merge(ProfileGuide, file(FromPhoneFile, "line1_name", "5551212")); len(problems) > 0 {
		t.Errorf("in the phone file: %v", problems)
	}
}

func TestUnknownParametersAreIgnoredWithANote(t *testing.T) {
	_, problems := Merge(ProfileGuide, file(FromPhoneFile, "rdda_ptft_nyd", "1", "line1_pasword", "x", "reg.1.displayName", "x"))
	if len(problems) != 3 {
		t.Fatalf("problems: %v", problems)
	}
	for _, p := range problems {
		if p.Severity != Note || p.Code != CodeUnknown {
			t.Errorf("%+v", p)
		}
	}
	if !strings.Contains(problems[1].Text, "line1_password") {
		t.Errorf("no suggestion in %v", problems[1])
	}
}

// These stand in files of the field and in no document (wild-config.md).
func TestNamesOfTheFieldAreExplained(t *testing.T) {
	for name, want := range map[string]string{
		"timer_registry_delta": "timer_register_delta was perhaps meant", "register_expires": "timer_register_expires was perhaps meant",
		"dscpForAudio": "tos_media was perhaps meant", "Transfer_On_Hangup": "no document knows it", "transfer_onhook_enabled": "no document knows it",
		"rdda_ptft_nyd": "no document knows it", "something": "unknown parameter, ignored",
	} {
		_, problems := Merge(ProfileGuide, file(FromPhoneFile, name, "1"))
		if len(problems) != 1 || problems[0].Code != CodeUnknown || !strings.HasSuffix(problems[0].Text, want) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestLocalSettingsAreNotTakenFromTheNetwork(t *testing.T) {
	for _, origin := range []Origin{FromDefaultFile, FromPhoneFile} {
		s, problems := Merge(ProfileGuide, file(origin, "mac", "00503EFFD842"))
		if s.IsSet("mac") || len(problems) != 1 || problems[0].Code != CodeLocalOnly {
			t.Errorf("%v: %+v, %v", origin, s.Value("mac"), problems)
		}
	}
	for _, origin := range []Origin{FromFlash, FromSettings, FromEnvironment, FromFlag} {
		if s, problems := Merge(ProfileGuide, file(origin, "mac", "00503EFFD842")); !s.IsSet("mac") || len(problems) > 0 {
			t.Errorf("%v: %v", origin, problems)
		}
	}
}

func TestTimerT2IsMoreThanT1(t *testing.T) {
	s, problems := Merge(ProfileGuide, file(FromDefaultFile, "tos_media", "1", "timer_t1", "5000"))
	if s.Int("timer_t2") != 40000 {
		t.Errorf("timer_t2 is %d", s.Int("timer_t2"))
	}
	want := "SIPDefault.cnf:2: timer_t2: want more than timer_t1, which is 5000, not 4000; using 40000"
	if len(problems) != 1 || problems[0].Error() != want {
		t.Errorf("problems: %v, want %s", problems, want)
	}
}

func TestMediaPortsAreClampedNotRejected(t *testing.T) {
	s, problems := Merge(ProfileGuide, file(FromDefaultFile, "start_media_port", "16348", "end_media_port", "32768"))
	if s.Int("start_media_port") != 16384 || s.Int("end_media_port") != 32766 || len(problems) != 2 {
		t.Errorf("%d to %d, %v", s.Int("start_media_port"), s.Int("end_media_port"), problems)
	}
	s, problems = Merge(ProfileGuide, file(FromDefaultFile, "start_media_port", "20000", "end_media_port", "19000"))
	if s.Int("start_media_port") != 16384 || s.Int("end_media_port") != 32766 || len(problems) != 1 {
		t.Errorf("%d to %d, %v", s.Int("start_media_port"), s.Int("end_media_port"), problems)
	}
}

func TestUnsetProxyFallsBackToProxy1(t *testing.T) {
	s, _ := Merge(ProfileGuide, file(FromPhoneFile,
		"proxy1_address", "192.0.2.1", "proxy1_port", "5070", "proxy2_port", "5080",
		"proxy3_address", "pbx.example", "proxy3_port", "5090"))
	for line, want := range map[int]string{1: "192.0.2.1 5070", 2: "192.0.2.1 5070", 3: "pbx.example 5090"} {
		address, port := s.Proxy(line)
		if got := fmt.Sprint(address, " ", port); got != want {
			t.Errorf("line %d: %s, want %s", line, got, want)
		}
	}
}

func TestUseCallManagerTakesTheFirstOfTheList(t *testing.T) {
	s, _ := Merge(ProfileGuide, file(FromPhoneFile,
		"proxy1_address", "USECALLMANAGER", "call_manager2_addr", "192.0.2.2", "call_manager2_sip_port", "5062"))
	if address, port := s.Proxy(3); address != "192.0.2.2" || port != 5062 {
		t.Errorf("%s:%d", address, port)
	}
	s, _ = Merge(ProfileGuide, file(FromPhoneFile, "proxy1_address", "UseCallManager"))
	if address, _ := s.Proxy(1); address != "" {
		t.Errorf("%s without a list", address)
	}
}

func TestServersAreTriedInOrder(t *testing.T) {
	tests := []struct{ settings, want string }{
		{"", ""},
		{"proxy_backup=192.0.2.9", ""},
		{"proxy1_address=192.0.2.1 proxy_backup=192.0.2.9 proxy_backup_port=5070", "192.0.2.1:0 192.0.2.9:5070"},
		{"proxy1_address=192.0.2.1 proxy1_port=5060 proxy_backup=192.0.2.1 proxy_backup_port=5060", "192.0.2.1:5060"},
		{"proxy1_address=USECALLMANAGER call_manager1_addr=a call_manager3_addr=b call_manager3_sip_port=5062 proxy_backup=c", "a:0 b:5062 c:0"},
		{"proxy1_address=USECALLMANAGER proxy_backup=useCallManager call_manager1_addr=a call_manager2_addr=b", "a:0 b:0"},
		{"proxy1_address=192.0.2.1 proxy_backup=USECALLMANAGER call_manager1_addr=a", "192.0.2.1:0 a:0"},
		{"proxy1_address=USECALLMANAGER call_manager1_addr=USECALLMANAGER", ""},
		{"proxy1_address=192.0.2.1 proxy2_address=USECALLMANAGER call_manager1_addr=a", "a:0"},
	}
	for _, tt := range tests {
		var pairs []string
		for setting := range strings.FieldsSeq(tt.settings) {
			name, text, _ := strings.Cut(setting, "=")
			pairs = append(pairs, name, text)
		}
		s, _ := Merge(ProfileGuide, file(FromPhoneFile, pairs...))
		var got []string
		for _, server := range s.Servers(2) {
			got = append(got, fmt.Sprintf("%s:%d", server.Host, server.Port))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.settings, got, tt.want)
		}
	}
}

func TestFilesAreStoredInFlashWhereTheyDiffer(t *testing.T) {
	stored := map[string]string{"tos_media": "3", "timer_t1": "400", "messages_uri": "8500", "line1_name": "1001"}
	s, _ := Merge(ProfileGuide,
		FlashLayer(stored),
		file(FromDefaultFile, "tos_media", "3", "timer_t1", "300", "dtmf_inband", "1"),
		file(FromPhoneFile, "messages_uri", "", "line2_name", "1002", "sip_retx", ""),
		file(FromSettings, "line1_name", "mine"),
		file(FromFlag, "timer_t1", "200", "line2_name", "flagged"))
	save, reset := s.FlashChanges(stored)
	// line2_name as the file gives it, though a flag covers it for now.
	want := map[string]string{"timer_t1": "300", "dtmf_inband": "1", "line2_name": "1002"}
	if !maps.Equal(save, want) {
		t.Errorf("save %v, want %v", save, want)
	}
	if len(reset) != 1 || reset[0] != "messages_uri" {
		t.Errorf("reset %v", reset)
	}
	if s.Text("timer_t1") != "200" || s.Text("line1_name") != "mine" {
		t.Error("flag and settings must count for the moment")
	}
	for name, text := range save {
		stored[name] = text
	}
	delete(stored, "messages_uri")
	if save, reset = s.FlashChanges(stored); len(save)+len(reset) > 0 {
		t.Errorf("a second time: save %v, reset %v", save, reset)
	}
}

func TestChangedNamesWhatDiffers(t *testing.T) {
	a, _ := Merge(ProfileGuide, file(FromPhoneFile, "tos_media", "1", "line1_name", "1001"))
	b, _ := Merge(ProfileGuide, file(FromPhoneFile, "line1_name", "1001", "timer_t1", "300"))
	if got := strings.Join(a.Changed(b), " "); got != "tos_media timer_t1" {
		t.Errorf("changed: %s", got)
	}
	if got := a.All(); len(got) != len(table) || got[mustIndex("tos_media")].Value.Text != "1" {
		t.Error("All must give every parameter with its value")
	}
}

func TestProblemsAreBoundedAndInTheOrderOfTheFile(t *testing.T) {
	l := Layer{Origin: FromPhoneFile, Name: "f.cnf", Problems: []Problem{{Source: "f.cnf", Line: 3, Text: "syntax"}}}
	for i := range 5000 {
		l.Entries = append(l.Entries, Entry{Name: fmt.Sprint("x", i), Text: "1", Line: i + 1})
	}
	_, problems := Merge(ProfileGuide, l)
	if len(problems) != maxProblems+1 || problems[maxProblems].Code != CodeTooMany {
		t.Fatalf("%d problems, the last %v", len(problems), problems[len(problems)-1])
	}
	if problems[2].Text != "syntax" && problems[3].Text != "syntax" {
		t.Errorf("out of order: %v", problems[:4])
	}
}

func TestWrongNameInTheProgramPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	s, _ := Merge(ProfileGuide)
	s.Text("no_such_parameter")
}

func BenchmarkMerge(b *testing.B) {
	l := file(FromPhoneFile)
	for i, p := range All() {
		l.Entries = append(l.Entries, Entry{Name: p.Name, Text: p.Default(ProfileGuide), Line: i + 1})
	}
	for b.Loop() {
		Merge(ProfileGuide, l)
	}
}
