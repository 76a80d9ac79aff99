package phonecore

import (
	"bytes"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/view"
)

// The torture messages of RFC 4475 and RFC 5118 and the messages that brought
// other phones down, at the whole phone: idle, in a call, and within that call.
// What must hold at all times holds, and the keys do what they should.
func TestTortureMessagesAtTheDesk(t *testing.T) {
	for _, where := range []string{"idle", "in a call", "within the call"} {
		t.Run(where, func(t *testing.T) {
			var log bytes.Buffer
			movable(t, func(d *desk, move func(string)) {
				m := &moving{desk: d, robot: newRobot(d), move: move, addr: phoneAddr, m: &monkey{d: d}}
				v := siptest.Victim{User: "5551212", Host: phoneAddr, From: "192.0.2.66:5060"}
				groups := thrown(d.t, v)
				for i := range groups {
					if where != "idle" && m.robot.up() == 0 {
						m.endAll()
						m.place("answer")
					}
					if where == "within the call" {
						if placed := m.robot.place(v); placed != v {
							v, groups = placed, thrown(d.t, placed)
						}
					}
					datagrams := groups[i]
					from := d.net.Transport("192.0.2.66:5060")
					for _, data := range datagrams {
						to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
						if err := from.SendRaw(to, data, nil); err != nil {
							d.t.Fatal(err)
						}
						d.wait(2 * time.Millisecond)
					}
					d.wait(time.Second)
					d.on(func() { m.m.check(d.phone) })
					if d.t.Failed() {
						d.t.Fatalf("after %q", datagrams[len(datagrams)-1])
					}
				}
				m.endAll()
				d.press(view.KeySettings)
				d.expect("menu.settings")
			}, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) },
				withFlags("only_from_servers", "0", "line2_name", "user"))
			if strings.Contains(log.String(), "panic") {
				t.Errorf("%.5000s", log.String())
			}
		})
	}
}

// thrown is all that is thrown, in groups.
func thrown(t *testing.T, v siptest.Victim) (groups [][][]byte) {
	t.Helper()
	files, _ := filepath.Glob("sipua/testdata/rfc*/*.dat")
	if len(files) < 60 {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		groups = append(groups, [][]byte{data})
	}
	for _, a := range siptest.Attacks(v) {
		var group [][]byte
		for _, d := range a.Datagrams {
			group = append(group, []byte(d))
		}
		groups = append(groups, group)
	}
	return groups
}
