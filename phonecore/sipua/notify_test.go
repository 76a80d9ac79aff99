package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// notified runs a test with a phone that takes two events, answers with
// status, and counts what it was told.
func notified(t *testing.T, status int, f func(t *testing.T, n *siptest.Network, p *phone, told *[]sipua.Notification)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		var told []sipua.Notification
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) {
			o.Events = []sipua.EventPackage{{Name: "check-sync"}, {Name: "service-control", Body: "text/plain"}}
			o.Notify = func(n sipua.Notification) int {
				told = append(told, n)
				if n.Proven {
					return 200
				}
				return status
			}
		})
		a := account(1, "1001")
		a.Register = false
		p.set(a)
		f(t, n, p, &told)
	})
}

func body(kind, text string) siptest.Option {
	return func(m *wire.Message) { m.SetBody(kind, []byte(text)) }
}

func TestNotifyOutsideOfADialog(t *testing.T) {
	for name, c := range map[string]struct {
		options []siptest.Option
		want    string
		field   string
		told    bool
	}{
		"check-sync":                   {[]siptest.Option{siptest.With("Event", "check-sync")}, "200", "", true},
		"in any case, with parameters": {[]siptest.Option{siptest.With("o", " Check-Sync ; reboot=false")}, "200", "", true},
		"a body that nobody reads":     {[]siptest.Option{siptest.With("Event", "check-sync"), body("image/png", "x")}, "200", "", true},
		"service-control":              {[]siptest.Option{siptest.With("Event", "service-control"), body("text/plain;charset=utf-8", "action=reset")}, "200", "", true},
		"without a type":               {[]siptest.Option{siptest.With("Event", "service-control"), body("", "action=reset")}, "200", "", true},
		"wrong type":                   {[]siptest.Option{siptest.With("Event", "service-control"), body("application/sdp", "action=reset")}, "415", "Accept: text/plain", false},
		"compressed":                   {[]siptest.Option{siptest.With("Event", "service-control"), siptest.With("Content-Encoding", "gzip"), body("text/plain", "x")}, "415", "", false},
		"too long":                     {[]siptest.Option{siptest.With("Event", "service-control"), body("text/plain", strings.Repeat("a", 5000))}, "413", "", false},
		"too long, not read":           {[]siptest.Option{siptest.With("Event", "check-sync"), body("text/plain", strings.Repeat("a", 50000))}, "413", "", false},
		"unknown event":                {[]siptest.Option{siptest.With("Event", "message-summary")}, "489", "Allow-Events: check-sync\r\nAllow-Events: service-control", false},
		"no event":                     {nil, "489", "", false},
		"an unknown dialog":            {[]siptest.Option{siptest.With("Event", "check-sync"), siptest.With("To", "<sip:1001@192.0.2.11>;tag=x")}, "481", "", false},
		"an extension":                 {[]siptest.Option{siptest.With("Event", "check-sync"), siptest.With("Require", "x")}, "420", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			notified(t, 200, func(t *testing.T, n *siptest.Network, p *phone, told *[]sipua.Notification) {
				peer := siptest.NewPeer(t, n, peerAddr)
				peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:1001@192.0.2.11", c.options...))
				m := peer.Expect(c.want)
				if !strings.Contains(string(m.Encode()), c.field) {
					t.Errorf("lacks %q:\n%s", c.field, m.Encode())
				}
				p.do(func() {
					if len(*told) > 0 != c.told || c.told && ((*told)[0].Line != 1 || (*told)[0].FromServer) {
						t.Errorf("%+v", *told)
					}
				})
			})
		})
	}
}

func TestNotifyFromTheServerIsKnownAsSuch(t *testing.T) {
	notified(t, 403, func(t *testing.T, n *siptest.Network, p *phone, told *[]sipua.Notification) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:192.0.2.11", siptest.With("Event", "check-sync")))
		peer.Expect("403")
		p.do(func() {
			if len(*told) != 1 || !(*told)[0].FromServer || (*told)[0].Line != 0 {
				t.Errorf("%+v", *told)
			}
		})
	})
}

func TestNotifyIsProvenByDigestAndNotTwice(t *testing.T) {
	notified(t, 401, func(t *testing.T, n *siptest.Network, p *phone, told *[]sipua.Notification) {
		peer := siptest.NewPeer(t, n, peerAddr)
		ask := func(authorization string) *wire.Message {
			peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:1001@192.0.2.11", siptest.With("Event", "check-sync"), siptest.With("Authorization", authorization)))
			return peer.Next()
		}
		challenges := digest.Parse(ask("").Header.All("WWW-Authenticate"))
		if len(challenges) != 2 || challenges[0].Algorithm != "SHA-256" || challenges[0].Realm != "192.0.2.1" {
			t.Fatalf("%+v", challenges)
		}
		proof := func(password string, count uint32) string {
			value, err := challenges[1].Answer(digest.Credentials{Username: "1001", Password: password}, digest.Use{Method: "NOTIFY", URI: "sip:1001@elsewhere", CNonce: "c", Count: count})
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
		for i, step := range []struct {
			authorization string
			want          string
			stale         bool
		}{
			{proof("guess", 1), "401", false}, {proof(canary, 1), "200", false}, {proof(canary, 1), "401", true}, {proof(canary, 2), "200", false},
			{"Digest", "401", false}, {strings.Repeat("Digest a=b,", 1000), "401", false},
		} {
			m := ask(step.authorization)
			if siptest.Kind(m) != step.want || strings.Contains(m.Header.Get("WWW-Authenticate"), "stale=true") != step.stale {
				t.Errorf("step %d:\n%s", i, m.Encode())
			}
		}
		// Another peer cannot use what was overheard.
		other := siptest.NewPeer(t, n, "192.0.2.13:5060")
		other.SendTo(phoneAddr, other.Request("NOTIFY", "sip:1001@192.0.2.11", siptest.With("Event", "check-sync"), siptest.With("Authorization", proof(canary, 9))))
		other.Expect("401")
	})
}

func TestNotifyFloodLeavesRoomForACall(t *testing.T) {
	notified(t, 401, func(t *testing.T, n *siptest.Network, p *phone, told *[]sipua.Notification) {
		peer := siptest.NewPeer(t, n, peerAddr)
		for i := range 5000 {
			peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:1001@192.0.2.11", siptest.With("Event", "check-sync"),
				siptest.With("Authorization", fmt.Sprintf(`Digest username="1001", nonce="%d", nc=%x`, i, i)), body("text/plain", strings.Repeat("x", i%5000))))
			if i%100 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		}
		time.Sleep(time.Second)
		peer.Drain()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:1001@192.0.2.11", siptest.SDP(peerSDP())))
		peer.Expect("180")
		p.do(func() {
			if _, pending := p.agent.Pending(); pending > 1024 {
				t.Errorf("%d transactions", pending)
			}
			p.lastIncoming().Reject(486, "")
		})
		peer.Expect("486")
	})
}
