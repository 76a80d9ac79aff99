package cucm

import (
	"fmt"
	"strings"
	"testing"

	"deskset/provisioning/param"
)

// merged reads a device's elements and gives the parameters.
func merged(t *testing.T, profile param.Profile, elements string) (*param.Set, []param.Problem) {
	t.Helper()
	d, problems := Parse("SEP.cnf.xml", []byte("<device>"+elements+"</device>"))
	s, more := param.Merge(profile, d.Layer(param.FromPhoneFile))
	return s, append(problems, more...)
}

func sip(elements string) string { return "<sipProfile>" + elements + "</sipProfile>" }

func line(elements string) string { return sip("<sipLines>" + elements + "</sipLines>") }

func zone(name string) string {
	return "<devicePool><dateTimeSetting><timeZone>" + name + "</timeZone></dateTimeSetting></devicePool>"
}

func TestElementsBecomeParameters(t *testing.T) {
	tests := []struct{ elements, want string }{
		{sip("<natRecievedProcessing>true</natRecievedProcessing>"), "nat_received_processing=1"}, // sic
		{sip("<natReceivedProcessing>true</natReceivedProcessing>"), "nat_received_processing=1"},
		{sip("<callStats>TRUE</callStats><enableVad>0</enableVad>"), "call_stats=1 enable_vad=0"},
		{sip("<sipStack><timerT1> 00700 </timerT1><sipRetx>12</sipRetx></sipStack>"), "timer_t1=700 sip_retx=12"},
		{sip("<dscpForAudio>184</dscpForAudio>"), "tos_media=5"},
		{sip("<dscpForAudio>0</dscpForAudio>"), "tos_media=0"},
		{sip("<sipProxies><backupProxy>USECALLMANAGER</backupProxy><backupProxyPort>5062</backupProxyPort></sipProxies>"), "proxy_backup=USECALLMANAGER proxy_backup_port=5062"},
		{sip("<sipProxies><emergencyProxy>192.0.2.11</emergencyProxy><outboundProxy>192.0.2.12</outboundProxy></sipProxies>"), "proxy_emergency=192.0.2.11 outbound_proxy=192.0.2.12"},

		{"<transportLayerProtocol>0</transportLayerProtocol>", "sip_transport=udp"},
		{"<transportLayerProtocol>1</transportLayerProtocol>", "sip_transport=tcp"},
		{"<transportLayerProtocol>2</transportLayerProtocol>", "sip_transport=udp"},
		{"<transportLayerProtocol>3</transportLayerProtocol>", "sip_transport=tls"},
		{"<transportLayerProtocol>4</transportLayerProtocol>", "sip_transport=udp"},
		{"<deviceSecurityMode>3</deviceSecurityMode>", "sip_transport=tls"},

		{zone("W. Europe Standard/Daylight Time"), "time_zone=CET dst_auto_adjust=1"},
		{zone("India Standard Time"), "time_zone=IST dst_auto_adjust=0"},
		{zone("pacific STANDARD/daylight time"), "time_zone=PST dst_auto_adjust=1"},
		{zone(""), "time_zone=EST dst_auto_adjust=1"},

		{"<proxyServerURL>192.0.2.8:8080</proxyServerURL>", "http_proxy_addr=192.0.2.8 http_proxy_port=8080"},
		{"<proxyServerURL>http://cache.example:3128/</proxyServerURL>", "http_proxy_addr=cache.example http_proxy_port=3128"},
		{"<proxyServerURL>cache.example</proxyServerURL>", "http_proxy_addr=cache.example http_proxy_port=80"},
		{"<proxyServerURL></proxyServerURL>", "http_proxy_addr= http_proxy_port=80"},
		{"<commonProfile><phonePassword>s3</phonePassword></commonProfile><servicesURL>http://a/</servicesURL><directoryURL>http://b/</directoryURL>",
			"phone_password=s3 services_url=http://a/ directory_url=http://b/"},

		{line(`<line button="2"><featureID>9</featureID><name>2</name></line>`), "line2_name=2 line1_name="},
		{line(`<line lineIndex="3"><name>3</name></line>`), "line3_name=3 line1_name="},
		{line(`<line><name>1</name></line><line><featureID></featureID><name>2</name></line>`), "line1_name=1 line2_name=2"},
		{line(`<line button="5"><featureID>2</featureID><featureLabel>Home</featureLabel><speedDialNumber>7</speedDialNumber></line>`), "speed_line5=7 speed_label5=Home line5_name="},
		{line(`<line button="1"><featureID>21</featureID><speedDialNumber>8</speedDialNumber></line>`), "speed_line1=8"},
		{line(`<line button="1"><messagesNumber>8500</messagesNumber><callWaiting>3</callWaiting></line><line button="2"><messagesNumber>9</messagesNumber></line>`),
			"messages_uri=8500 call_waiting=3"},
		{line(`<line button="1"><autoAnswer><autoAnswerEnabled>2</autoAnswerEnabled></autoAnswer></line>` +
			`<line button="3"><autoAnswer><autoAnswerEnabled>3</autoAnswerEnabled></autoAnswer></line>`), "auto_answer=4"},
	}
	for _, tt := range tests {
		s, problems := merged(t, param.ProfileLater, tt.elements)
		if len(problems) > 0 {
			t.Errorf("%s: %v", tt.elements, problems)
		}
		for want := range strings.FieldsSeq(tt.want) {
			name, text, _ := strings.Cut(want, "=")
			if got := s.Text(name); got != text {
				t.Errorf("%s: %s is %q, want %q", tt.elements, name, got, text)
			}
		}
	}
}

// What makes no sense is told with its line and leaves the value below.
func TestElementsThatMakeNoSense(t *testing.T) {
	for _, elements := range []string{
		zone("America/Sao_Paulo"), zone("UTC Standard/Daylight Time"), zone("W. Europe"), zone("Mars Standard Time"),
		sip("<dscpForAudio>EF</dscpForAudio>"), sip("<dscpForAudio>256</dscpForAudio>"),
		"<transportLayerProtocol>7</transportLayerProtocol>",
		"<proxyServerURL>cache:nonsense</proxyServerURL>",
		line(`<line button="0"><name>1</name></line>`), line(`<line button="__N__"><name>1</name></line>`),
		"<devicePool><callManagerGroup><members><member priority='0'><callManager><processNodeName>x.x.x.x</processNodeName></callManager></member></members></callManagerGroup></devicePool>",
	} {
		s, problems := merged(t, param.ProfileLater, elements)
		if len(problems) != 1 || problems[0].Severity != param.Warning || problems[0].Line != 1 {
			t.Errorf("%s: %v", elements, problems)
		}
		for _, name := range []string{"time_zone", "tos_media", "sip_transport", "http_proxy_port", "line1_name", "call_manager1_addr"} {
			if got, want := s.Value(name), defaultOf(t, name); got.Text != want {
				t.Errorf("%s: %s is %+v", elements, name, got)
			}
		}
	}
}

func defaultOf(t *testing.T, name string) string {
	t.Helper()
	p, ok := param.Lookup(name)
	if !ok {
		t.Fatal(name)
	}
	return p.Default(param.ProfileLater)
}

func TestSRSTRoutersComeBehindTheCallManagers(t *testing.T) {
	managers := func(n int, enable string) string {
		var b strings.Builder
		b.WriteString("<devicePool><callManagerGroup><members>")
		for i := range n {
			fmt.Fprintf(&b, `<member priority="%d"><callManager><processNodeName>192.0.2.%d</processNodeName></callManager></member>`, n-i, i+1)
		}
		b.WriteString("</members></callManagerGroup><srstInfo><srstOption>" + enable + "</srstOption>" +
			"<ipAddr1>198.51.100.1</ipAddr1><sipIpAddr1></sipIpAddr1><sipPort1>5070</sipPort1><sipIpAddr2>198.51.100.2</sipIpAddr2></srstInfo></devicePool>")
		return b.String()
	}
	tests := []struct {
		n      int
		enable string
		want   string
	}{
		{2, "Enable", "192.0.2.2 192.0.2.1 198.51.100.1 198.51.100.2  "},
		{2, "Disable", "192.0.2.2 192.0.2.1    "},
		{5, "Enable", "192.0.2.5 192.0.2.4 192.0.2.3 192.0.2.2 192.0.2.1 198.51.100.1"},
	}
	for _, tt := range tests {
		s, _ := merged(t, param.ProfileCUCM, managers(tt.n, tt.enable))
		var got []string
		for n := 1; n <= param.NumLines; n++ {
			got = append(got, s.Text(fmt.Sprintf("call_manager%d_addr", n)))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%d managers, %s: %q, want %q", tt.n, tt.enable, got, tt.want)
		}
	}
	s, _ := merged(t, param.ProfileCUCM, managers(1, "Enable"))
	if got := s.Int("call_manager2_sip_port"); got != 5070 {
		t.Errorf("port %d", got)
	}
}

func TestVendorSettingsAreListed(t *testing.T) {
	d, problems := Parse("f", []byte("<device>\n<vendorConfig>\n<webAccess>0</webAccess>\n<spanToPCPort>1</spanToPCPort></vendorConfig></device>"))
	if got := fmt.Sprint(d.Vendor, problems); got != "[{webAccess 0 3} {spanToPCPort 1 4}] []" {
		t.Error(got)
	}
	d, problems = Parse("f", []byte("<device><vendorConfig>"+strings.Repeat("<a>1</a>", 2*maxVendor)+"</vendorConfig></device>"))
	if len(d.Vendor) != maxVendor || len(problems) != 1 {
		t.Errorf("%d, %v", len(d.Vendor), problems)
	}
}

// Every zone is one that the parameter takes.
func TestZonesAreThoseOfTheParameter(t *testing.T) {
	p, _ := param.Lookup("time_zone")
	for name, short := range zones {
		if got, err := p.Check(short); err != nil || got != short || name != strings.ToLower(name) {
			t.Errorf("%s: %s, %v", name, short, err)
		}
	}
}
