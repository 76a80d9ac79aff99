//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskset/app/interop"
)

// TestStrangeCertificatesInTheFirstHour: the account is right, the certificate is
// not. The first steps, the idle screen, the status list and the page Security
// say what is wrong and what to do; one that nobody vouches for is a question,
// and with Yes the person gets on; the others get nobody's password.
func TestStrangeCertificatesInTheFirstHour(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cert interop.Certificate
		// known: the phone believes the authority.
		known bool
		// brief is on the idle screen; full and remedy elsewhere. Without it the
		// phone asks, and question is what it says then.
		brief, full, remedy string
		question            string
	}{
		{"another name", interop.Certificate{Names: []string{"sip.proof.test", "pbx.proof.test"}}, true,
			"certificate: wrong name", "name: sip.proof.test, pbx.proof.test", "whether that is its name", ""},
		{"a name in the subject only", interop.Certificate{Nameless: true}, true,
			"certificate: wrong name", "no name that can be checked", "with the server's name in it", ""},
		{"expired", interop.Certificate{Expired: true}, true,
			"certificate not valid today", "is not valid today, but from", "Check this computer's clock", ""},
		{"expired, and of nobody", interop.Certificate{Expired: true}, false,
			"certificate not valid today", "is not valid today, but from", "Check this computer's clock", ""},
		{"self-signed", interop.Certificate{SelfSigned: true}, false, "", "", "", "Signed by: CN=127.0.0.1"},
		{"another name, and of nobody", interop.Certificate{Names: []string{"sip.proof.test"}}, false, "", "", "", "It does not name 127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := interop.StartKamailio(t, interop.KamailioConfig{TLS: true, Certificate: c.cert})
			me := k.Accounts[0]
			var args []string
			if c.known {
				file := filepath.Join(t.TempDir(), "company-ca.pem")
				if err := os.WriteFile(file, k.Authority, 0o600); err != nil {
					t.Fatal(err)
				}
				args = []string{"-tls_ca_file", file}
			}
			phone := interop.StartDeskset(t, interop.DesksetConfig{Args: append(args, "-first-run")})
			phone.Do("timeout 40s", "screen firstrun", "press 2",
				"expect Server", fmt.Sprintf("type 127.0.0.1:%d;transport=tls", k.TLSPort), "soft Validate",
				"expect User name", "type "+me.User, "soft Validate", "expect Password", "type "+me.Password, "soft Validate")
			if c.question != "" {
				phone.Do(append(append([]string{"expect Unknown Certificate"}, pages(6)...), "expect "+c.question, "soft Yes", "screen firstrun.done", "soft Exit", "screen idle",
					"press settings 5", "highlight Security", "soft Select", "expect trusted by you")...)
				phone.Quit()
				return
			}
			phone.Do("screen firstrun.trouble", "expect "+c.full, "expect "+c.remedy, "soft Keep", "screen idle", "expect Line 1: "+c.brief,
				"press settings 5 1", "expect "+c.full, "expect "+c.remedy, "soft Exit",
				"press settings 5", "highlight Security", "soft Select", "expect TLS, refused", "press 3", "expect "+c.full, "expect "+c.remedy)
			phone.Quit()
			if n := k.Requests("REGISTER " + me.User + " plain"); n != 0 {
				t.Errorf("%d requests went to a server that had not proved itself", n)
			}
			if !strings.Contains(phone.Journal(), c.full[:12]) {
				t.Error("the log does not say it")
			}
		})
	}
}

// pages scrolls down.
func pages(n int) (commands []string) {
	for range n {
		commands = append(commands, "press scroll.down")
	}
	return commands
}
