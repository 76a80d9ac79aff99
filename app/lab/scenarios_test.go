package lab

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"deskset/app/lab/tftpd/tftptest"
	"deskset/provisioning/cnf"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/syncinfo"
)

// get fetches a file as RFC 1350 has it, with the size told.
func get(l *Lab, name string) (tftptest.Answer, error) {
	return tftptest.Get(l.TFTP(), tftptest.Request{Name: name, Size: true, BlockSize: 1428})
}

// isMissing tells whether the server says that a file is not there.
func isMissing(l *Lab, name string) bool {
	_, err := get(l, name)
	return errors.Is(err, tftptest.Error{Code: 1, Text: "File not found"})
}

func has(l *Lab, name string) bool {
	a, err := get(l, name)
	return err == nil && len(a.Data) > 0
}

// damage is what the reader of images says of the image that is offered.
func damage(t *testing.T, l *Lab) error {
	t.Helper()
	if a, _ := get(l, defaultName); !bytes.Contains(a.Data, []byte(`image_version: "`+upgradeImage+`"`)) {
		t.Errorf("no upgrade is offered:\n%s", a.Data)
	}
	a, err := get(l, upgradeImage+".img")
	if err != nil {
		t.Fatal(err)
	}
	return firmware.CheckImage(upgradeImage+".img", a.Data)
}

// silence tells whether a server leaves an OPTIONS unanswered.
func silence(a *agent) bool {
	a.send(a.newCall("1"), "OPTIONS", "")
	select {
	case <-a.in:
		return false
	case <-time.After(200 * time.Millisecond):
		return true
	}
}

// noticed registers and gives the NOTIFY that comes of it.
func noticed(t *testing.T, l *Lab, event, body string) bool {
	t.Helper()
	a := registered(t, l, 1, "udp")
	begin := time.Now()
	req := a.lateRequest("NOTIFY", noticeTime+patience)
	a.reply(req, 200, "OK", "x", "")
	return time.Since(begin) > noticeTime-time.Second && req.GetHeader("Event").Value() == event && strings.HasPrefix(string(req.Body()), body)
}

// seen tells of each fault whether a phone can see it.
var seen = map[string]func(*testing.T, *Lab) bool{
	"no-switch": func(t *testing.T, l *Lab) bool {
		c := plug(t, l, 0)
		return c.voiceVLAN(c.askCDP, byCDP) == -1 && c.voiceVLAN(c.askLLDP, byLLDP) == -1
	},
	"wrong-vlan": func(t *testing.T, l *Lab) bool {
		c := plug(t, l, 0)
		return c.voiceVLAN(c.askCDP, byCDP) == 4095 && c.voiceVLAN(c.askLLDP, byLLDP) != VoiceVLAN
	},
	"dhcp-silent": func(t *testing.T, l *Lab) bool {
		return plug(t, l, VoiceVLAN).dhcp(patience/10, layers.DHCPMsgTypeDiscover) == nil
	},
	"dhcp-nak": func(t *testing.T, l *Lab) bool {
		r := plug(t, l, VoiceVLAN).lease()
		return r != nil && r.kind == layers.DHCPMsgTypeNak
	},
	"dhcp-duplicate": func(t *testing.T, l *Lab) bool {
		c := plug(t, l, VoiceVLAN)
		r := c.lease()
		return r != nil && r.kind == layers.DHCPMsgTypeAck && c.taken(r.address)
	},
	"dhcp-bootp": func(t *testing.T, l *Lab) bool {
		r := plug(t, l, VoiceVLAN).lease()
		return r != nil && r.kind == layers.DHCPMsgTypeUnspecified && r.options[51] == nil && voiceNetwork.server.Contains(netip.AddrFrom4([4]byte(r.address.To4())))
	},
	"dhcp-no-tftp": func(t *testing.T, l *Lab) bool {
		r := plug(t, l, VoiceVLAN).lease()
		return r != nil && r.kind == layers.DHCPMsgTypeAck && r.options[66] == nil && r.options[150] == nil
	},
	"tftp-timeout": func(_ *testing.T, l *Lab) bool {
		_, err := get(l, "OS79XX.TXT")
		return errors.Is(err, tftptest.ErrTimeout)
	},
	"tftp-error": func(_ *testing.T, l *Lab) bool {
		_, err := get(l, "OS79XX.TXT")
		var e tftptest.Error
		return errors.As(err, &e) && e.Code == 0 && strings.Contains(e.Text, "\x1b[2J")
	},
	"tftp-size": func(_ *testing.T, l *Lab) bool {
		a, err := get(l, "OS79XX.TXT")
		return err == nil && a.Options["tsize"] == "1012" && len(a.Data) == 12
	},
	"tftp-endless": func(_ *testing.T, l *Lab) bool {
		_, err := get(l, "OS79XX.TXT")
		return errors.Is(err, tftptest.ErrMost)
	},
	"slow-tftp": func(_ *testing.T, l *Lab) bool {
		a, err := tftptest.Get(l.TFTP(), tftptest.Request{Name: defaultName})
		return err == nil && a.Took >= time.Duration(a.Blocks)*slowBlock
	},
	"lossy-tftp": func(_ *testing.T, l *Lab) bool {
		lost := 0
		for range 10 { // a request or its answer is lost more than once in three
			if _, err := tftptest.Get(l.TFTP(), tftptest.Request{Name: "OS79XX.TXT", Wait: 30 * time.Millisecond}); err != nil {
				lost++
			}
		}
		a, err := tftptest.Get(l.TFTP(), tftptest.Request{Name: defaultName, Tries: 30, Wait: 50 * time.Millisecond})
		return lost > 0 && err == nil && len(a.Data) > 0
	},
	"no-files": func(_ *testing.T, l *Lab) bool {
		return isMissing(l, "OS79XX.TXT") && isMissing(l, defaultName) && isMissing(l, "SIP00503EFFD842.cnf") && isMissing(l, "RINGLIST.DAT")
	},
	"missing-default-file": func(_ *testing.T, l *Lab) bool {
		return isMissing(l, defaultName) && has(l, "SIP00503EFFD842.cnf") && has(l, "OS79XX.TXT")
	},
	"missing-phone-file": func(_ *testing.T, l *Lab) bool {
		return isMissing(l, "SIP00503EFFD842.cnf") && isMissing(l, "SEP00503EFFD842.cnf.xml") && has(l, defaultName)
	},
	"bad-config": func(t *testing.T, l *Lab) bool {
		set, problems := merged(t, l)
		return len(problems) >= 8 && set.Text("proxy1_address") == "127.0.0.1" && set.Text("line1_name") == "5551212"
	},
	"bad-image-name":  func(t *testing.T, l *Lab) bool { return errors.Is(damage(t, l), firmware.ErrOtherName) },
	"truncated-image": func(t *testing.T, l *Lab) bool { return errors.Is(damage(t, l), firmware.ErrCutOff) },
	"corrupt-image":   func(t *testing.T, l *Lab) bool { return errors.Is(damage(t, l), firmware.ErrDigest) },
	"registrar-down": func(t *testing.T, l *Lab) bool {
		res := newAgent(t, l, 1, "udp").register()
		return res.StatusCode == 503 && res.GetHeader("Retry-After").Value() == "20"
	},
	// That it comes and goes is proven in package exchange, in virtual time.
	"registrar-flap": func(t *testing.T, l *Lab) bool { return newAgent(t, l, 1, "udp").register().StatusCode == 503 },
	"auth-loop": func(t *testing.T, l *Lab) bool {
		a := newAgent(t, l, 1, "udp")
		for range 3 {
			if res := a.register(); res.StatusCode != 401 || !strings.Contains(res.String(), "stale=true") {
				return false
			}
		}
		a.account.Password = "wrong"
		return !strings.Contains(a.register().String(), "stale=true")
	},
	"wrong-password": func(t *testing.T, l *Lab) bool {
		res := newAgent(t, l, 1, "udp").register()
		return res.StatusCode == 401 && !strings.Contains(res.String(), "stale=true")
	},
	"proxy-silent": func(t *testing.T, l *Lab) bool { return silence(newAgent(t, l, 1, "udp")) },
	"primary-down": func(t *testing.T, l *Lab) bool {
		backup := agentAt(t, l, l.Backup(), 1, "udp")
		return silence(newAgent(t, l, 1, "udp")) && backup.register().StatusCode == 200 && l.Registrations()[0].Server == l.Backup()
	},
	"servers-down": func(t *testing.T, l *Lab) bool {
		set, _ := merged(t, l)
		emergency := set.Text("proxy_emergency") + ":" + set.Text("proxy_emergency_port")
		return silence(newAgent(t, l, 1, "udp")) && silence(agentAt(t, l, l.Backup(), 1, "udp")) && emergency == l.Backup().String()
	},
	"check-sync": func(t *testing.T, l *Lab) bool {
		before, problems := merged(t, l)
		if !noticed(t, l, "check-sync", "") {
			return false
		}
		a, err := get(l, "syncinfo.xml")
		images, more := syncinfo.Parse("syncinfo.xml", a.Data)
		after, _ := merged(t, l)
		// The phone restarts, and only once, as it then has the new value.
		return err == nil && len(problems)+len(more) == 0 &&
			syncinfo.Restart(images, DefaultImage, before.Text("sync")) && !syncinfo.Restart(images, DefaultImage, after.Text("sync"))
	},
	"reset":   func(t *testing.T, l *Lab) bool { return noticed(t, l, "service-control", "action=reset\r\n") },
	"restart": func(t *testing.T, l *Lab) bool { return noticed(t, l, "service-control", "action=restart\r\n") },
}

// merged is what a phone makes of the configuration files.
func merged(t *testing.T, l *Lab) (*param.Set, []param.Problem) {
	t.Helper()
	var layers []param.Layer
	var problems []param.Problem
	for _, f := range []struct {
		name   string
		origin param.Origin
	}{{defaultName, param.FromDefaultFile}, {phoneName(l.MAC()), param.FromPhoneFile}} {
		a, err := get(l, f.name)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		parsed := cnf.Parse(f.name, a.Data)
		problems = append(problems, parsed.Problems...)
		layers = append(layers, parsed.Layer(f.origin))
	}
	set, more := param.Merge(param.ProfileLater, layers...)
	return set, append(problems, more...)
}

func TestEveryFaultIsSeenByAPhone(t *testing.T) {
	for _, f := range Scenarios() {
		see := seen[f.Name]
		if see == nil {
			t.Errorf("%s: no test", f.Name)
			continue
		}
		if f.Does == "" || f.Shows == "" || strings.ContainsAny(f.Name, ", ") {
			t.Errorf("%+v: say what it does and shows", f)
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel() // some take their time
			l := start(t, Options{Fault: f.Name})
			if !see(t, l) {
				t.Error("not seen")
			}
			if err := l.SetFault(""); err != nil {
				t.Fatal(err)
			}
			healthy(t, l)
			// What can be set at the start can be set at any time.
			if err := l.SetFault(f.Name); err != nil {
				t.Error(err)
			}
			if err := l.SetFault(""); err != nil {
				t.Error(err)
			}
		})
	}
	if len(seen) != len(faults) {
		t.Errorf("%d tests for %d faults", len(seen), len(faults))
	}
}

// healthy fails unless everything works.
func healthy(t *testing.T, l *Lab) {
	t.Helper()
	if res := newAgent(t, l, 1, "udp").register(); res.StatusCode != 200 {
		t.Errorf("not cured: %s", res)
	}
	if set, problems := merged(t, l); len(problems) > 0 || set.Text("image_version") != DefaultImage {
		t.Errorf("not cured: image %q, %v", set.Text("image_version"), problems)
	}
	c := plug(t, l, 0)
	if vlan := c.voiceVLAN(c.askCDP, byCDP); vlan != VoiceVLAN {
		t.Errorf("not cured: VLAN %d", vlan)
	}
	if r := plug(t, l, VoiceVLAN).lease(); r == nil || r.kind != layers.DHCPMsgTypeAck || r.options[150] == nil {
		t.Errorf("not cured: %+v", r)
	}
	a, err := get(l, imageFile(upgradeImage))
	if err != nil || firmware.CheckImage(imageFile(upgradeImage), a.Data) != nil {
		t.Errorf("not cured: %v", err)
	}
}

func TestFaultsAreCombined(t *testing.T) {
	l := start(t, Options{Fault: "missing-phone-file, registrar-down ,missing-default-file"})
	if !isMissing(l, defaultName) || !isMissing(l, phoneName(l.MAC())) || !has(l, "OS79XX.TXT") || !seen["registrar-down"](t, l) {
		t.Error("a fault of the three is not seen")
	}
	if err := l.SetFault("missing-phone-file,no-such"); err == nil || !isMissing(l, defaultName) {
		t.Errorf("%v: an unknown name changes something", err)
	}
	if err := l.SetFault("primary-down"); !errors.Is(err, errNoBackup) {
		t.Errorf("primary-down without a backup: %v", err)
	}
	if err := l.SetFault(""); err != nil {
		t.Error(err)
	}
	healthy(t, l)
}
