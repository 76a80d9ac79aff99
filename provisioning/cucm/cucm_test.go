package cucm

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskset/provisioning/fieldtest"
	"deskset/provisioning/param"
)

func readDevice(t testing.TB) (Device, []param.Problem) {
	t.Helper()
	const name = "SEP00503EFFD842.cnf.xml"
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return Parse(name, data)
}

func TestDeviceSetsTheSameParametersAsTheOtherFiles(t *testing.T) {
	d, _ := readDevice(t)
	s, problems := param.Merge(param.ProfileLater, d.Layer(param.FromPhoneFile))
	for name, want := range map[string]string{
		"line1_name": "5551212", "line1_shortname": "Desk", "line1_displayname": "Front Desk",
		"line1_authname": "5551212", "line1_password": "pa;ss#word", "proxy1_address": "USECALLMANAGER", "proxy1_port": "5060",
		"messages_uri": "8500", "speed_line2": "5551313", "speed_label2": "Home", "line2_name": "", "line3_shortname": "",
		"call_manager1_addr": "192.0.2.1", "call_manager1_sip_port": "5060",
		"call_manager2_addr": "cm2.office.example", "call_manager2_sip_port": "5062", "call_manager3_addr": "192.0.2.200", "call_manager4_addr": "",
		"time_zone": "CET", "dst_auto_adjust": "1",
		"image_version": "P0S3-8-12-00", "proxy_register": "1", "nat_enable": "0", "nat_address": "",
		"callerid_blocking": "2", "cnf_join_enable": "1", "timer_t1": "500", "remote_party_id": "1", "user_info": "none",
		"preferred_codec": "g711ulaw", "phone_label": "Front desk ", "end_media_port": "32766", "phone_password": "secret-word",
		"date_format": "D/M/Y", "time_format_24hr": "0", "sntp_server": "192.0.2.123", "sntp_mode": "directedbroadcast",
		"sip_transport": "udp", "services_url": "http://192.0.2.9/services?a=1&b=2",
	} {
		if got := s.Text(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := s.Value("line1_name").Source; got != "SEP00503EFFD842.cnf.xml:40" {
		t.Errorf("line1_name comes from %s", got)
	}
	if address, port := s.Proxy(1); address != "192.0.2.1" || port != 5060 {
		t.Errorf("proxy %s:%d", address, port)
	}
	if len(problems) != 1 || problems[0].Code != param.CodeAdjusted { // the label is too long
		t.Errorf("problems: %v", problems)
	}
}

func TestWhatTheOtherFilesCannotSay(t *testing.T) {
	d, problems := readDevice(t)
	if d.Version != "1136000000-abc" || d.Protocol != "SIP" || d.Load != "P0S3-8-12-00" || d.Security != NonSecure ||
		d.TimeZone != "W. Europe Standard/Daylight Time" {
		t.Errorf("%+v", d)
	}
	if got := fmt.Sprintf("%+v", d.SRST); got != "{Enabled:true Routers:[{Host:192.0.2.200 SIP:0 Line:19}]}" {
		t.Error(got)
	}
	var lines []string
	for _, l := range d.Lines {
		lines = append(lines, fmt.Sprintf("%d:%d:%s", l.Button, l.Feature, l.Label))
	}
	if got := strings.Join(lines, " "); got != "1:9:Desk 2:2:Home 3:130:DND 8:9:" {
		t.Errorf("lines %s", got)
	}
	var said []string
	for _, p := range problems {
		said = append(said, fmt.Sprint(p.Line))
	}
	// The end tag of loadInformation, the stray </line>, button 8.
	if !slices.Equal(said, []string{"22", "46", "49"}) {
		t.Errorf("problems: %v", problems)
	}
}

func TestCallManagersAreTriedByPriority(t *testing.T) {
	d, _ := readDevice(t)
	if len(d.CallManagers) != 2 || d.CallManagers[0].Host != "192.0.2.1" || d.CallManagers[0].SIPS != 5061 || d.CallManagers[1].SCCP != 2000 {
		t.Errorf("%+v", d.CallManagers)
	}
}

func TestSecureDevicesUseTLS(t *testing.T) {
	for mode, want := range map[string]string{"1": "tcp", "2": "tls", "3": "tls", "0": "tcp", "x": "tcp"} {
		d, _ := Parse("f", []byte("<device><transportLayerProtocol>1</transportLayerProtocol><deviceSecurityMode>"+mode+"</deviceSecurityMode></device>"))
		s, _ := param.Merge(param.ProfileGuide, d.Layer(param.FromPhoneFile))
		if got := s.Text("sip_transport"); got != want {
			t.Errorf("mode %s: %s, want %s", mode, got, want)
		}
	}
}

func TestEveryPathBelongsToAParameterOnce(t *testing.T) {
	seen := map[string]string{}
	for _, p := range param.All() {
		if p.XML == "" || p.Line > 1 {
			continue
		}
		// featureLabel labels lines and speed dials alike.
		if other, twice := seen[p.XML]; twice && !strings.HasPrefix(p.Name, "speed_") && !strings.HasPrefix(other, "speed_") {
			t.Errorf("%s belongs to %s and %s", p.XML, other, p.Name)
		}
		seen[p.XML] = p.Name
	}
}

func TestFilesThatAreSomethingElse(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "default file": "<Default></Default>", "text": "line1_name: 1", "another root": "<phone/>",
	} {
		d, problems := Parse("f", []byte(text))
		if len(d.entries) > 0 || len(problems) != 1 || problems[0].Severity != param.Error {
			t.Errorf("%s: %+v, %v", name, d, problems)
		}
	}
}

func TestXMLDefaultNamesLoadsByType(t *testing.T) {
	for _, root := range []string{"Default", "default"} {
		text := "\xef\xbb\xbf<" + root + `>
<callManagerGroup><members><member priority="0"><callManager><ports><ethernetPhonePort>2000</ethernetPhonePort></ports>
<processNodeName>192.0.2.1</processNodeName></callManager></member></members></callManagerGroup>
<loadInformation8 model="IP Phone 7940">P0S3-8-12-00</loadInformation8>
<loadInformation7 model="IP Phone 7960">P0S3-8-12-00</loadInformation434>
<loadInformation00495 model="Cisco 6921">x</loadInformation00495>
<loadInformation>y</loadInformation>
</` + root + ">"
		d, problems := ParseDefault("XMLDefault.cnf.xml", []byte(text))
		if len(d.CallManagers) != 1 || len(problems) != 1 || len(d.Loads) != 3 {
			t.Errorf("%+v, %v", d, problems)
		}
		s, _ := param.Merge(param.ProfileCUCM, d.Layer(param.FromDefaultFile))
		if at := s.Value("image_version"); at.Text != "P0S3-8-12-00" || at.Source != "XMLDefault.cnf.xml:5" || s.Text("call_manager1_addr") != "192.0.2.1" {
			t.Errorf("%+v, %s", at, s.Text("call_manager1_addr"))
		}
		if got := d.Loads[Type7960]; got != (Load{"IP Phone 7960", "P0S3-8-12-00", 5}) || d.Loads[495].Load != "x" {
			t.Errorf("%+v", d.Loads)
		}
	}
	if _, problems := ParseDefault("f", []byte("<device/>")); len(problems) != 1 {
		t.Errorf("problems: %v", problems)
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/SEP00503EFFD842.cnf.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, folder := range []string{"device", "default"} {
		for _, data := range fieldtest.Folder(folder) {
			f.Add(data)
		}
	}
	f.Add([]byte(`<device><sipProfile><sipLines><line button="1"><name>`))
	f.Add([]byte(`<Default><loadInformation7 model="">x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _ := Parse("f", data)
		param.Merge(param.ProfileGuide, d.Layer(param.FromPhoneFile))
		if len(d.CallManagers) > maxCallManagers || len(d.Lines) > maxLines {
			t.Errorf("%+v", d)
		}
		def, _ := ParseDefault("f", data)
		param.Merge(param.ProfileCUCM, def.Layer(param.FromDefaultFile))
	})
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile("testdata/SEP00503EFFD842.cnf.xml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Parse("f", data)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
