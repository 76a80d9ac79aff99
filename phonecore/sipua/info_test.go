package sipua_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
)

// TestDigitsGoOneByOneByInfo: the second waits for the answer to the first, which
// may be lost.
func TestDigitsGoOneByOneByInfo(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := incomingCall(t, p, peer)
		for _, digit := range []byte("5#D") {
			p.do(func() {
				if err := c.SendDigit(digit, 160*time.Millisecond, nil); err != nil {
					t.Error(err)
				}
			})
		}
		for _, digit := range []string{"5", "#", "D"} {
			info := peer.Expect("INFO")
			if got := string(info.Body); got != "Signal="+digit+"\r\nDuration=160\r\n" || info.Header.Get("Content-Type") != "application/dtmf-relay" {
				t.Errorf("%s", info.Encode())
			}
			if again := peer.Expect("INFO"); string(again.Body) != string(info.Body) {
				t.Errorf("the next digit did not wait: %q", again.Body)
			}
			peer.Drain()
			peer.Reply(info, 200)
		}
		peer.Quiet(time.Minute)
	})
}

func TestPeerThatRefusesInfo(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := incomingCall(t, p, peer)
		code := 0
		p.do(func() {
			for range 3 {
				if err := c.SendDigit('1', 100*time.Millisecond, func(refused int) { code = refused }); err != nil {
					t.Error(err)
				}
			}
			if err := c.SendDigit('x', time.Second, nil); err == nil {
				t.Error("x is no digit")
			}
		})
		peer.Reply(peer.Expect("INFO"), 415)
		peer.Quiet(time.Minute)
		p.do(func() {
			if code != 415 {
				t.Errorf("told %d, want 415", code)
			}
		})
	})
}

func TestDigitsToADialogThatIsGone(t *testing.T) {
	for _, answer := range []int{481, 0} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			c, _, _ := incomingCall(t, p, peer)
			p.do(func() {
				if err := c.SendDigit('1', 100*time.Millisecond, nil); err != nil {
					t.Error(err)
				}
			})
			info := peer.Expect("INFO")
			if answer != 0 {
				peer.Reply(info, answer)
			}
			peer.Await("BYE")
			p.wantEnd(map[int]int{481: 481, 0: 408}[answer], answer != 0)
		})
	}
}

func TestTheQueueOfDigitsIsBounded(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := incomingCall(t, p, peer)
		p.do(func() {
			taken := 0
			for range 1000 {
				if c.SendDigit('1', time.Second, nil) == nil {
					taken++
				}
			}
			if taken != 65 { // one is on its way
				t.Errorf("%d digits wait", taken)
			}
		})
	})
}

func TestDigitsArriveByInfo(t *testing.T) {
	for _, test := range []struct {
		name, kind, body string
		digit            byte
		code             string
	}{
		{"relay", "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', "200"},
		{"relay with blanks, as gateways write it", "application/dtmf-relay", "Signal= *\r\nDuration= 250", '*', "200"},
		{"relay in small letters", "Application/DTMF-Relay; x=y", "duration=1\nsignal=a\n", 'A', "200"},
		{"relay by number", "application/dtmf-relay", "Signal=11\r\n", '#', "200"},
		{"flash", "application/dtmf-relay", "Signal=16\r\n", 0, "200"},
		{"relay without a signal", "application/dtmf-relay", "Duration=160\r\n", 0, "200"},
		{"plain", "application/dtmf", "7", '7', "200"},
		{"plain by number", "application/dtmf", " 10\r\n", '*', "200"},
		{"plain nonsense", "application/dtmf", "seven", 0, "200"},
		{"nothing", "", "", 0, "200"},
		{"another kind", "application/media_control+xml", "<x/>", 0, "415"},
		{"no kind", "???", "5", 0, "415"},
		{"far too long", "application/dtmf", strings.Repeat("5", 1000), 0, "415"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
				_, invite, ok := incomingCall(t, p, peer)
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "INFO", body(test.kind, test.body)))
				if res := peer.Expect(test.code); test.code == "415" && !strings.Contains(res.Header.Get("Accept"), "dtmf-relay") {
					t.Errorf("%s", res.Encode())
				}
				time.Sleep(10 * time.Millisecond)
				if got := p.last().Digit; got != test.digit {
					t.Errorf("digit %q, want %q", got, test.digit)
				}
			})
		})
	}
}

func TestInfoPackagesAreUnknown(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		_, invite, ok := incomingCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "INFO", siptest.With("Info-Package", "foo")))
		if res := peer.Expect("469"); !bytes.Contains(res.Encode(), []byte("\r\nRecv-Info:")) {
			t.Errorf("%s", res.Encode())
		}
		peer.SendTo(phoneAddr, peer.Request("INFO", ourURI))
		peer.Expect("481")
	})
}
