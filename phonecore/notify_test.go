package phonecore

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/tftp"
)

// counted are files that remember what was asked for.
type counted struct {
	files // to be changed by set
	slow  time.Duration

	mu    sync.Mutex
	times map[string]int
}

func (c *counted) TFTP(netip.AddrPort) fetch.Source { return fetchtest.Source(c.get) }

func (c *counted) get(ctx context.Context, name string) ([]byte, error) {
	if name == syncFile && c.slow > 0 {
		select {
		case <-time.After(c.slow):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times[name]++
	if c.files[name] == "timeout" {
		return nil, tftp.ErrTimeout
	}
	return c.files.fetch(ctx, name)
}

// set changes a file; an empty one is not there.
func (c *counted) set(name, data string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files[name] = data; data == "" {
		delete(c.files, name)
	}
}

// asked is how often a file was.
func (c *counted) asked(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.times[name]
}

// starts is how often the phone has asked for its configuration.
func (c *counted) starts() int { return c.asked("SIPDefault.cnf") }

// asked runs a test with a phone that is sent NOTIFY; server is one of its
// servers: the one of its files.
func asked(t *testing.T, f func(d *desk, c *counted, server *siptest.Peer), more ...setup) {
	t.Helper()
	c := &counted{files: twoLines.with(""), times: map[string]int{}}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		f(d, c, siptest.NewPeer(t, d.net.Network, "192.0.2.2:5060"))
	}, append([]setup{func(config *Config) { config.Network = c }}, more...)...)
}

// notify sends a NOTIFY and checks the status of its answer.
func (d *desk) notify(peer *siptest.Peer, event, body string, want int) {
	d.t.Helper()
	peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:5551212@192.0.2.44", siptest.With("Event", event), func(m *wire.Message) {
		m.SetBody("text/plain", []byte(body))
	}))
	got := peer.Next().Status
	if got == 503 && want == 200 {
		return // it restarts just now
	}
	if got != want {
		d.t.Errorf("%s %.40q was answered by %d, want %d", event, body, got, want)
	}
}

func syncInfo(value string) string {
	return fmt.Sprintf(`<SYNCINFO><IMAGE VERSION="*" SYNC="%s"/></SYNCINFO>`, value)
}

func TestCheckSyncResetsThePhoneIfTheFileSaysSo(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		c.set(syncFile, syncInfo("1")) // the default of the parameter
		d.notify(server, "check-sync", "", 200)
		d.wait(time.Second)
		d.expectStatus("check-sync: nothing has changed")
		if c.starts() != 1 {
			t.Fatalf("%d start-ups", c.starts())
		}
		c.set(syncFile, syncInfo("2"))
		c.set("SIPDefault.cnf", twoLines["SIPDefault.cnf"]+"sync: 2\n")
		d.wait(syncGap)
		d.notify(server, "check-sync;reboot=true", "", 200)
		d.wait(2 * time.Second)
		d.expectStatus("Resetting (check-sync)")
		if c.starts() != 2 || d.param("sync") != "2" {
			t.Errorf("%d start-ups, sync %q", c.starts(), d.param("sync"))
		}
		d.expect("idle", "5551212")
		if d.net.proxy.Registered("5551212") == "" {
			t.Error("the line is not registered after the reset")
		}
		// In step now.
		d.wait(2 * time.Minute)
		d.notify(server, "check-sync", "", 200)
		d.wait(2 * time.Minute)
		if c.starts() != 2 {
			t.Errorf("%d start-ups", c.starts())
		}
	})
}

func TestLinesSayFarewellBeforeTheRestart(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		before := len(d.net.Log())
		d.notify(server, "service-control", "action=restart\r\nRegisterCallID={x}\r\n", 200)
		d.wait(2 * time.Second)
		var flow []string
		for _, e := range d.net.Log()[before:] {
			if e.Message.Method == "REGISTER" && e.Message.To().ParsedURI().UserText() == "5551212" {
				flow = append(flow, e.Message.Header.Get("Expires"))
			}
		}
		if got := strings.Join(flow, " "); got != "0 3600 3600" {
			t.Errorf("REGISTER for %s", got)
		}
		d.expectStatus("Restarting (service-control restart)")
	})
}

func TestPhoneCanBeSwitchedOffWhileItRestarts(t *testing.T) {
	for _, wait := range []time.Duration{0, time.Millisecond, 3 * time.Millisecond} {
		asked(t, func(d *desk, c *counted, server *siptest.Peer) {
			d.notify(server, "service-control", "action=reset", 200)
			d.wait(wait)
		})
	}
	asked(t, func(d *desk, c *counted, server *siptest.Peer) { // nobody hears the farewell
		d.net.proxy.Transport().SetDown(true)
		d.notify(server, "service-control", "action=reset", 200)
		d.wait(time.Second)
	})
}

func TestRestartWaitsForTheCallToEnd(t *testing.T) {
	for _, event := range []string{"service-control", "check-sync"} {
		asked(t, func(d *desk, c *counted, server *siptest.Peer) {
			c.set(syncFile, syncInfo("2"))
			ada := d.peer()
			d.press(view.KeySpeaker)
			d.phone.Type("sip:ada@192.0.2.9\r")
			invite := ada.Await("INVITE")
			ok := ada.Reply(invite, 200, siptest.SDP(peerSDP))
			ada.Await("ACK")
			d.notify(server, event, "action=reset", 200)
			if event == "service-control" {
				d.expect("connected", "Reset pending")
				d.expectStatus("Reset pending until the phone is idle")
			}
			d.wait(time.Hour)
			d.expect("connected")
			if c.starts() != 1 || c.asked(syncFile) != 0 {
				t.Errorf("%d start-ups during the call", c.starts())
			}
			ada.SendTo(phoneAddr, ada.Within(invite, ok, "BYE"))
			d.wait(10 * time.Second)
			if c.starts() != 2 {
				t.Errorf("%s: %d start-ups after the call", event, c.starts())
			}
			d.expect("idle")
		})
	}
}

func TestRestartsAreAMinuteApartAndNoneIsLost(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		for range 300 { // one a second
			d.notify(server, "service-control", "action=reset", 200)
			d.wait(time.Second)
		}
		if got := c.starts(); got < 5 || got > 7 {
			t.Errorf("%d start-ups in five minutes", got)
		}
		d.wait(2 * time.Minute)
		before := c.starts()
		d.wait(time.Hour)
		d.expect("idle")
		if c.starts() != before {
			t.Error("it still restarts")
		}
	})
}

func TestCheckSyncFloodCostsOneFetchInTenSeconds(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		c.set(syncFile, syncInfo("1"))
		c.slow = 3 * time.Second
		for range 100 {
			d.notify(server, "check-sync", "", 200)
			d.wait(100 * time.Millisecond)
		}
		d.wait(time.Minute)
		if got := c.asked(syncFile); got > 2 {
			t.Errorf("%d fetches", got)
		}
		d.expect("idle")
	})
}

func TestSyncInfoThatIsMissingOrBrokenIsTold(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		for _, step := range []struct{ file, want string }{
			{"", "check-sync: syncinfo.xml"}, {"timeout", "check-sync: "}, {"<SYNC", "want <IMAGE VERSION SYNC>"},
			{strings.Repeat("<IMAGE/>", 1000), "want VERSION and SYNC"},
		} {
			c.set(syncFile, step.file)
			before := len(d.statusTexts())
			d.notify(server, "check-sync", "", 200)
			d.wait(time.Minute)
			news := strings.Join(d.statusTexts()[before:], "\n")
			if !strings.Contains(news, step.want) || strings.Count(news, "\n") > maxSyncProblems {
				t.Errorf("%.20q: %s", step.file, news)
			}
		}
		if c.starts() != 1 {
			t.Errorf("%d start-ups", c.starts())
		}
	})
}

func TestVersionThatWasActedUponIsNotActedUponTwice(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		for _, step := range []struct {
			body   string
			status int
			starts int
		}{
			{"action=check-version\nConfigVersionStamp={a-1}", 200, 2},
			{"action=check-version\nConfigVersionStamp={a-1}", 200, 2},
			{"Action = Check-Version ; configversionstamp = {a-2}", 200, 3},
			{"action=check-version", 200, 3},
			{"action=explode", 400, 3},
			{"", 400, 3},
			{"\x00\x01=={}{}", 400, 3},
		} {
			d.notify(server, "service-control", step.body, step.status)
			d.wait(2 * time.Minute)
			if got := c.starts(); got != step.starts {
				t.Errorf("%q: %d start-ups, want %d", step.body, got, step.starts)
			}
		}
	})
}

func TestStrangersAreRefusedAndToldOfOnceAMinute(t *testing.T) {
	asked(t, func(d *desk, c *counted, _ *siptest.Peer) {
		stranger := d.peer()
		c.set(syncFile, syncInfo("2"))
		for range 20 { // what one stranger may ask in one go
			d.notify(stranger, "check-sync", "", 403)
			d.notify(stranger, "service-control", "action=reset", 403)
		}
		d.wait(time.Minute)
		if c.asked(syncFile) != 0 || c.starts() != 1 {
			t.Errorf("%d start-ups", c.starts())
		}
		told := 0
		for _, s := range d.statusTexts() {
			if strings.Contains(s, "refused") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}

func TestCheckSyncAuthDecidesWhoMayAsk(t *testing.T) {
	stranger := sipua.Notification{From: netip.MustParseAddrPort(peerAddr)}
	server, proven, files := stranger, stranger, stranger
	server.FromServer, proven.Proven = true, true
	files.From = netip.MustParseAddrPort("[::ffff:192.0.2.2]:1234")
	onDesk(t, func(d *desk) {
		for auth, want := range map[string][4]int{
			"none":   {0, 0, 0, 0},
			"source": {403, 0, 403, 0},
			"digest": {401, 401, 0, 401},
			"?":      {403, 0, 403, 0}, // what nobody knows is no open door
		} {
			d.on(func() {
				for i, n := range []sipua.Notification{stranger, server, proven, files} {
					if got := d.phone.admit(n, auth); got != want[i] {
						t.Errorf("%s, sender %d: %d, want %d", auth, i, got, want[i])
					}
				}
			})
		}
	})
}

func FuzzServiceControl(f *testing.F) {
	f.Add([]byte("action=restart\r\nRegisterCallID={1@192.0.2.44}\r\nConfigVersionStamp={0123-4567}\r\nDialplanVersionStamp={}\r\n"))
	f.Add([]byte("ACTION={reset};x"))
	f.Add([]byte("action=check-version\nConfigVersionStamp={\x1b[2J}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := parseServiceControl(body)
		if err == nil {
			if _, known := serviceActions[c.action]; !known {
				t.Errorf("%q is no action", c.action)
			}
		} else if len(err.Error()) > 400 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		if plain(c.stamp, maxStamp) != c.stamp {
			t.Errorf("stamp %q", c.stamp)
		}
	})
}

func TestStrangerWhoKnowsThePasswordMayAskOnce(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		d.notify(server, "service-control", "action=reset", 401) // being a server does not do
		stranger := d.peer()
		request := func(authorization string) *wire.Message {
			stranger.SendTo(phoneAddr, stranger.Request("NOTIFY", "sip:5551212@192.0.2.44", siptest.With("Event", "service-control"), func(m *wire.Message) {
				m.SetBody("text/plain", []byte("action=restart"))
				if authorization != "" {
					m.Header.Set("Authorization", authorization)
				}
			}))
			return stranger.Next()
		}
		challenge := digest.Parse(request("").Header.All("WWW-Authenticate"))[0]
		proof, err := challenge.Answer(digest.Credentials{Username: "5551212", Password: "s3cret-canary"},
			digest.Use{Method: "NOTIFY", URI: "sip:5551212@192.0.2.44", CNonce: "c", Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := request(proof); got.Status != 200 {
			t.Errorf("%s", got.Encode())
		}
		d.wait(2 * time.Second)
		if c.starts() != 2 {
			t.Errorf("%d start-ups", c.starts())
		}
		// What was overheard is of no use, not even to a phone that has restarted.
		d.wait(2 * time.Minute)
		if got := request(proof); got.Status != 401 {
			t.Errorf("%s", got.Encode())
		}
		d.wait(2 * time.Minute)
		if c.starts() != 2 {
			t.Errorf("%d start-ups", c.starts())
		}
	}, withFlags("check_sync_auth", "digest"))
}
