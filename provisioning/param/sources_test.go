package param

import (
	"flag"
	"io"
	"strings"
	"testing"
)

func TestEnvironmentVariablesSetParameters(t *testing.T) {
	l := EnvironmentLayer([]string{
		"PATH=/bin", "DESKSET_LINE1_NAME=1001", "DESKSET_proxy1_address=192.0.2.1", "DESKSET_MESSAGES_URI=", "DESKSET_DEBUG=1",
	}, "DESKSET_DEBUG")
	s, problems := Merge(ProfileGuide, file(FromPhoneFile, "messages_uri", "8500"), l)
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	if got := s.Value("line1_name"); got != (Value{"1001", FromEnvironment, "DESKSET_LINE1_NAME"}) {
		t.Errorf("line1_name: %+v", got)
	}
	if s.Text("proxy1_address") != "192.0.2.1" || s.Text("messages_uri") != "" {
		t.Error("proxy1_address must be set, messages_uri reset")
	}
}

func TestFlagsHaveTheNamesOfTheParameters(t *testing.T) {
	fs := flag.NewFlagSet("deskset", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.String("mac", "", "the program's own")
	layer := Flags(fs)
	if err := fs.Parse([]string{"-line1_name", "1001", "-proxy_register=0", "-dtmf_inband", "-mac", "x", "-line1_name=1002"}); err != nil {
		t.Fatal(err)
	}
	s, _ := Merge(ProfileGuide, layer())
	if got := s.Value("line1_name"); got != (Value{"1002", FromFlag, "-line1_name"}) {
		t.Errorf("line1_name: %+v", got)
	}
	if s.Bool("proxy_register") || !s.Bool("dtmf_inband") || s.IsSet("mac") {
		t.Errorf("proxy_register %v, dtmf_inband %v, mac %v", s.Bool("proxy_register"), s.Bool("dtmf_inband"), s.IsSet("mac"))
	}
}

func TestWrongFlagSaysWhatIsWantedButNoPassword(t *testing.T) {
	fs := flag.NewFlagSet("deskset", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	layer := Flags(fs)
	err := fs.Parse([]string{"-preferred_codec", "g723"})
	if err == nil || !strings.Contains(err.Error(), "want g711ulaw, g711alaw or g729a") {
		t.Errorf("error %v", err)
	}
	if err := fs.Parse([]string{"-line1_password", strings.Repeat("hunter2", 100)}); err != nil {
		t.Errorf("error %v", err)
	}
	_, problems := Merge(ProfileGuide, layer())
	if len(problems) != 1 || strings.Contains(problems[0].Error(), "hunter2") {
		t.Errorf("problems: %v", problems)
	}
	fs.PrintDefaults()
}
