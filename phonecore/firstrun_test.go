package phonecore

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/fetch"
)

// empty is a phone that nobody has set up, on a network without any server.
func empty(c *Config) {
	c.Local, c.Network, c.FirstRun = nil, nowhere{}, FirstRunIfEmpty
}

// nowhere is a network whose servers have no names.
type nowhere struct{ files }

func (nowhere) Resolve(_ context.Context, name string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestFirstRunIsForAPhoneThatKnowsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		setups []setup
		want   string
	}{
		"nothing is known":   {[]setup{empty}, "firstrun"},
		"not asked for":      {[]setup{empty, func(c *Config) { c.FirstRun = FirstRunNever }}, "idle"},
		"a line is set":      {[]setup{empty, withFlags("line1_name", "ada", "proxy1_address", "192.0.2.1")}, "idle"},
		"a server is set":    {[]setup{empty, withFlags("tftp_server", "192.0.2.2")}, "idle"},
		"flash is not empty": {[]setup{empty, withFlash(flashWith("phone_label", "Lobby"))}, "idle"},
		"a server serves it": {[]setup{func(c *Config) { c.FirstRun = FirstRunIfEmpty }}, "idle"},
		"forced":             {[]setup{func(c *Config) { c.FirstRun = FirstRunAlways }}, "firstrun"},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) { d.expect(c.want) }, c.setups...)
		})
	}
}

func flashWith(name, value string) *flash.Flash {
	f := flash.Memory()
	if err := f.Save(map[string]string{name: value}, nil); err != nil {
		panic(err)
	}
	return f
}

func TestFirstRunByKeypadAndExitLeadsHome(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("firstrun", "Welcome", "Try the lab", "My SIP account", "provisioning server", "Later")
		d.press(view.Key4)
		d.expect("idle")
		d.on(func() { d.phone.openFirstRun() })
		d.expect("firstrun")
		d.press(view.KeyScrollDown)
		d.soft("Select")
		d.expect("firstrun.edit", "Server")
		d.soft("Cancel")
		d.expect("firstrun.account", "Try the account")
		d.press(view.Key6)
		d.expect("firstrun.account", "are needed")
		d.press(view.Key2)
		if got := d.view().Screen.Items[rowTransport].Value; got != "tcp" {
			t.Errorf("transport %q", got)
		}
		d.soft("Back")
		d.soft("Exit")
		d.expect("idle")
	}, empty)
}

// enterAccount types an account as the page asks for it.
func (d *desk) enterAccount(server, user, password string) {
	d.t.Helper()
	d.press(view.Key2)
	for i, answer := range []string{server, user, password} {
		d.expect("firstrun.edit", []string{"Server", "User name", "Password"}[i])
		d.phone.Type(answer)
		synctest.Wait()
		d.phone.Type("\r")
		synctest.Wait()
	}
}

const canary = "s3cret-canary"

func TestMyAccountIsTriedAndKept(t *testing.T) {
	kept := flash.Memory()
	onDesk(t, func(d *desk) {
		d.enterAccount("192.0.2.1", "5551212", canary)
		d.wait(time.Second)
		d.expect("firstrun.done", "5551212 is registered at 192.0.2.1:5060")
		d.soft("Exit")
		d.expect("idle", "5551212")
	}, empty, withFlash(kept))
	stored, err := kept.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"proxy1_address": "192.0.2.1", "line1_name": "5551212", "line1_authname": "5551212",
		"line1_password": canary, "proxy_register": "1", "proxy1_port": "",
	} {
		if stored[name] != want {
			t.Errorf("flash holds %s %q, want %q", name, stored[name], want)
		}
	}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.expect("idle", "5551212")
		if d.net.proxy.Registered("5551212") == "" {
			t.Error("the next start does not register")
		}
	}, empty, withFlash(kept))
}

func TestWholeAddressCanBePasted(t *testing.T) {
	var a account
	if trouble := a.setServer("sip:ada@192.0.2.1:5070;transport=tcp"); trouble != text.None || a.server != "192.0.2.1:5070" || a.user != "ada" {
		t.Errorf("%v: %+v", trouble, a)
	}
	for _, bad := range []string{"", "sip:", "a b", "host:99999", "host:0", "@", "ada@"} {
		if (&account{}).setServer(bad) != text.AccountBadServer {
			t.Errorf("%q is taken for a server", bad)
		}
	}
}

// badServers are networks on which the account does not work.
var badServers = map[string]struct {
	server   string
	prepare  func(*desk)
	resolver siptest.Names
	wait     time.Duration
	words    []string
}{
	"wrong password": {prepare: func(d *desk) { d.net.proxy.Users["5551212"] = "another" }, words: []string{"does not accept the name or the password", "Type both again"}},
	"forbidden":      {prepare: func(d *desk) { d.net.proxy.Refuse = 403 }, words: []string{"forbids it", "active"}},
	"unknown user":   {prepare: func(d *desk) { d.net.proxy.Refuse = 404 }, words: []string{"does not know this user", "right server"}},
	"ill server":     {prepare: func(d *desk) { d.net.proxy.Refuse = 500 }, words: []string{"trouble of its own (500)"}},
	"no such name":   {server: "pbx.invalid", resolver: siptest.Names{}, words: []string{"no server of the name", "spelling"}},
	"refused":        {prepare: func(d *desk) { d.net.proxy.Transport().SetRefusing(true) }, words: []string{"nothing listens", "port and transport"}},
	"silent":         {prepare: func(d *desk) { d.net.proxy.Transport().SetDown(true) }, wait: time.Minute, words: []string{"does not answer", "firewall"}},
	"other":          {prepare: func(d *desk) { d.net.proxy.Refuse = 488 }, words: []string{"refuses: 488"}},
}

func TestFailureOfMyAccountIsExplained(t *testing.T) {
	for name, c := range badServers {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			kept := flash.Memory()
			onDesk(t, func(d *desk) {
				if c.prepare != nil {
					d.on(func() { c.prepare(d) })
				}
				server := c.server
				if server == "" {
					server = "192.0.2.1"
				}
				d.enterAccount(server, "5551212", canary)
				d.wait(5 * time.Second)
				if c.wait > 0 {
					d.expect("firstrun.try", "No answer yet")
					d.wait(c.wait)
				}
				d.expectTrouble(c.words...)
				d.soft("Change")
				d.expect("firstrun.account", server, "********")
				d.press(view.Key6)
				d.wait(5*time.Second + c.wait)
				d.expectTrouble(c.words...)
				d.soft("Again")
				d.wait(5*time.Second + c.wait)
				d.expectTrouble(c.words...)
				if stored, _ := kept.Load(); stored["line1_name"] != "" {
					t.Error("an account that does not work was kept without being asked for")
				}
				d.soft("Keep")
				d.wait(time.Second)
				d.expect("idle")
				if stored, _ := kept.Load(); stored["line1_password"] != canary {
					t.Error("the account was not kept")
				}
				if all := fmt.Sprint(d.statusTexts(), d.view()); strings.Contains(all, "canary") {
					t.Errorf("the password is shown: %s", all)
				}
			}, empty, withFlash(kept), func(c2 *Config) {
				c2.Resolver = c.resolver
				c2.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			if strings.Contains(log.String(), "canary") {
				t.Error("the password is in the log")
			}
		})
	}
}

// expectTrouble reads the page of a failure, whose lines may be broken.
func (d *desk) expectTrouble(words ...string) {
	d.t.Helper()
	d.expect("firstrun.trouble", words...)
	if s := d.view().Screen; s.Soft[0] != "Again" || s.Soft[1] != "Change" || s.Soft[3] != "Keep" {
		d.t.Errorf("soft keys %q", s.Soft)
	}
}

func TestWrongPasswordIsChangedAndWorks(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.enterAccount("192.0.2.1:5060", "5551212", "wrong")
		d.wait(5 * time.Second)
		d.expectTrouble("does not accept")
		d.soft("Change")
		d.press(view.Key5)
		d.phone.Type(canary)
		synctest.Wait()
		d.soft("Validate")
		d.expect("firstrun.account")
		d.press(view.Key6)
		d.wait(5 * time.Second)
		d.expect("firstrun.done")
	}, empty)
}

func TestLeavingTheTryGivesItUp(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.net.proxy.Transport().SetDown(true) })
		d.enterAccount("192.0.2.1", "5551212", canary)
		d.expect("firstrun.try", "Asking 192.0.2.1")
		d.press(view.KeySettings)
		d.wait(2 * time.Minute)
		d.expect("idle")
	}, empty)
}

func TestHelpOverTheTryDoesNotLoseItsEnd(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.net.proxy.Refuse = 403; d.net.SetDelay(time.Second) })
		d.enterAccount("192.0.2.1", "5551212", canary)
		d.expect("firstrun.try")
		d.press(view.KeyInfo, view.Key5)
		d.expect("help")
		d.wait(5 * time.Second)
		d.expectTrouble("forbids it")
	}, empty)
}

// TestEveryErrorHasASentence goes from errors as the system gives them to what
// a person reads.
func TestEveryErrorHasASentence(t *testing.T) {
	opError := func(err error) error {
		return fmt.Errorf("sending: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)})
	}
	for _, c := range []struct {
		w            problem
		what, remedy text.ID
	}{
		{problem{err: &net.DNSError{IsNotFound: true}}, text.WrongName, text.WrongNameDo},
		{problem{code: 503, err: &net.DNSError{IsTimeout: true}}, text.WrongDNS, text.WrongDNSDo},
		{problem{code: 503, err: opError(syscall.ECONNREFUSED)}, text.WrongRefused, text.WrongRefusedDo},
		{problem{code: 503, err: opError(wsaRefused)}, text.WrongRefused, text.WrongRefusedDo},
		{problem{code: 503, err: opError(syscall.ENETUNREACH)}, text.WrongRoute, text.WrongRouteDo},
		{problem{code: 503, err: opError(syscall.EHOSTUNREACH)}, text.WrongRoute, text.WrongRouteDo},
		{problem{code: 503, err: opError(syscall.ETIMEDOUT)}, text.WrongSilent, text.WrongSilentDo},
		{problem{code: 503, err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, text.WrongAuthority, text.WrongAuthorityDo},
		{problem{code: 503, err: fmt.Errorf("tls: %w", x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"b"}}, Host: "a"})}, text.WrongHost, text.WrongHostDo},
		{problem{code: 503, err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a"}}, text.WrongNameless, text.WrongNamelessDo},
		{problem{code: 503, err: x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}}, text.WrongExpired, text.WrongExpiredDo},
		{problem{code: 503, err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}}, text.WrongAuthority, text.WrongAuthorityDo},
		{problem{code: 503, err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}}, text.WrongTLS, text.WrongTLSDo},
		{problem{code: 408, err: errors.New("no answer")}, text.WrongSilent, text.WrongSilentDo},
		{problem{code: 407}, text.WrongPassword, text.WrongPasswordDo},
		{problem{code: 604}, text.WrongUnknown, text.WrongUnknownDo},
		{problem{code: 503}, text.WrongServer, text.WrongServerDo},
		{problem{code: 420}, text.WrongOther, text.WrongOtherDo},
		{problem{code: 503, err: errors.New("what is that")}, text.WrongOther, text.WrongOtherDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrProtocol, Cause: x509.UnknownAuthorityError{}}}, text.WrongAuthority, text.WrongAuthorityDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrUnreachable, Cause: opError(syscall.ECONNREFUSED)}}, text.WrongRefused, text.WrongReachDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrUnreachable, Cause: &net.DNSError{IsNotFound: true}}}, text.WrongName, text.WrongNameDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrNotFound}}, text.WrongNoFile, text.WrongNoFileDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrAccess}}, text.WrongLogin, text.WrongLoginDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrTimeout}}, text.WrongSilent, text.WrongReachDo},
		{problem{kind: problemFetch, err: context.DeadlineExceeded}, text.WrongSilent, text.WrongReachDo},
		{problem{kind: problemFetch, err: &fetch.Error{Err: fetch.ErrProtocol}}, text.WrongFetch, text.WrongFetchDo},
		{problem{kind: problemLab, reason: "port 69 is taken"}, text.WrongLab, text.WrongLabDo},
		{problem{kind: problemSound, reason: "port 5060 is taken"}, text.WrongSound, text.WrongSoundDo},
	} {
		c.w.server = "pbx.example"
		what, remedy := c.w.explain()
		start := func(id text.ID) string { s, _, _ := strings.Cut(text.Get(id), "%"); return s }
		end := func(id text.ID) string { s := text.Get(id); return s[strings.LastIndex(s, "%s")+1:] }
		if !strings.HasPrefix(what, start(c.what)) || !strings.HasPrefix(remedy, start(c.remedy)) || !strings.HasSuffix(what, strings.TrimPrefix(end(c.what), "s")) && !strings.Contains(what, "(5") {
			t.Errorf("%+v: %q, %q; want %q, %q", c.w, what, remedy, text.Get(c.what), text.Get(c.remedy))
		}
		if strings.Contains(what+remedy, "%!") {
			t.Errorf("%q %q", what, remedy)
		}
	}
}

func TestErrorsOfTheTransportReachThePage(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.net.proxy.Transport().SetDown(true) })
		d.enterAccount("192.0.2.1", "5551212", canary)
		d.on(func() {
			d.phone.registration(sipua.Registration{Line: 1, State: sipua.RegFailed, Code: 503, Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}})
		})
		d.expectTrouble("comes from nobody whom this computer trusts")
	}, empty)
}
