package boot

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/discovery"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/param"
)

const sepFile = `<device><deviceProtocol>SIP</deviceProtocol><loadInformation>P0S3-8-12-00</loadInformation>
<sipProfile><sipLines><line button="1"><featureID>9</featureID><name>7001</name><proxy>192.0.2.9</proxy></line></sipLines></sipProfile></device>`

// TestOrderOfRequests: which file comes first and what a file found makes of
// those behind it (guide 2-5; the reference, section 4, TFTP).
func TestOrderOfRequests(t *testing.T) {
	const xml1, xml2, xml3 = "XMLDefault.cnf.xml", "XmlDefault.cnf.xml", "sepdefault.cnf.xml"
	ctl, sep, sip := "CTLSEP"+testMAC+".tlv", "SEP"+testMAC+".cnf.xml", "SIP"+testMAC+".cnf"
	tests := []struct {
		name  string
		files map[string]string
		want  []string // behind OS79XX.TXT
		line  string
	}{
		{"SIP load", map[string]string{"SIPDefault.cnf": "a: b", sip: "line1_name: 7"}, []string{"SIPDefault.cnf", sip}, "7"},
		{"SIP load, directory", map[string]string{"SIPDefault.cnf": "tftp_cfg_dir: ./cfg", "cfg/" + sip: "line1_name: 7"},
			[]string{"SIPDefault.cnf", "cfg/" + sip}, "7"},
		{"SIP load, call manager's tree", map[string]string{sep: sepFile}, []string{"SIPDefault.cnf", sip, sep}, "7001"},
		{"SIP load, unknown to the call manager", map[string]string{xml2: "<Default/>"}, []string{"SIPDefault.cnf", sip, sep, xml1, xml2}, ""},
		{"loader, SEP file", map[string]string{"OS79XX.TXT": "P003-8-12-00", sep: sepFile, sip: "line1_name: 7"}, []string{ctl, sep}, "7001"},
		{"loader, SIP file", map[string]string{"OS79XX.TXT": "P003-8-12-00", "SIPDefault.cnf": "line1_name: 6", sip: "line1_name: 7"},
			[]string{ctl, sep, sip, "SIPDefault.cnf"}, "7"},
		{"loader, nothing", map[string]string{"OS79XX.TXT": "P003-8-12-00"}, []string{ctl, sep, sip, xml1, xml2, xml3, "SIPDefault.cnf"}, ""},
		{"loader, Skinny file", map[string]string{"OS79XX.TXT": "P003-8-12-00", ctl: "x",
			sep: "<device><deviceProtocol>SCCP</deviceProtocol></device>", sip: "line1_name: 7"}, []string{ctl, sep, sip, "SIPDefault.cnf"}, "7"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := &world{files: test.files}
			w.files["dialplan.xml"], w.files["RINGLIST.DAT"] = "", ""
			v, _ := start(w, onServer)
			wantFetched(t, w, slices.Concat([]string{"OS79XX.TXT"}, test.want, []string{"dialplan.xml", "RINGLIST.DAT"})...)
			if got := v.Set.Text("line1_name"); got != test.line {
				t.Errorf("line 1 is %q, want %q", got, test.line)
			}
		})
	}
}

// TestWhoNamesTheServer: the strongest wins alone (the reference, section 4).
func TestWhoNamesTheServer(t *testing.T) {
	addr := netip.MustParseAddr
	list := dhcp.Lease{TFTP: []netip.Addr{addr("192.0.2.150"), addr("192.0.2.151")}, TFTPName: "192.0.2.66", NextServer: addr("192.0.2.3")}
	lease := func(l dhcp.Lease) func(*Env) {
		return func(e *Env) {
			e.Beyond.HostLease = func(context.Context, string) (dhcp.Lease, string, error) { return l, "dhclient", nil }
		}
	}
	inform := func(l dhcp.Lease, err error) func(*Env) {
		return func(e *Env) {
			e.Beyond.Inform = func(context.Context, netip.Addr, discovery.Host) (dhcp.Lease, error) { return l, err }
		}
	}
	tests := []struct {
		name string
		set  settings
		env  []func(*Env)
		want string
	}{
		{"a person", onServer, []func(*Env){lease(list)}, "192.0.2.1"},
		{"option 150 before 66", nil, []func(*Env){lease(list)}, "192.0.2.150"},
		{"option 66 by name", nil, []func(*Env){lease(dhcp.Lease{TFTPName: "tftp.example", NextServer: addr("192.0.2.3")})}, "192.0.2.66"},
		{"next server", nil, []func(*Env){lease(dhcp.Lease{NextServer: addr("192.0.2.3")})}, "192.0.2.3"},
		{"next server that is the DHCP server itself", nil, []func(*Env){lease(dhcp.Lease{NextServer: addr("192.0.2.3"), Server: addr("192.0.2.3")})}, ""},
		{"INFORM", nil, []func(*Env){lease(dhcp.Lease{}), inform(list, nil)}, "192.0.2.150"},
		{"INFORM without an answer", nil, []func(*Env){inform(list, dhcp.ErrTimeout)}, ""},
		{"lines set up here", settings{"line1_name", "7"}, []func(*Env){inform(list, nil)}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, _ := start(&world{}, test.set, test.env...)
			got, _, _ := strings.Cut(v.Server, ",")
			if got != test.want {
				t.Errorf("server %q, want %q", got, test.want)
			}
		})
	}
}

// TestServerOfTheMenu: one that is kept in flash counts only without DHCP or
// with Alternate TFTP (guide 3-9).
func TestServerOfTheMenu(t *testing.T) {
	for _, test := range []struct {
		flash settings
		want  string
	}{
		{settings{"tftp_server", "192.0.2.1"}, ""},
		{settings{"tftp_server", "192.0.2.1", "alternate_tftp", "1"}, "192.0.2.1"},
		{settings{"tftp_server", "192.0.2.1", "dhcp_enabled", "0"}, "192.0.2.1"},
		{settings{"tftp_server", "0.0.0.0", "dhcp_enabled", "0"}, ""},
	} {
		v, _ := start(&world{}, nil, func(e *Env) { e.Merge = merging(test.flash.layer(param.FromFlash)) })
		if v.Server != test.want {
			t.Errorf("%v: server %q, want %q", test.flash, v.Server, test.want)
		}
	}
}

func TestSecondServerAnswersForADeadOne(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "line1_name: 7"}, dead: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}
	v, _ := start(w, settings{"tftp_server", "192.0.2.1", "tftp_server2", "192.0.2.2", "tftp_server3", "192.0.2.3"})
	if !v.Answered || v.Set.Text("line1_name") != "7" || len(w.asked) != 2 {
		t.Errorf("answered %v, asked %v", v.Answered, w.asked)
	}
	if v.Server != "192.0.2.2" {
		t.Errorf("server %q", v.Server)
	}
}

func TestDynamicServerIsAskedOnceMore(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "dyn_tftp_addr: 192.0.2.7"}}
	v, _ := start(w, onServer)
	if v.Server != "192.0.2.7" || len(w.asked) != 2 {
		t.Errorf("server %q, asked %v", v.Server, w.asked)
	}
}

func TestHTTPStandsInForTFTP(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "line1_name: 7"}}
	set := settings{"provision_url", "https://pbx.example/p/", "tftp_server", "192.0.2.1"}
	v, _ := start(w, set, func(e *Env) {
		e.Beyond.HTTP = func(address, _ string) (fetch.Source, error) {
			if address != "https://pbx.example/p/" {
				t.Errorf("asked for %q", address)
			}
			return fetchtest.Named{Name: address, Source: w.fetch}, nil
		}
	})
	if v.Set.Text("line1_name") != "7" || len(w.asked) > 0 {
		t.Errorf("TFTP servers asked: %v", w.asked)
	}
	v, _ = start(w, set, func(e *Env) {
		e.Beyond.HTTP = func(string, string) (fetch.Source, error) { return nil, errors.New("bad certificate file") }
	})
	wantMessages(t, v, "HTTP Error: bad certificate file", text.Get(text.StatusFlashValues))
}

func TestRingsComeWithTheirSamples(t *testing.T) {
	pcm := strings.Repeat("\xff", 480)
	w := &world{files: map[string]string{
		"RINGLIST.DAT": "Bell\tbell.raw\nGone\tgone.raw\nWave\twave.wav\n",
		"bell.raw":     pcm, "wave.wav": "RIFF" + pcm,
	}}
	v, _ := start(w, onServer)
	if len(v.Rings) != 1 || v.Rings[0].Name != "Bell" || string(v.Rings[0].ULaw) != pcm {
		t.Errorf("%d rings", len(v.Rings))
	}
	wantMessages(t, v, "RINGLIST.DAT:2", "gone.raw", "RINGLIST.DAT:3", "wave.wav")
}

func TestDialPlanIsKept(t *testing.T) {
	w := &world{files: map[string]string{
		"SIPDefault.cnf": "dial_template: short",
		"short.xml":      `<DIALTEMPLATE><TEMPLATE MATCH="7..." TIMEOUT="0"/><TEMPLATE MATCH="[2-9]XXX" TIMEOUT="x"/></DIALTEMPLATE>`,
	}}
	v, _ := start(w, onServer)
	if v.DialPlan == nil {
		t.Fatal("no dial plan")
	}
	wantMessages(t, v, "short.xml:1")
}

func TestRestartKeepsWhatTheNetworkGave(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "line1_name: 7"}}
	before, _ := start(w, onServer)
	w.files["SIPDefault.cnf"] = "line1_name: 8"
	env := Env{Network: w, BuiltIn: "DS79-0-1-0", Merge: merging(onServer.layer(param.FromSettings))}
	stagesSeen := map[int]bool{}
	after := Restart(context.Background(), env, before, func(p Progress) { stagesSeen[p.Stage] = true })
	if after.Set.Text("line1_name") != "8" || after.Host.Prefix != before.Host.Prefix || after.MAC != testMAC {
		t.Errorf("line %q, host %v", after.Set.Text("line1_name"), after.Host)
	}
	if stagesSeen[0] || stagesSeen[2] || !stagesSeen[ConfigurationStage] || len(after.Reports) != len(stages) {
		t.Errorf("stages %v, %d reports", stagesSeen, len(after.Reports))
	}
}
