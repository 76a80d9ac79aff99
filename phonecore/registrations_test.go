package phonecore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

const backupAddr = "192.0.2.3:5060"

// with is the two lines' files with more in the default file.
func (f files) with(lines string) files {
	more := files{}
	for name, data := range f {
		more[name] = data
	}
	more["SIPDefault.cnf"] += lines
	return more
}

func TestServersAreTriedInTheOrderOfTheFiles(t *testing.T) {
	for name, c := range map[string]struct {
		lines, domain, want string
	}{
		"a proxy":                   {"proxy1_address: 192.0.2.1\n", "", "192.0.2.1:0"},
		"and its backup":            {"proxy1_address: 192.0.2.1\nproxy1_port: 5070\nproxy_backup: 192.0.2.3\n", "", "192.0.2.1:5070 192.0.2.3:0"},
		"with a port":               {"proxy1_address: 192.0.2.1\nproxy_backup: 192.0.2.3\nproxy_backup_port: 5062\n", "", "192.0.2.1:0 192.0.2.3:5062"},
		"a name stays the domain":   {"proxy1_address: pbx.example.com\nproxy_backup: 192.0.2.3\n", "pbx.example.com", "pbx.example.com:0 192.0.2.3:0"},
		"a name alone":              {"proxy1_address: pbx.example.com\nproxy_backup: UNPROVISIONED\n", "", "pbx.example.com:0"},
		"call managers":             {"proxy1_address: USECALLMANAGER\ncall_manager1_addr: 192.0.2.5\ncall_manager3_addr: cm3.example.com\ncall_manager3_sip_port: 5065\nproxy_backup: 192.0.2.3\n", "", "192.0.2.5:0 cm3.example.com:5065 192.0.2.3:0"},
		"call managers without one": {"proxy1_address: USECALLMANAGER\nproxy_backup: 192.0.2.3\n", "", ":0"},
		"no proxy":                  {"proxy_backup: 192.0.2.3\n", "", ":0"},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				var a sipua.Account
				d.on(func() { a = d.phone.account(1) })
				got := fmt.Sprintf("%s:%d", a.Proxy, a.ProxyPort)
				for _, s := range a.Backups {
					got += fmt.Sprintf(" %s:%d", s.Host, s.Port)
				}
				if got != c.want || a.Domain != c.domain {
					t.Errorf("servers %s, domain %q; want %s, %q", got, a.Domain, c.want, c.domain)
				}
			}, withFiles(files{"SIPDefault.cnf": c.lines}))
		})
	}
}

// backed is a phone with a proxy and its backup.
func backed(t *testing.T, f func(d *desk, backup *siptest.Proxy)) {
	t.Helper()
	onDesk(t, func(d *desk) {
		backup := siptest.NewProxy(d.net.Network, backupAddr)
		f(d, backup)
		backup.Transport().Close()
	}, withFiles(twoLines.with("proxy_backup: 192.0.2.3\nsip_retx: 2\ntimer_register_expires: 60\n")))
}

// icons are those of the two lines.
func (d *desk) icons() [2]view.Icon {
	lines := d.view().Screen.Lines
	return [2]view.Icon{lines[0].Icon, lines[1].Icon}
}

func TestIdleScreenSaysThatALineIsOnItsBackupAndOneMessageTellsEachChange(t *testing.T) {
	backed(t, func(d *desk, backup *siptest.Proxy) {
		d.wait(time.Second)
		d.expect("idle", "Deskset")
		if got := d.icons(); got != [2]view.Icon{view.IconOnHook, view.IconOnHook} {
			t.Errorf("icons %v", got)
		}
		d.net.proxy.Transport().SetDown(true)
		d.wait(time.Minute)
		d.expect("idle", "Line 1: on backup "+backupAddr, "Line 2: on backup "+backupAddr)
		if got := d.icons(); got != [2]view.Icon{view.IconOnHook, view.IconOnHook} {
			t.Errorf("icons %v", got)
		}
		d.wait(time.Hour)
		backup.Transport().SetDown(true)
		d.wait(time.Hour)
		if got := d.icons(); got != [2]view.Icon{view.IconNotRegistered, view.IconNotRegistered} {
			t.Errorf("icons %v while no server answers", got)
		}
		d.net.proxy.Transport().SetDown(false)
		d.wait(5*time.Minute + 10*time.Second)
		for line := 1; line <= 2; line++ {
			var news []string
			for _, s := range d.statusTexts() {
				if strings.HasPrefix(s, fmt.Sprintf("Line %d:", line)) {
					news = append(news, strings.TrimPrefix(s, fmt.Sprintf("Line %d: ", line)))
				}
			}
			want := []string{"registering", "registered at " + proxyAddr, "registered at " + backupAddr + ", a backup", "no answer from " + proxyAddr, "back at " + proxyAddr}
			if !slices.Equal(news, want) {
				t.Errorf("line %d: %q, want %q", line, news, want)
			}
		}
		d.expect("idle")
		if s := screenText(d.view().Screen); strings.Contains(s, "backup") {
			t.Errorf("the screen still says:\n%s", s)
		}
	})
}

// TestOriginOfAWrongPasswordIsSaid: there it has to be changed.
func TestOriginOfAWrongPasswordIsSaid(t *testing.T) {
	account := []string{"proxy1_address", "192.0.2.1", "line1_name", "5551212"}
	for want, setups := range map[string][]setup{
		"line1_password is not set":                {empty, withFlags(account...)},
		"The password comes from flags":            {empty, withFlags(append(account, "line1_password", "mistaken")...)},
		"To change it: **#, Settings, First Steps": {empty, withFlags(account...), withFlash(flashWith("line1_password", "mistaken"))},
	} {
		onDesk(t, func(d *desk) {
			d.wait(time.Minute)
			d.expect("idle", "Line 1: wrong name or password (401)", want)
		}, setups...)
	}
}

func TestWrongPasswordStopsWithAClearText(t *testing.T) {
	f := files{}
	for name, data := range twoLines {
		f[name] = strings.ReplaceAll(data, "s3cret-canary", "mistaken")
	}
	onDesk(t, func(d *desk) {
		d.wait(24 * time.Hour)
		d.expect("idle", "Line 1: wrong name or password (401)", "Line 2: wrong name or password (401)",
			"The password comes from SIP00503EFFD842.cnf:")
		count := 0
		for _, e := range d.net.Log() {
			if e.Message.Method == "REGISTER" {
				count++
			}
		}
		if count != 2*4 {
			t.Errorf("%d REGISTERs", count)
		}
	}, withFiles(f))
}

func TestCallGoesToTheBackupWhenTheProxyIsGone(t *testing.T) {
	backed(t, func(d *desk, backup *siptest.Proxy) {
		d.wait(time.Second)
		d.net.proxy.Transport().SetRefusing(true)
		backup.Status["77"] = 486
		d.press(view.KeySpeaker)
		d.dial("77")
		d.soft("Dial")
		d.wait(3 * time.Second)
		d.expect("failed", "Busy")
		d.press(view.KeySpeaker)
		d.wait(5 * time.Second)
		d.expect("idle", "Line 1: on backup")
	})
}

func TestServerThatIsGoneIsSaidToBeSo(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.net.proxy.Transport().SetRefusing(true)
		d.wait(time.Second)
		d.press(view.KeySpeaker)
		d.dial("77")
		d.soft("Dial")
		d.wait(3 * time.Second) // and not the time-out of half a minute
		d.expect("failed", "No answer from the server")
		d.press(view.KeySpeaker)
		d.wait(10 * time.Second)
		d.expect("idle", "connection refused")
	})
}
