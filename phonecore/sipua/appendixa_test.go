package sipua_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// rowsOfAppendixA are the rows of the guide's tables (pages ).
const rowsOfAppendixA = `
functions: User Agent Client, User Agent Server, Proxy Server, Redirect Server
methods: INVITE, ACK, OPTIONS, BYE, CANCEL, REGISTER
1xx: 100, 180, 181, 182, 183
2xx: 200
3xx: 300, 301, 302, 305, 380
4xx: 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 415, 420, 480, 481, 482, 483, 484, 485, 486
5xx: 500, 501, 502, 503, 504, 505
6xx: 600, 603, 604, 606
headers: Accept, Accept-Encoding, Accept-Language, Allow, Also, Authorization, Call-ID, Contact, Content-Encoding, Content-Length, Content-Type, CSeq, Date, Encryption, Expires, From, Hide, Max-Forwards, Organization, Priority, Proxy-Authenticate, Proxy-Authorization, Proxy-Require, ReBy, Record-Route, Require, Response-Key, Retry-After, Route, Server, Subject, Timestamp, To, Unsupported, User-Agent, Via, Warning, WWW-Authenticate
sdp: v, o, s, c, m
`

// TestAppendixAIsComplete reads the verdict on every row of Appendix A: each has
// one, and the tests that it names are there.
func TestAppendixAIsComplete(t *testing.T) {
	text, err := os.ReadFile("testdata/appendix_a.txt")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	var got []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != 5 || cells[3] == "" {
			t.Errorf("%q: want five cells", line)
			continue
		}
		row := cells[1]
		if strings.HasSuffix(cells[0], "xx") {
			row, _, _ = strings.Cut(row, " ")
		}
		got = append(got, cells[0]+" "+row)
		for _, name := range strings.Fields(cells[4]) {
			if !tests[name] {
				t.Errorf("%s: there is no %s", row, name)
			}
		}
	}
	var want []string
	for line := range strings.Lines(strings.TrimSpace(rowsOfAppendixA)) {
		table, rows, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, row := range strings.Split(rows, ", ") {
			want = append(want, table+" "+row)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// testNames are the tests of this package, those below it and the phone's.
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "*/*_test.go", "../*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllSubmatch(text, -1) {
				names[string(m[1])] = true
			}
		}
	}
	return names
}

// TestHeaderRows: what stands in our messages, and what is read over in others'.
func TestHeaderRows(t *testing.T) {
	must := map[string][]string{
		"INVITE": {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Expires", "Allow", "Supported", "User-Agent", "Content-Type", "Content-Length"},
		"ACK":    {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "User-Agent", "Content-Length"},
		"BYE":    {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "User-Agent", "Content-Length"},
		"180":    {"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Allow", "Server", "Timestamp", "Record-Route", "Content-Length"},
		"200":    {"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Allow", "Supported", "Server", "Timestamp", "Record-Route", "Content-Type", "Content-Length"},
	}
	check := func(m *wire.Message) {
		t.Helper()
		wireForm := string(m.Encode())
		for _, name := range must[siptest.Kind(m)] {
			if !strings.Contains(wireForm, "\r\n"+name+": ") {
				t.Errorf("no %s in\n%s", name, wireForm)
			}
		}
	}
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, _ := directCall(t, p, peer)
		check(invite)
		hasField(t, invite, "Max-Forwards", "70")
		p.do(c.Hangup)
		bye := peer.Expect("BYE")
		check(bye)
		peer.Reply(bye, 200)
		for _, e := range n.Log() {
			if e.Message.Method == "ACK" {
				check(e.Message)
			}
		}
	})
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		readOver := []siptest.Option{siptest.SDP(peerSDP()), siptest.With("Max-Forwards", "0"), siptest.With("Timestamp", "54.2"),
			siptest.With("Record-Route", "<sip:192.0.2.12;lr>")}
		for name, value := range map[string]string{
			"Date": "Sat, 13 Nov 2010 23:29:00 GMT", "Encryption": "PGP version=5.0", "Hide": "route", "Organization": "Boxes by Bob", "Priority": "emergency",
			"Proxy-Require": "com.example.billing", "Response-Key": "pgp version=\"5.0\"", "Server": "HomeServer v2", "Subject": "Tune the piano",
			"Accept": "application/sdp;level=1", "Accept-Encoding": "gzip", "Accept-Language": "da, en-gb;q=0.8", "Warning": `307 isi.edu "x"`, "In-Reply-To": "1@x",
			"X-Anything": "at all", "Unsupported": "x", "Retry-After": "1", "User-Agent": "Other/1",
		} {
			readOver = append(readOver, siptest.With(name, value))
		}
		invite := peer.Request("INVITE", ourURI, readOver...)
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Expect("180")
		check(ringing)
		hasField(t, ringing, "Timestamp", "54.2")
		p.answer()
		ok := peer.Expect("200")
		check(ok)
		hasField(t, ok, "Timestamp", "54.2")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		// In the call, too, OPTIONS tells what we can do.
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "OPTIONS"))
		options := peer.Expect("200")
		for _, name := range []string{"Allow", "Accept", "Accept-Encoding", "Accept-Language", "Supported"} {
			if options.Header.Get(name) == "" {
				t.Errorf("no %s in\n%s", name, options.Encode())
			}
		}
		time.Sleep(time.Second)
	})
}
