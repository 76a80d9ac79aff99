package lint

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"deskset/provisioning/cnf"
	"deskset/provisioning/cucm"
	"deskset/provisioning/dialplan"
	"deskset/provisioning/fieldtest"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/ringlist"
	"deskset/provisioning/syncinfo"
)

// construct is one row of the survey (reference, wild-config.md): the fixture
// that reproduces it, what that must mean, and which problems are told, as "line
// code" each.
type construct struct {
	name, file string
	means      []string
	told       string
}

// flashed is what a phone had in flash before it read the fixture: absent keys
// leave it.
var flashed = map[string]string{"messages_uri": "8500", "proxy1_port": "5099", "tos_media": "2"}

var constructs = []construct{
	// The .cnf family.
	{"values in double quotes", "cnf/double-quotes.cnf", []string{"proxy1_address=192.0.2.10", "tos_media=4", "proxy1_port=5061", "messages_uri=8500"}, ""},
	{"single quotes", "cnf/single-quotes.cnf", []string{"dtmf_outofband=avt_always", `phone_label=Don"t ask`}, ""},
	{"empty value resets", "cnf/empty-quotes.cnf", []string{"messages_uri=", "proxy1_port=5099"}, ""},
	{"nothing after the colon", "cnf/nothing-after-colon.cnf", []string{"messages_uri=", "dst_start_month=April"}, ""},
	{"comment after unquoted value", "cnf/comment-after-value.cnf", []string{"tos_media=4", "proxy1_address=192.0.2.10"}, ""},
	{"comment after quoted value", "cnf/comment-after-quotes.cnf", []string{"tos_media=4", "timer_t1=400"}, ""},
	{"every line ends in a semicolon", "cnf/semicolon-ends-lines.cnf", []string{"image_version=P0S3-8-12-00", "line1_name=5551201", "proxy1_port=5061", "domain_name=office.example"}, ""},
	{"# and ; inside quotes", "cnf/marks-inside-quotes.cnf", []string{"phone_label=a;b#c", "phone_prompt=###HOST###"}, "2 advice"},
	{"blanks inside quotes", "cnf/blanks-inside-quotes.cnf", []string{"phone_label= Desk "}, ""},
	{"tabs and runs of blanks", "cnf/tabs-and-blanks.cnf", []string{"tos_media=4", "timer_t1=400"}, ""},
	{"blank before the colon", "cnf/blank-before-colon.cnf", []string{"messages_uri=", "cnf_join_enable=0", "date_format=D-M-YY"}, ""},
	{"no blank after the colon", "cnf/no-blank-after-colon.cnf", []string{"proxy1_port=5061", "tos_media=4"}, ""},
	{"commented-out settings", "cnf/commented-out.cnf", []string{"messages_uri=8500", "tos_media=2", "timer_t1=500"}, ""},
	{"lines of white space", "cnf/blank-lines.cnf", []string{"tos_media=4"}, ""},
	{"CRLF", "cnf/crlf.cnf", []string{"tos_media=4", "phone_label=Desk"}, ""},
	{"CR, CRLF and LF", "cnf/mixed-line-ends.cnf", []string{"tos_media=4", "timer_t1=400", "sync=7"}, ""},
	{"no final newline", "cnf/no-final-newline.cnf", []string{"time_zone=CET"}, ""},
	{"byte order mark", "cnf/bom.cnf", []string{"image_version=P0S3-8-12-00"}, ""},
	{"duplicated keys, the last wins", "cnf/duplicated-keys.cnf", []string{"proxy_register=1", "timer_register_expires=80", "preferred_codec=none"}, "4 duplicate, 5 duplicate, 6 duplicate"},
	{"= instead of : leaves the flash value", "cnf/equals-sign.cnf", []string{"proxy1_port=5099"}, "1 syntax"},
	{"a line of another maker", "cnf/foreign-line.cnf", []string{"tos_media=4"}, "1 syntax"},
	{"upper case in keys", "cnf/upper-case.cnf", []string{"image_version=P0S3-8-12-00", "domain_name=office.example", "timer_t1=400"}, ""},
	{"template markers are text", "cnf/template-markers.cnf", []string{"phone_prompt={$prompt}", "line1_shortname={{label}}", "line1_displayname=", "proxy1_address="}, "1 advice, 2 advice, 4 bad-value"},
	{"keys that no document knows", "cnf/unknown-keys.cnf", []string{"timer_register_delta=5", "timer_register_expires=3600"},
		"1 unknown-parameter, 2 unknown-parameter, 3 unknown-parameter, 4 unknown-parameter, 5 unknown-parameter, 6 unknown-parameter"},
	{"codec none", "cnf/codec-none.cnf", []string{"preferred_codec=none"}, ""},
	{"directed broadcast to a name", "cnf/broadcast-to-a-name.cnf", []string{"sntp_server=ntp.office.example", "sntp_mode=directedbroadcast"}, ""},
	{"months and times in short", "cnf/month-names.cnf", []string{"dst_start_month=April", "dst_stop_month=March", "dst_stop_time=02:00", "dst_start_time=02:00", "dst_start_day=0"}, ""},
	{"directory ./", "cnf/dot-directory.cnf", []string{"tftp_cfg_dir=./"}, ""},
	{"NAT address left while off", "cnf/nat-off-with-address.cnf", []string{"nat_enable=0", "nat_address=198.51.100.7"}, ""},
	{"proxy by name", "cnf/proxy-by-name.cnf", []string{"proxy1_address=sip.office.example"}, ""},
	{"odd media ports are clamped", "cnf/odd-port-range.cnf", []string{"start_media_port=16384", "end_media_port=32766"}, "1 adjusted-value, 2 adjusted-value"},
	{"UNPROVISIONED", "cnf/unprovisioned.cnf", []string{"line1_authname=", "line1_password=", "messages_uri="}, ""},
	{"call managers", "cnf/call-managers.cnf", []string{"proxy1_address=USECALLMANAGER", "call_manager2_addr=192.0.2.2", "server=192.0.2.1:5060", "server=192.0.2.2:5062"}, ""},
	{"six lines", "cnf/six-lines.cnf", []string{"line6_name=5551206", "line6_displayname=Line 6", "proxy6_address="}, ""},

	// OS79XX.TXT.
	{"load, blank and CRLF", "load/blank-crlf.txt", []string{"load=P003-8-12-00"}, ""},
	{"load and CRLF", "load/crlf.txt", []string{"load=P0S3-8-12-00"}, ""},
	{"load and LF", "load/lf.txt", []string{"load=P0S3-8-12-00"}, ""},
	{"load without newline", "load/no-newline.txt", []string{"load=P0S3-8-12-00"}, ""},
	{"load of another phone", "load/other-phone.txt", []string{"load=SIP41.8-5-2S"}, "1 bad-value"},

	// SEP<MAC>.cnf.xml.
	{"no XML declaration", "device/no-declaration.xml", []string{"line1_name=5551201"}, ""},
	{"declaration without encoding", "device/declaration-without-encoding.xml", []string{"line1_name=5551201"}, ""},
	{"declaration with encoding", "device/declaration-utf8.xml", []string{"phone_label=Büro"}, ""},
	{"XML with byte order mark", "device/bom.xml", []string{"line1_name=5551201"}, ""},
	{"XML with CRLF", "device/crlf.xml", []string{"line1_name=5551201"}, ""},
	{"comments that hold elements", "device/comments.xml", []string{"line1_name=5551201", "image_version="}, ""},
	{"mismatched end of loadInformation", "device/mismatched-load.xml", []string{"image_version=P0S3-8-12-00", "line1_name=5551201"}, "2 syntax"},
	{"stray </line>", "device/stray-line-end.xml", []string{"line1_name=5551201", "line2_name=5551202"}, "4 syntax"},
	{"mismatched WlanProfile", "device/mismatched-profile.xml", []string{"line1_name=5551201"}, "3 syntax"},
	{"case variants of elements", "device/case-variants.xml", []string{"callerid_blocking=2", "remote_party_id=1", "end_media_port=20000", "voip_control_port=5070", "line1_displayname=Desk"}, ""},
	{"attributes of the root", "device/root-attributes.xml", []string{"line1_name=5551201"}, ""},
	{"empty elements reset", "device/empty-elements.xml", []string{"nat_address=", "phone_label=", "outbound_proxy=", "services_url="}, ""},
	{"placeholder for a host", "device/placeholder-host.xml", []string{"call_manager1_addr=192.0.2.2", "call_manager1_sip_port=5062"}, "2 bad-value"},
	{"zone America/Sao_Paulo", "device/zone-of-another-family.xml", []string{"time_zone=EST"}, "2 bad-value"},
	{"zone UTC Standard/Daylight Time", "device/zone-utc.xml", []string{"time_zone=EST"}, "2 bad-value"},
	{"empty zone", "device/zone-empty.xml", []string{"time_zone=EST"}, ""},
	{"good zone", "device/zone-good.xml", []string{"time_zone=CET", "dst_auto_adjust=1"}, ""},
	{"template code in XML", "device/template-code.xml", []string{"image_version={{ load }}", "line1_name=__EXTENSION__", "timer_t1=500"}, "3 advice, 4 bad-value"},
	{"numbers as text", "device/numbers-as-text.xml", []string{"timer_t1=400", "sip_retx=8", "start_media_port=16384"}, ""},
	{"natRecievedProcessing, sic", "device/received-sic.xml", []string{"nat_received_processing=1"}, ""},
	{"members by priority", "device/priorities.xml", []string{"call_manager1_addr=192.0.2.10", "call_manager3_addr=192.0.2.12", "call_manager5_addr=192.0.2.14"}, ""},
	{"USECALLMANAGER", "device/usecallmanager.xml", []string{"proxy_register=1", "server=192.0.2.1:5060"}, ""},
	{"transport 4, security 0", "device/transport-4.xml", []string{"sip_transport=udp"}, ""},
	{"no protocol", "device/no-protocol.xml", []string{"image_version=P0S3-8-12-00"}, ""},
	{"another root", "device/wrong-root.xml", []string{"line1_name="}, "0 syntax"},

	// XMLDefault.cnf.xml.
	{"<Default>", "default/capital-root.xml", []string{"image_version=P003-8-12-00", "call_manager1_addr=192.0.2.1"}, ""},
	{"<default>", "default/small-root.xml", []string{"image_version=P0S3-8-12-00"}, ""},
	{"mismatched tags in the default", "default/mismatched-tags.xml", []string{"image_version=P0S3-8-12-00"}, "4 syntax"},
	{"device type with zeros in front", "default/padded-type.xml", []string{"image_version=P0S3-8-12-00"}, ""},

	// Dial plans: what becomes of digits.
	{"<DIALTEMPLATE>", "dialplan/capital-root.xml", []string{"5123=now 5123 phone"}, ""},
	{"<dialTemplate>", "dialplan/camel-root.xml", []string{"5123=now 5123"}, ""},
	{"attributes in any case", "dialplan/attribute-case.xml", []string{"5123=now 5123", "6123=now 76123", "7123=now 87123"}, ""},
	{"commas", "dialplan/commas.xml", []string{"9=wait 9 Bellcore-Outside", "95551201=now 95551201", "812345=now 812345"}, ""},
	{"*, \\* and #", "dialplan/star-and-hash.xml", []string{"123=15s 123", "*97=now *97", "12#=now 12#"}, ""},
	{"rewrites", "dialplan/rewrites.xml", []string{"5551201=now 0235551201", "3145=now 045", "911=now 9911"}, ""},
	{"Asterisk's patterns match nothing", "dialplan/asterisk-patterns.xml", []string{"25551201=wait 25551201", "155=wait 155"}, "2 advice, 3 advice, 4 advice"},
	{"<dialplan></dialplan>", "dialplan/another-root.xml", []string{"123=wait 123"}, ""},
	{"doubled bracket and no root: nothing is taken", "dialplan/doubled-bracket.xml", []string{"5123=wait 5123", "6123=wait 6123"}, "3 syntax, 0 syntax"},
	{"TONE twice", "dialplan/repeated-tone.xml", []string{"8=wait 8 Cisco-Zip", "81=wait 81 Cisco-ZipZip"}, ""},
	{"version stamp, <T></T>", "dialplan/version-stamp.xml", []string{"5123=now 5123"}, ""},
	{"routes and lines", "dialplan/emergency.xml", []string{"112=now 112 emergency", "123=wait 123"}, ""},
	{"dial plan with BOM and CRLF", "dialplan/bom-crlf.xml", []string{"5123=now 5123"}, ""},

	// Ring lists: names and files.
	{"one or several tabs", "ringlist/tabs.dat", []string{"Bell=bell.raw", "Chime=chime.pcm"}, ""},
	{"blanks after the file", "ringlist/trailing-blanks.dat", []string{"Bell=bell.raw", "Chime=chime.pcm"}, ""},
	{"CRLF mixed with LF", "ringlist/mixed-line-ends.dat", []string{"Bell=bell.raw", "Chime=chime.pcm", "Gong=gong.pcm"}, ""},
	{"blank lines in a list", "ringlist/blank-lines.dat", []string{"Bell=bell.raw", "Chime=chime.pcm"}, ""},
	{"two entries glued", "ringlist/glued.dat", []string{"Piano2=Piano2.raw", "Merlin2=merlin2.pcm"}, "1 syntax"},
	{"empty list", "ringlist/empty.dat", nil, ""},
	{"list in XML", "ringlist/ringlist.xml", []string{"Bell=bell.raw"}, ""},
	{"mismatched tags in a list", "ringlist/mismatched-tags.xml", []string{"Bell=bell.raw", "Gong=gong.raw"}, "3 syntax"},

	// syncinfo.xml: whether a phone with P0S3-8-12-00 and sync 1 restarts.
	{"syncinfo", "syncinfo/usual.xml", []string{"restart=false"}, ""},
	{"bare <IMAGE>", "syncinfo/bare-image.xml", []string{"restart=true"}, ""},
	{"missing quote", "syncinfo/missing-quote.xml", []string{"restart=false"}, "2 syntax"},
	{"time stamp as sync", "syncinfo/time-stamp.xml", []string{"restart=true"}, ""},
}

// readers read a fixture by its folder and tell what it means, of what is asked.
var readers = map[string]func(name string, data []byte, asked []string) (means []string, problems []param.Problem){
	"cnf": func(name string, data []byte, asked []string) ([]string, []param.Problem) {
		return settingsMean(asked, cnf.Parse(name, data).Layer(param.FromPhoneFile))
	},
	"device": func(name string, data []byte, asked []string) ([]string, []param.Problem) {
		d, problems := cucm.Parse(name, data)
		layer := d.Layer(param.FromPhoneFile)
		layer.Problems = problems
		return settingsMean(asked, layer)
	},
	"default": func(name string, data []byte, asked []string) ([]string, []param.Problem) {
		d, problems := cucm.ParseDefault(name, data)
		layer := d.Layer(param.FromDefaultFile)
		layer.Problems = problems
		return settingsMean(asked, layer)
	},
	"load": func(name string, data []byte, _ []string) ([]string, []param.Problem) {
		load, problems := firmware.CheckLoadName(name, data)
		return []string{"load=" + load}, problems
	},
	"dialplan": dialled,
	"ringlist": func(name string, data []byte, _ []string) (means []string, problems []param.Problem) {
		rings, problems := ringlist.Parse(name, data)
		for _, r := range rings {
			means = append(means, r.Name+"="+r.File)
		}
		return means, problems
	},
	"syncinfo": func(name string, data []byte, _ []string) ([]string, []param.Problem) {
		images, problems := syncinfo.Parse(name, data)
		return []string{fmt.Sprint("restart=", syncinfo.Restart(images, "P0S3-8-12-00", "1"))}, problems
	},
}

// settingsMean lays a file over flash.
func settingsMean(asked []string, layer param.Layer) (means []string, problems []param.Problem) {
	set, problems := param.Merge(param.ProfileGuide, param.FlashLayer(flashed), layer)
	servers := set.Servers(1)
	for _, a := range asked {
		name, _, _ := strings.Cut(a, "=")
		if name == "server" && len(servers) > 0 {
			means = append(means, fmt.Sprintf("server=%s:%d", servers[0].Host, servers[0].Port))
			servers = servers[1:]
			continue
		}
		means = append(means, name+"="+set.Text(name))
	}
	return means, problems
}

func dialled(name string, data []byte, asked []string) (means []string, problems []param.Problem) {
	plan, problems := dialplan.Parse(name, data)
	for _, a := range asked {
		digits := a[:strings.LastIndexByte(a, '=')]
		r := plan.Match(digits, 1)
		words := []string{r.Timeout.String(), r.Number, r.User, string(r.Tone)}
		switch {
		case r.Action == dialplan.Collect:
			words[0] = "wait"
		case r.Timeout == 0:
			words[0] = "now"
		}
		if r.Route == dialplan.RouteEmergency {
			words = append(words, "emergency")
		}
		means = append(means, digits+"="+strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	return means, problems
}

func TestEveryConstructOfTheSurveyIsUnderstood(t *testing.T) {
	used := map[string]bool{}
	for _, c := range constructs {
		used[c.file] = true
		means, problems := readers[path.Dir(c.file)](c.file, fieldtest.File(c.file), c.means)
		if got, want := strings.Join(means, "\n"), strings.Join(c.means, "\n"); got != want {
			t.Errorf("%s: %s means\n%s\nwant\n%s", c.name, c.file, got, want)
		}
		var told []string
		for _, p := range problems {
			told = append(told, fmt.Sprintf("%d %s", p.Line, p.Code))
		}
		if got := strings.Join(told, ", "); got != c.told {
			t.Errorf("%s: %s tells %q, want %q: %v", c.name, c.file, got, c.told, problems)
		}
	}
	for _, name := range fieldtest.Names() {
		if !used[name] {
			t.Errorf("%s is in no row", name)
		}
	}
}
