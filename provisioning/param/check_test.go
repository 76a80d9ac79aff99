package param

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheckNormalises(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"preferred_codec", " G711ALAW ", "g711alaw"},
		{"preferred_codec", "none", "none"},
		{"dtmf_outofband", "AVT_Always", "avt_always"},
		{"timer_t1", "0500", "500"},
		{"proxy_register", "yes", "1"},
		{"proxy_register", "Off", "0"},
		{"proxy1_address", "192.168.1.1", "192.168.1.1"},
		{"proxy1_address", "sip_1.example.com.", "sip_1.example.com."},
		{"proxy1_address", "[2001:DB8::1]", "2001:db8::1"},
		{"proxy1_address", "USECALLMANAGER", "USECALLMANAGER"},
		{"proxy1_address", "0.0.0.0", ""},
		{"proxy1_address", "UNPROVISIONED", ""},
		{"line1_authname", "unprovisioned", ""},
		{"proxy1_port", "443", "443"},
		{"voip_control_port", "0", "0"},
		{"phone_label", "Desk ", "Desk "},
		{"phone_label", "a label that is too long", "a label tha"},
		{"line1_shortname", "a\x1b[31mb\u202ec", "a[31mbc"},
		{"messages_uri", "sip:8500@pbx", "sip:8500@pbx"},
		{"messages_uri", "*97", "*97"},
		{"start_media_port", "16348", "16384"},
		{"end_media_port", "32768", "32766"},
		{"start_media_port", "20001", "20000"},
		{"sip_retx", "99999999999999999999", "100"},
		{"timer_register_expires", "9999999", "3932100"},
		{"dst_start_month", "Mar", "March"},
		{"dst_start_month", "4", "April"},
		{"dst_start_day_of_week", "Sun", "Sunday"},
		{"dst_start_day_of_week", "7", "Saturday"},
		{"dst_stop_week_of_month", "8", "8"},
		{"dst_stop_time", "2", "02:00"},
		{"dst_stop_time", "02/30", "02:30"},
		{"dst_offset", "+01:00", "1"},
		{"dst_offset", "-00/30", "-0:30"},
		{"date_format", "d-m-yy", "D-M-YY"},
		{"mac", "00:50:3e:ff:d8:42", "00503EFFD842"},
		{"tftp_server", "192.0.2.1", "192.0.2.1"},
		{"tftp_server", "tftp.example:6969", "tftp.example:6969"},
		{"tftp_server", "[2001:db8::1]:69", "[2001:db8::1]:69"},
		{"firmware_profile", "Later", "8"},
		{"firmware_profile", "CUCM", "cucm"},
		{"firmware_profile", "1", "guide"},
	}
	for _, tt := range tests {
		p, ok := Lookup(tt.name)
		if !ok {
			t.Fatal(tt.name, "is missing")
		}
		if got, err := p.Check(tt.text); err != nil || got != tt.want {
			t.Errorf("%s %q: got %q, %v; want %q", tt.name, tt.text, got, err, tt.want)
		}
	}
}

func TestCheckSaysWhatIsWanted(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"preferred_codec", "g723", "want g711ulaw, g711alaw or g729a"},
		{"dtmf_outofband", "sometimes", "want none, avt or avt_always"},
		{"tos_media", "6", "want a number from 0 to 5"},
		{"tos_media", "five", "want a number from 0 to 5"},
		{"timer_t1", "0", "want a number from 1 to 60000 ms"},
		{"timer_t1", "-5", "want a number from 1 to 60000 ms"},
		{"timer_t1", "500 ms", "want a number"},
		{"proxy1_port", "0", "want a number from 1 to 65535"},
		{"proxy1_port", "65536", "want a number from 1 to 65535"},
		{"voip_control_port", "80", "want a number from 1025 to 65535 or 0"},
		{"proxy_register", "2", "want 0 or 1"},
		{"proxy1_address", "192.168.1.1:5060", "it belongs in proxy1_port"},
		{"proxy1_address", "{$proxy}", "want an IP address or a host name"},
		{"proxy1_address", "192.168.1.999", "want an IP address or a host name"},
		{"proxy1_address", "-pbx.example", "want an IP address or a host name"},
		{"messages_uri", "call me", "without blanks"},
		{"dst_start_month", "Ma", "first three letters"},
		{"dst_stop_time", "25:00", "want a time of day"},
		{"dst_offset", "13", "want hours from -12 to 12"},
		{"mac", "00503EFFD84", "want a MAC address"},
		{"mac", "+0503EFFD842", "want a MAC address"},
		{"tftp_server", "host:99999", "want host or host:port"},
		{"line1_shortname", strings.Repeat("x", 65), "want at most 64 characters"},
	}
	for _, tt := range tests {
		p, _ := Lookup(tt.name)
		got, err := p.Check(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %q: got %q, error %v; want %q", tt.name, tt.text, got, err, tt.want)
		}
	}
}

func TestSecretsAreNeverInErrors(t *testing.T) {
	const secret = "hunter2"
	p, _ := Lookup("line1_password")
	if _, err := p.Check(strings.Repeat(secret, 100)); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("error %v", err)
	}
	_, problems := Merge(ProfileGuide,
		Layer{Origin: FromDefaultFile, Name: "SIPDefault.cnf", Entries: []Entry{
			{Name: "line1_password", Text: secret, Line: 1},
			{Name: "line1_pasword", Text: secret, Line: 2},
			{Name: "line1_password", Text: strings.Repeat(secret, 100), Line: 3},
		}})
	if len(problems) < 4 {
		t.Fatalf("problems: %v", problems)
	}
	for _, problem := range problems {
		if strings.Contains(problem.Error()+problem.Value, secret) {
			t.Errorf("%+v tells the password", problem)
		}
	}
}

func TestLogicalNameIsSIPAndTheMACAddress(t *testing.T) {
	for _, mac := range []string{"00503EFFD842", "00:50:3e:ff:d8:42"} {
		if got := LogicalName(mac); got != "SIP00503EFFD842" {
			t.Errorf("%s: %s", mac, got)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "1", "-1", "g729a", "192.0.2.1:5060", "UNPROVISIONED", "02:00", "\x00\xff", "Mär"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range All() {
			clean, err := p.Check(text)
			if err != nil {
				if clean != "" {
					t.Fatalf("%s: %q with error %v", p.Name, clean, err)
				}
				continue
			}
			again, err := p.Check(clean)
			if err != nil || again != clean {
				t.Fatalf("%s: %q gives %q, which gives %q, %v", p.Name, text, clean, again, err)
			}
			if !utf8.ValidString(clean) || strings.ContainsAny(clean, "\x00\n\r\x1b") {
				t.Fatalf("%s: %q gives %q", p.Name, text, clean)
			}
		}
	})
}
