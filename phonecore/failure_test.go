package phonecore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

// verdicts is what each final response must come to (guide, Appendix A, "SIP
// Responses"): the words on the LCD, and whether the number may be mended. The
// classes stand for every code that has no row.
var verdicts = map[int]struct {
	words string
	amend bool
}{
	300: {"Moved, and nobody says where", false}, 380: {"Use another service", false},
	400: {"The far end did not understand", false}, 401: {"Name or password refused", false}, 402: {"Payment is required", false},
	403: {"Not allowed", false}, 404: {"Not found: check the number", true}, 405: {"The far end takes no calls", false},
	406: {"Not acceptable to the far end", false}, 407: {"Name or password refused", false}, 408: {"No answer from the server", false},
	409: {"Conflict: try once more", false}, 410: {"Number no longer in use", true}, 411: {"The far end did not understand", false},
	413: {"Too long for the server", false}, 414: {"Too long for the server", true}, 415: {"No codec in common", false},
	416: {"Address not understood", true}, 420: {"An option was not accepted", false}, 421: {"An option was not accepted", false},
	422: {"An option was not accepted", false}, 423: {"An option was not accepted", false}, 428: {"Caller identity not accepted", false},
	430: {"Server trouble", false}, 433: {"Show your number to call here", false}, 436: {"Caller identity not accepted", false},
	437: {"Caller identity not accepted", false}, 438: {"Caller identity not accepted", false}, 439: {"Server trouble", false},
	440: {"The call goes in circles", false}, 480: {"Temporarily unavailable", false}, 481: {"The call is not known any more", false},
	482: {"The call goes in circles", false}, 483: {"The call goes in circles", false}, 484: {"Number incomplete", true},
	485: {"Number is ambiguous", true}, 486: {"Busy", false}, 487: {"No answer", false}, 488: {"No codec in common", false},
	491: {"Conflict: try once more", false}, 493: {"Encryption was not agreed", false}, 494: {"Encryption was not agreed", false},
	500: {"Server trouble", false}, 501: {"The server cannot do this", false}, 502: {"No answer behind the server", false},
	504: {"No answer behind the server", false}, 505: {"The server cannot do this", false}, 513: {"Too long for the server", false},
	580: {"No codec in common", false}, 600: {"Busy", false}, 603: {"Declined", false}, 604: {"Not found: check the number", true},
	606: {"No codec in common", false}, 607: {"Your calls are not wanted", false}, 608: {"Your calls are not wanted", false},
}

func verdict(code int) (words string, amend bool) {
	if v, ok := verdicts[code]; ok {
		return v.words, v.amend
	}
	if class := code / 100; class == 3 || class == 5 {
		return verdicts[class*100].words, false
	}
	return fmt.Sprintf("Call refused: %d %s", code, "Because"), false
}

// TestEveryFinalResponse plays 300 to 699 to a phone: tone, words, keys, and
// that the call is over.
func TestEveryFinalResponse(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		for code := 300; code < 700; code++ {
			d.phone.Type("sip:ada@" + peerAddr)
			d.soft("Dial")
			invite := peer.Await("INVITE")
			peer.Reply(invite, code, siptest.Without("Contact"), because)
			peer.Await("ACK")
			if code == 488 || code == 606 { // asked once more, with simple codecs
				peer.Reply(peer.Await("INVITE"), code, siptest.Without("Contact"), because)
				peer.Await("ACK")
			}
			d.wait(10 * time.Millisecond)
			words, amend := verdict(code)
			sound := tone.Reorder
			if code == 486 || code == 600 {
				sound = tone.Busy
			}
			d.expect("failed", words)
			if got := d.heard().tone; got != sound {
				t.Errorf("%d: tone %v, want %v", code, got, sound)
			}
			soft := d.view().Screen.Soft
			if got := slices.Contains(soft[:], "EditDial"); got != amend {
				t.Errorf("%d: EditDial %v, want %v", code, got, amend)
			}
			d.soft("EndCall")
			d.expect("idle")
		}
		peer.Quiet(time.Minute)
		for _, s := range d.heard().streams {
			if !s.closed {
				t.Error("a stream is still open")
			}
		}
	})
}

// TestWhoFollowsTheContactOfAResponse: 3xx, 485 and 5xx go on to another
// address (guide, Appendix A), nothing else does; 6xx is final.
func TestWhoFollowsTheContactOfAResponse(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		other := siptest.NewPeer(t, d.net.Network, "192.0.2.77:5060")
		for code := 300; code < 700; code++ {
			d.phone.Type("sip:ada@" + peerAddr)
			d.soft("Dial")
			peer.Reply(peer.Await("INVITE"), code, siptest.With("Contact", "<sip:eve@192.0.2.77>"), because)
			peer.Await("ACK")
			if code == 488 || code == 606 { // asked once more, with simple codecs
				peer.Reply(peer.Await("INVITE"), code, siptest.With("Contact", "<sip:eve@192.0.2.77>"), because)
				peer.Await("ACK")
			}
			follow := code/100 == 3 || code/100 == 5 || code == 485
			if follow {
				m := other.Expect("INVITE")
				if to := map[bool]string{true: "sip:ada@" + peerAddr, false: "sip:eve@192.0.2.77"}[code == 305]; m.RequestURI != to {
					t.Errorf("%d: INVITE %s, want %s", code, m.RequestURI, to)
				}
				other.Reply(m, 486)
				other.Expect("ACK")
				d.expect("failed", "Busy")
			} else {
				words, _ := verdict(code)
				d.expect("failed", words)
			}
			d.soft("EndCall")
		}
		other.Quiet(time.Minute)
	})
}

// because gives every response the same reason.
func because(m *wire.Message) { m.Reason = "Because" }

func TestWhenToTryAgainIsShown(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		for _, code := range []int{404, 413, 480, 486, 500, 503, 600, 603} {
			d.phone.Type("sip:ada@" + peerAddr)
			d.soft("Dial")
			peer.Reply(peer.Await("INVITE"), code, siptest.With("Retry-After", "90 (lunch);duration=60"))
			peer.Await("ACK")
			words, _ := verdict(code)
			d.expect("failed", words+"; try again in 1m30s")
			d.soft("EndCall")
		}
	})
}

func TestIncompleteNumberGoesOn(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		peer := d.peer()
		d.phone.Type("sip:ad@" + peerAddr)
		d.soft("Dial")
		peer.Reply(peer.Await("INVITE"), 484)
		peer.Await("ACK")
		d.expect("failed", "Number incomplete")
		d.soft("EditDial")
		d.expect("dialling", "sip:ad@"+peerAddr)
		if got := d.heard().tone; got == tone.Reorder {
			t.Errorf("tone %v goes on", got)
		}
		d.press(view.KeySoft2)
		d.expect("idle")
	})
}

func TestForwardedAndQueuedAreSaid(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		for _, c := range []struct {
			code  int
			words string
		}{{100, "Calling"}, {181, "Call is being forwarded"}, {182, "Waiting in a queue"}, {183, "Calling"}, {180, "Ring out"}} {
			peer.Reply(invite, c.code)
			d.wait(10 * time.Millisecond)
			if all := screenText(d.view().Screen); !strings.Contains(all, c.words) {
				t.Errorf("%d: the screen lacks %q:\n%s", c.code, c.words, all)
			}
		}
		d.soft("EndCall")
	})
}

// An INVITE without an offer that wants reliable ringing is made the offer while
// the phone rings, from the port that is used when it is answered.
func TestOfferWhileThePhoneRings(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite := peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.With("Require", "100rel"))
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Await("180")
		if !strings.Contains(string(ringing.Body), "m=audio 16384 ") {
			t.Fatalf("%s", ringing.Encode())
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ringing, "PRACK", siptest.With("RAck", ringing.Header.Get("RSeq")+" 1 INVITE"), siptest.SDP(peerSDP)))
		peer.Await("200")
		if s := d.heard().streams; len(s) != 1 || len(s[0].params) != 0 {
			t.Errorf("voice flows to a ringing phone: %+v", s)
		}
		d.soft("Answer")
		ok := peer.Await("200")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		d.wait(time.Second)
		d.expect("connected")
		if s := d.heard().streams; len(s) != 1 || s[0].last().Remote.String() != "192.0.2.9:40000" {
			t.Errorf("%+v", s)
		}
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
	})
}
