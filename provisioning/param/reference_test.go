package param

import (
	"strconv"
	"strings"
	"testing"
)

// reference is section 3 of the reference, its table row by row: name, release
// that brought it, default (of release 8, "-" for none), what is taken, then what
// the other profiles have instead. Where the reference leaves the choice between
// releases (3/4), the table takes the later one.
const reference = `
image_version            1.0  -                  len64
proxy*_address           1.0  -                  any          cucm=USECALLMANAGER
proxy*_port              1.0  5060               1025..65535
call_manager*_addr       8.0  -                  any
call_manager*_sip_port   8.0  5060               1025..65535
proxy_register           1.0  0                  bool         guide=1 cucm=1
timer_register_expires   1.0  3600               1..3932100
timer_register_delta     7.0  5                  0..32767
preferred_codec          1.0  g711ulaw           g711ulaw|g711alaw|g729a|none  cucm=none
tos_media                1.0  5                  0..5
dtmf_inband              1.0  1                  bool
dtmf_outofband           1.0  avt                none|avt|avt_always
dtmf_db_level            1.0  3                  1..5
dtmf_avt_payload         2.0  101                96..127
timer_t1                 1.0  500                1..60000
timer_t2                 1.0  4000               1..600000
sip_retx                 1.0  10                 1..100       guide=11
sip_invite_retx          1.0  6                  1..100       guide=7
timer_invite_expires     1.0  180                1..86400
messages_uri             1.0  -                  any
line*_name               1.0  -                  len128
line*_shortname          1.0  -                  len64
line*_authname           1.0  -                  len128
line*_password           1.0  -                  len128
line*_displayname        2.0  -                  len64
user*_name               1.0  -                  len128
user*_authname           1.0  -                  len128
user*_password           1.0  -                  len128
phone_label              2.0  -                  len11
language                 2.0  english            len32
dial_template            2.0  dialplan           len64
tftp_cfg_dir             2.0  -                  len64
sntp_server              2.0  -                  any
sntp_mode                2.0  directedbroadcast  unicast|multicast|anycast|directedbroadcast
time_zone                2.0  EST                IDL|NT|AHST|IMT|YST|PST|MST|CST|EST|AST|NST|BST|AT|WAT|GMT|CET|EET|BT|IT|ZP4|AFG|ZP5|IST|ZP6|SUM|WAST|HST|JST|CAST|EAST|EADT|NZST
dst_offset               2.0  1                  any
dst_auto_adjust          2.0  1                  bool
dst_start_month          2.0  April              January|Mar|12
dst_start_day            2.0  0                  0..31
dst_start_day_of_week    2.0  Sunday             Sunday|Sat|1|7
dst_start_week_of_month  2.0  1                  1|6|8
dst_start_time           2.0  02:00              any
dst_stop_month           2.0  October            October|Oct|10
dst_stop_day             2.0  0                  0..31
dst_stop_day_of_week     2.0  Sunday             Sunday|Sun|2
dst_stop_week_of_month   2.0  8                  1|6|8
dst_stop_time            2.0  02:00              any
time_format_24hr         2.0  1                  0..3
date_format              6.0  M/D/Y              M/D/Y|D/M/Y|Y/M/D|Y/D/M|Y-M-D|YY-M-D|D-M-YY
dnd_control              2.0  0                  0..3
callerid_blocking        2.0  0                  0..3
anonymous_call_block     2.0  0                  0..3
call_waiting             3.0  1                  0..3
sync                     2.0  1                  len32
proxy_backup             2.1  -                  any
proxy_backup_port        2.1  5060               1025..65535
proxy_emergency          2.1  -                  any
proxy_emergency_port     2.1  5060               1025..65535
enable_vad               2.1  0                  bool
nat_enable               2.2  0                  bool
nat_address              2.2  -                  any
nat_received_processing  2.2  0                  bool
voip_control_port        2.2  5060               1025..65535
start_media_port         2.2  16384              16384..32766
end_media_port           2.2  32766              16384..32766
outbound_proxy           2.2  -                  any
outbound_proxy_port      2.2  5060               1025..65535
user_info                3.0  none               none|phone|ip
phone_prompt             3.0  SIP Phone          len15
phone_password           3.0  cisco              len31
cnf_join_enable          3.0  1                  bool
semi_attended_transfer   3.1  1                  bool
telnet_level             3.1  0                  0..2
services_url             4.0  -                  any
directory_url            4.0  -                  any
logo_url                 4.0  -                  any
http_proxy_addr          4.0  -                  any
http_proxy_port          4.0  80                 1..65535
dyn_dns_addr_1           4.0  -                  any
dyn_dns_addr_2           4.0  -                  any
dyn_tftp_addr            4.0  -                  any
remote_party_id          4.0  0                  bool         cucm=1
network_media_type       4.0  Auto               auto|full100|full10|half100|half10
network_port2_type       4.0  Hub/Switch         Hub/Switch|PC
autocomplete             4.0  1                  bool
call_hold_ringback       4.4  0                  0..3         cucm=2
stutter_msg_waiting      6.0  0                  bool
call_stats               6.0  0                  bool         cucm=1
local_cfwd_enable        7.0  1                  bool
cfwd_url                 7.0  -                  any
auto_answer              7.0  0                  0..63
speed_line*              7.0  -                  any
speed_label*             7.0  -                  len64
Domain_Name              1.0  -                  any
`

// The reference, section 3: "the 2/3 forms belong in the phone file".
func TestLocksBelongInThePhoneFile(t *testing.T) {
	locks := 0
	for _, p := range All() {
		if p.Locks != (p.Kind == Int && p.Min == 0 && p.Max == 3) {
			t.Errorf("%s: locks %v", p.Name, p.Locks)
		}
		if !p.Locks {
			continue
		}
		locks++
		for _, origin := range []Origin{FromDefaultFile, FromPhoneFile} {
			for text, locked := range map[string]bool{"0": false, "1": false, "2": true, "3": true} {
				s, problems := Merge(ProfileGuide, file(origin, p.Name, text))
				if want := locked && origin == FromDefaultFile; s.Text(p.Name) != text || (len(problems) == 1) != want {
					t.Errorf("%s %s in the %v: %q, %v", p.Name, text, origin, s.Text(p.Name), problems)
				}
			}
		}
	}
	if locks != 6 {
		t.Errorf("%d locks", locks)
	}
}

func TestEveryParameterOfTheReferenceIsInTheTable(t *testing.T) {
	known := map[string]bool{}
	for row := range strings.Lines(strings.TrimSpace(reference)) {
		fields := referenceFields(row)
		for line := 1; line <= NumLines; line++ {
			name := numbered(fields[0], line)
			p, ok := Lookup(name)
			if !ok {
				t.Errorf("%s is missing", name)
				continue
			}
			known[p.Name] = true
			if since := p.Since; since != fields[1] && !(line > 1 && since == "2.0" && fields[1] == "1.0") {
				t.Errorf("%s: since %s, want %s", name, since, fields[1])
			}
			checkDefaults(t, p, fields[2], fields[4:])
			checkTaken(t, p, fields[3])
			if name == fields[0] {
				break // not one of a line
			}
		}
	}
	for _, p := range All() {
		if !p.Local && !known[p.Name] && p.Since != ours {
			t.Errorf("%s is in the table, not in the reference", p.Name)
		}
	}
}

// referenceFields splits a row; two words are one where a single blank is
// between them.
func referenceFields(row string) []string {
	var fields []string
	for field := range strings.SplitSeq(row, "  ") {
		if field = strings.TrimSpace(field); field != "" {
			fields = append(fields, field)
		}
	}
	if len(fields) > 4 {
		fields = append(fields[:4:4], strings.Fields(fields[4])...)
	}
	return fields
}

func checkDefaults(t *testing.T, p Param, later string, others []string) {
	want := map[string]string{}
	for profile := range numProfiles {
		want[profile.String()] = strings.Trim(later, "-")
	}
	for _, other := range others {
		name, text, _ := strings.Cut(other, "=")
		want[name] = text
	}
	for profile := range numProfiles {
		if got := p.Default(profile); got != want[profile.String()] {
			t.Errorf("%s: default of profile %v is %q, want %q", p.Name, profile, got, want[profile.String()])
		}
	}
}

// checkTaken tries both ends of a range and what is beyond, or every word of a
// list and one that is not in it, or a text of the greatest length and a longer
// one. What is beyond may be refused, or taken with advice.
func checkTaken(t *testing.T, p Param, taken string) {
	var good, bad []string
	low, high, isRange := strings.Cut(taken, "..")
	length, isLength := strings.CutPrefix(taken, "len")
	switch {
	case taken == "any":
		return
	case taken == "bool":
		good, bad = []string{"0", "1"}, []string{"2", "-1", "maybe"}
	case isRange:
		good, bad = []string{low, high}, []string{step(t, low, -1), step(t, high, 1), "x"}
		if p.Name == "voip_control_port" {
			bad = append(bad, "-5")
		}
	case isLength:
		n, err := strconv.Atoi(length)
		if err != nil {
			t.Fatal(err)
		}
		good, bad = []string{strings.Repeat("a", n)}, []string{strings.Repeat("a", n+1)}
	default:
		good, bad = strings.Split(taken, "|"), []string{"nonsense"}
	}
	for _, text := range good {
		if c, err := p.check(text); err != nil || c.adjusted {
			t.Errorf("%s does not take %q: %v %q", p.Name, text, err, c.advice)
		}
	}
	for _, text := range bad {
		if c, err := p.check(text); err == nil && c.advice == "" {
			t.Errorf("%s takes %q as %q and says nothing", p.Name, text, c.text)
		}
	}
}

func step(t *testing.T, number string, by int) string {
	n, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(n + by)
}
