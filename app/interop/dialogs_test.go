//go:build linux

package interop_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskset/app/interop"
)

// dialogueCase is a call of one phone of ours to another through Kamailio, each
// with settings of its own, and how both see it begin: the messages of INVITE
// and PRACK, with the fields that are looked at.
type dialogueCase struct {
	name           string
	calling, asked map[string]string
	caller, called string
}

// TestSessionTimersThroughKamailio: RFC 4028. No refresh is waited for, that is
// proven in virtual time (sipua, TestSession...): what counts here is that both
// agree, with a proxy between them, which sends the tries on.
func TestSessionTimersThroughKamailio(t *testing.T) {
	dialogues(t, []string{"Session-Expires", "Min-SE"}, []dialogueCase{
		{"agreed", settings("session_expires", "90"), nil,
			">INVITE Session-Expires: 90 | <180 | <200 Session-Expires: 90;refresher=uas | >ACK",
			"<INVITE Session-Expires: 90 | >180 | >200 Session-Expires: 90;refresher=uas | <ACK"},
		{"too short for the other", settings("session_expires", "90"), settings("session_min_se", "120"),
			">INVITE Session-Expires: 90 | <422 Min-SE: 120 | >ACK | >INVITE Session-Expires: 120 Min-SE: 120 | <180 | <200 Session-Expires: 120;refresher=uas | >ACK",
			"<INVITE Session-Expires: 90 | >422 Min-SE: 120 | <ACK | <INVITE Session-Expires: 120 Min-SE: 120 | >180 | >200 Session-Expires: 120;refresher=uas | <ACK"},
		{"none", settings("session_expires", "0"), nil, ">INVITE | <180 | <200 | >ACK", "<INVITE | >180 | >200 | <ACK"},
	})
}

// TestReliableRingingThroughKamailio: RFC 3262.
func TestReliableRingingThroughKamailio(t *testing.T) {
	const plain = ">INVITE | <180 | <200 | >ACK"
	dialogues(t, []string{"Require", "Unsupported", "RSeq", "RAck"}, []dialogueCase{
		{"the caller wants it", settings("prack", "required"), nil,
			">INVITE Require: 100rel | <180 Require: 100rel RSeq: n | >PRACK RAck: n INVITE | <200 PRACK | <200 | >ACK",
			"<INVITE Require: 100rel | >180 Require: 100rel RSeq: n | <PRACK RAck: n INVITE | >200 PRACK | >200 | <ACK"},
		{"the called one wants it", nil, settings("prack", "required"),
			">INVITE | <180 Require: 100rel RSeq: n | >PRACK RAck: n INVITE | <200 PRACK | <200 | >ACK",
			"<INVITE | >180 Require: 100rel RSeq: n | <PRACK RAck: n INVITE | >200 PRACK | >200 | <ACK"},
		{"nobody wants it", nil, nil, plain, "<INVITE | >180 | >200 | <ACK"},
		{"the called one does not know it", settings("prack", "required"), settings("prack", "off"),
			">INVITE Require: 100rel | <420 Unsupported: 100rel | >ACK | " + plain,
			"<INVITE Require: 100rel | >420 Unsupported: 100rel | <ACK | <INVITE | >180 | >200 | <ACK"},
	})
}

func settings(name, value string) map[string]string { return map[string]string{name: value} }

// dialogues plays calls side by side and compares what both phones saw.
func dialogues(t *testing.T, fields []string, cases []dialogueCase) {
	accounts := interop.Accounts(1001, 1000+2*len(cases))
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{Accounts: accounts})
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from, to := accounts[2*i], accounts[2*i+1]
			caller := dialogPhone(t, kamailio, from, c.calling)
			called := dialogPhone(t, kamailio, to, c.asked)
			caller.Do("press " + to.User + " pound")
			called.Do("screen incoming")
			caller.Do("screen ringout")
			seen(t, caller, c.caller, 2) // PRACK is answered
			seen(t, called, c.called, 2)
			called.Do("soft Answer", "screen connected")
			caller.Do("screen connected")
			for _, side := range []struct {
				who, want string
				phone     *interop.Deskset
			}{{"the caller", c.caller, caller}, {"the called one", c.called, called}} {
				seen(t, side.phone, side.want, 0)
				if got := dialogue(side.phone.Trace(), fields); got != side.want {
					t.Errorf("%s saw\n%s\nwant\n%s", side.who, got, side.want)
				}
			}
			caller.Do("soft EndCall", "screen idle")
			called.Do("screen idle")
			caller.Quit()
			called.Quit()
		})
	}
}

// dialogPhone starts a phone of ours at a registrar.
func dialogPhone(t *testing.T, k *interop.Kamailio, a interop.Account, more map[string]string) *interop.Deskset {
	t.Helper()
	own := line(1, k, a)
	maps.Copy(own, more)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Settings: own})
	phone.Do("timeout 60s", "screen idle")
	interop.WaitFor(t, patience, a.User+" to be registered", func() bool { return len(k.Bindings(a.User)) == 1 })
	return phone
}

// seen waits until a phone has seen all of a dialogue but the last steps.
func seen(t *testing.T, phone *interop.Deskset, want string, but int) {
	t.Helper()
	interop.WaitFor(t, patience, "the phone to see "+want, func() bool {
		return strings.Count(dialogue(phone.Trace(), nil), " | ") >= strings.Count(want, " | ")-but
	})
}

// begins finds the head of a message in a text trace.
var begins = regexp.MustCompile(`(?m)^20\d\d-\S+ (in|out) \S+ \S+\r?\n`)

// rseq are the numbers of a reliable response, which begin anywhere (RFC 3262
// section 3).
var rseq = regexp.MustCompile(`RSeq: \d+|RAck: \d+ \d+`)

// dialogue is what a phone sent and received of INVITE and PRACK, with some
// header fields. The proxy's 100, its challenges with all that belongs to them,
// and repeats are left out.
func dialogue(trace string, fields []string) string {
	heads := begins.FindAllStringSubmatchIndex(trace, -1)
	type message struct{ seq, text string }
	var all []message
	challenged := map[string]bool{}
	for i, h := range heads {
		end := len(trace)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		out := trace[h[2]:h[3]] == "out"
		lines := strings.Split(strings.ReplaceAll(trace[h[1]:end], "\r", ""), "\n")
		first := append(strings.Fields(lines[0]), "", "")
		value := func(name string) string {
			for _, line := range lines {
				if v, ok := strings.CutPrefix(line, name+": "); ok {
					return v
				}
			}
			return ""
		}
		number, method, _ := strings.Cut(value("CSeq"), " ")
		what, by := first[0], map[bool]string{true: ">", false: "<"}[out]
		if strings.HasPrefix(what, "SIP/") {
			what = first[1]
		}
		switch {
		case method != "INVITE" && method != "ACK" && method != "PRACK" || what == "100":
			continue
		case what == "407":
			challenged[number] = true
			continue
		case method == "PRACK" && what != "PRACK":
			what += " PRACK"
		}
		text := by + what
		for _, name := range fields {
			if v := value(name); v != "" {
				text += " " + name + ": " + v
			}
		}
		text = rseq.ReplaceAllStringFunc(text, func(s string) string { return s[:5] + " n" })
		if m := (message{number, text}); !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	var steps []string
	for _, m := range all {
		if !challenged[m.seq] {
			steps = append(steps, m.text)
		}
	}
	return strings.Join(steps, " | ")
}
