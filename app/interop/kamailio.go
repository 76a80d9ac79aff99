//go:build linux

package interop

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/link/netnstest"
)

// Account is a user of the registrar.
type Account struct{ User, Password string }

// Accounts makes users first to last with a password each.
func Accounts(first, last int) []Account {
	var all []Account
	for n := first; n <= last; n++ {
		all = append(all, Account{fmt.Sprint(n), fmt.Sprintf("pw-%d-secret", n)})
	}
	return all
}

// KamailioConfig says what the registrar is like. The zero value is one with
// users 1001 to 1006 and MD5.
type KamailioConfig struct {
	Accounts []Account
	// Algorithm of the digest, "MD5" or "SHA-256".
	Algorithm string
	// Forwards are the users whose calls the network sends on (guide, Appendix
	// B, "Network Call Forwarding").
	Forwards []Forward
	// TLS opens a port for TLS, too, with a certificate of an authority that
	// nobody knows; Certificate says what else is strange about it.
	TLS         bool
	Certificate Certificate
	// Expires is the longest registration granted, in seconds; 0 means 3600.
	Expires int
	// In is the network namespace it runs in, nil for the test's own; Host its
	// address there, empty for loopback.
	In   *netnstest.Space
	Host string
}

// Forward sends a user's calls to another: "always", "busy" or "noanswer",
// which is after three seconds.
type Forward struct{ User, When, To string }

// script is a row for the route FORWARD or, when the call came to nothing, for
// the failure route of that name.
func (f Forward) script() (route, failure string) {
	to := fmt.Sprintf("$rU = %q; ", f.To)
	switch f.When {
	case "always":
		return fmt.Sprintf("\tif ($rU == %q) { %s}\n", f.User, to), ""
	case "busy":
		return fmt.Sprintf("\tif ($rU == %q) { $avp(wanted) = $rU; t_on_failure(\"FORWARD\"); }\n", f.User),
			fmt.Sprintf("\tif ($avp(wanted) == %q && t_check_status(\"486\")) { $ru = \"sip:%s@@REALM@\"; }\n", f.User, f.To)
	default:
		return fmt.Sprintf("\tif ($rU == %q) { $avp(wanted) = $rU; t_on_failure(\"FORWARD\"); t_set_fr(3000); }\n", f.User),
			fmt.Sprintf("\tif ($avp(wanted) == %q && t_check_status(\"408\")) { $ru = \"sip:%s@@REALM@\"; t_set_fr(60000); }\n", f.User, f.To)
	}
}

// Kamailio is a registrar and proxy on loopback, UDP and TCP on one port, with
// digest authentication of REGISTER (401) and of calls by its users (407). It
// adds Record-Route, so requests within a call pass it too. Some numbers answer
// by themselves: 74xx, 75xx, 76xx with that status, 7302 redirects to the second
// account, 7000 never answers.
type Kamailio struct {
	*Process
	Host     string
	Port     int
	Realm    string
	Accounts []Account
	control  string
	in       *netnstest.Space

	// TLSPort and Authority, its certificate in PEM, are those of TLS.
	TLSPort   int
	Authority []byte
}

// StartKamailio runs a registrar until the test ends.
func StartKamailio(t testing.TB, c KamailioConfig) *Kamailio {
	t.Helper()
	need(t, "peers", "kamailio", "kamcmd")
	if c.Accounts == nil {
		c.Accounts = Accounts(1001, 1006)
	}
	if c.Algorithm == "" {
		c.Algorithm = "MD5"
	}
	if c.Expires == 0 {
		c.Expires = 3600
	}
	if c.Host == "" {
		c.Host = "127.0.0.1"
	}
	dir := shortTempDir(t)
	k := &Kamailio{Host: c.Host, Port: FreePort(t), Realm: "proof.test", Accounts: c.Accounts, control: filepath.Join(dir, "ctl"), in: c.In}
	path := filepath.Join(dir, "kamailio.cfg")
	var secured string
	if c.TLS {
		secured = k.secured(t, dir, c.Certificate)
	}
	if err := os.WriteFile(path, []byte(k.config(c, secured)), 0o600); err != nil {
		t.Fatal(err)
	}
	// -DD: one process group, nothing goes into the background; -Y keeps its
	// working files out of /run.
	k.Process = start(t, commandIn(c.In, "kamailio", "-DD", "-E", "-m", "32", "-M", "4", "-Y", dir, "-f", path, "-P", filepath.Join(dir, "pid")))
	WaitFor(t, 15*time.Second, "Kamailio to answer OPTIONS", func() bool {
		if !k.Running() {
			t.Fatalf("Kamailio ended:\n%s", k.Log())
		}
		return within(c.In, k.answers)
	})
	return k
}

// shortTempDir is for Unix sockets, whose paths may have 107 characters only.
func shortTempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ds")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Addr is host:port.
func (k *Kamailio) Addr() string { return fmt.Sprintf("%s:%d", k.Host, k.Port) }

// answers asks it by OPTIONS (RFC 3261 section 11).
func (k *Kamailio) answers() bool {
	conn, err := net.Dial("udp", k.Addr())
	if err != nil {
		return false
	}
	defer conn.Close()
	fmt.Fprintf(conn, "OPTIONS sip:%[1]s SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s;branch=z9hG4bKproof%[3]d;rport\r\n"+
		"Max-Forwards: 5\r\nFrom: <sip:proof@%[1]s>;tag=1\r\nTo: <sip:%[1]s>\r\nCall-ID: %[3]d@proof\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		k.Addr(), conn.LocalAddr(), time.Now().UnixNano())
	_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	return err == nil && strings.HasPrefix(string(answer[:n]), "SIP/2.0 200")
}

// Bindings gives the contacts that a user has registered.
// (s: tells kamcmd that digits are a string.)
func (k *Kamailio) Bindings(user string) []string {
	out, err := exec.Command("kamcmd", "-s", "unix:"+k.control, "ul.lookup", "location", "s:"+user).Output()
	if err != nil {
		return nil
	}
	var contacts []string
	for line := range strings.Lines(string(out)) {
		if address, ok := strings.CutPrefix(strings.TrimSpace(line), "Address: "); ok {
			contacts = append(contacts, address)
		}
	}
	return contacts
}

// Requests counts what reached the registrar: "REGISTER 1001 auth" with
// credentials, "REGISTER 1001 plain" without, "INVITE 1001 plain" and so on; the
// user is that of From.
func (k *Kamailio) Requests(what string) int {
	return strings.Count(k.Log(), "proof: "+what+"\n")
}

func (k *Kamailio) config(c KamailioConfig, secured string) string {
	var passwords strings.Builder
	for _, a := range c.Accounts {
		fmt.Fprintf(&passwords, "\t$sht(pw=>%s) = %q;\n", a.User, a.Password)
	}
	var forward, failed strings.Builder
	for _, f := range c.Forwards {
		route, failure := f.script()
		forward.WriteString(route)
		failed.WriteString(failure)
	}
	second := c.Accounts[min(1, len(c.Accounts)-1)].User
	text := strings.NewReplacer("@FORWARD@", forward.String(), "@FAILED@", failed.String()).Replace(kamailioConfig)
	return strings.NewReplacer(
		"@TLS@", secured, "@ADDR@", k.Addr(), "@REALM@", k.Realm, "@CTL@", k.control, "@ALGORITHM@", c.Algorithm,
		"@EXPIRES@", fmt.Sprint(c.Expires), "@PASSWORDS@", passwords.String(), "@SECOND@", second,
	).Replace(text)
}

// kamailioConfig is written for these tests: a registrar that knows its users
// from a table in memory, and a proxy in front of them.
const kamailioConfig = `#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=2
tcp_children=1
auto_aliases=no
listen=udp:@ADDR@
listen=tcp:@ADDR@
alias="@REALM@"
server_header="Server: proof"
@TLS@
loadmodule "kex.so"
loadmodule "ctl.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "sanity.so"
loadmodule "htable.so"
loadmodule "auth.so"

modparam("ctl", "binrpc", "unix:@CTL@")
modparam("tm", "fr_timer", 10000)
modparam("tm", "fr_inv_timer", 60000)
modparam("tm", "failure_reply_mode", 3)
modparam("rr", "append_fromtag", 1)
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "timer_interval", 5)
modparam("registrar", "default_expires", @EXPIRES@)
modparam("registrar", "min_expires", 10)
modparam("registrar", "max_expires", @EXPIRES@)
modparam("registrar", "max_contacts", 4)
modparam("htable", "htable", "pw=>size=6;initval='';")
modparam("auth", "qop", "auth")
modparam("auth", "algorithm", "@ALGORITHM@")
modparam("auth", "nonce_expire", 60)
modparam("xlog", "prefix", "proof: ")

event_route[htable:mod-init] {
@PASSWORDS@
}

request_route {
	if ($hdr(Authorization) != $null || $hdr(Proxy-Authorization) != $null) {
		xlog("L_ALERT", "$rm $fU auth\n");
	} else {
		xlog("L_ALERT", "$rm $fU plain\n");
	}
	if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
	if (!sanity_check("17895", "7")) { xlog("L_ALERT", "insane $rm from $si:$sp\n"); exit; }
	force_rport();
	if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
	if (!is_method("ACK")) t_check_trans();

	if (has_totag()) {
		if (loose_route()) t_relay();
		else if (is_method("ACK")) { if (t_check_trans()) t_relay(); }
		else sl_send_reply("404", "Not Here");
		exit;
	}
	if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }
	remove_hf("Route");
	if (is_method("REGISTER")) { route(REGISTRAR); exit; }
	if (uri != myself) { sl_send_reply("403", "No Relay"); exit; }
	if (!is_method("NOTIFY")) route(CALLER); # an administrator of the server asks phones to restart
	if (is_method("INVITE|SUBSCRIBE|REFER")) record_route();
	route(NUMBERS);
	if (is_method("INVITE")) route(FORWARD);
	if (uri == myself && !lookup("location")) {
		if ($sht(pw=>$rU) != "") sl_send_reply("480", "Not Registered"); else sl_send_reply("404", "Not Found");
		exit;
	}
	t_relay();
}

route[REGISTRAR] {
	if (!pv_www_authenticate("@REALM@", "$sht(pw=>$au)", "0")) {
		www_challenge("@REALM@", "1");
		exit;
	}
	if ($au != $tU) { sl_send_reply("403", "Wrong Account"); exit; }
	if (!save("location")) sl_reply_error();
}

route[CALLER] {
	if ($sht(pw=>$fU) == "") return;
	if (!pv_proxy_authenticate("@REALM@", "$sht(pw=>$au)", "0")) {
		proxy_challenge("@REALM@", "1");
		exit;
	}
	consume_credentials();
}

route[FORWARD] {
@FORWARD@	return;
}

failure_route[FORWARD] {
	if (t_is_canceled()) exit;
	$var(before) = $ru;
@FAILED@	if ($ru != $var(before)) { if (lookup("location")) t_relay(); }
}

route[NUMBERS] {
	if ($rU == "7000") exit;
	if ($rU == "7302") {
		append_to_reply("Contact: <sip:@SECOND@@@ADDR@>\r\n");
		sl_send_reply("302", "Moved Temporarily");
		exit;
	}
	if ($rU =~ "^7[456][0-9][0-9]$") {
		$var(code) = $(rU{s.substr,1,3}{s.int});
		sl_send_reply("$var(code)", "Service Number");
		exit;
	}
}
`
