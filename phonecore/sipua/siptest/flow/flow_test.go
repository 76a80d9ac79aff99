package flow

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryFigureHasItsFlow: the guide has 17 figures.
func TestEveryFigureHasItsFlow(t *testing.T) {
	var figures []string
	for _, f := range AppendixB() {
		figures = append(figures, f.Figure)
		if len(f.As) == 0 || !strings.HasPrefix(f.Page, "B-") {
			t.Errorf("%+v", f)
		}
	}
	if n := len(slices.Compact(figures)); n != 17 {
		t.Errorf("%d figures: %v", n, figures)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for _, text := range []string{"A > B INVITE", "flow B-1 page B-2 x\nA > X INVITE", "flow B-1 page B-2 x\n1 A", "flow B-1 page B-2 x\nas"} {
		if flows, err := parse(text); err == nil {
			t.Errorf("%q: %+v", text, flows)
		}
	}
}

func TestSeenIsOnePartsView(t *testing.T) {
	for _, c := range []struct{ figure, role, want string }{
		{"B-4", "B", "<INVITE >180 >200 <ACK >INVITE <200 >ACK >INVITE <200 >ACK >BYE <200"},
		{"B-5", "B", "<INVITE >180 >200 <ACK >INVITE <200 >ACK >INVITE <200 >ACK >BYE <200|>INVITE <180 <200 >ACK >BYE <200"},
		{"B-9", "A", ">INVITE <200 >ACK >BYE <200"},
		{"B-11", "B", "<INVITE >180 <CANCEL >200 >487 <ACK"},
		{"B-17", "A", ">INVITE <180 <200 >ACK >BYE <200"},
	} {
		var got []string
		for _, call := range Figure(c.figure).Seen(c.role, Modern) {
			got = append(got, strings.Join(call, " "))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s as %s: %s, want %s", c.figure, c.role, s, c.want)
		}
	}
}

func TestTraceIsReducedToWhatMatters(t *testing.T) {
	message := func(direction, start, seq, more string) string {
		return "2026-01-02T03:04:05.6+01:00 " + direction + " udp 192.0.2.1:5060\n" + start + "\nCall-ID: c1\nCSeq: " + seq + "\n" + more + "\n\n"
	}
	trace := message("out", "INVITE sip:1@x SIP/2.0", "1 INVITE", "") + message("in", "SIP/2.0 407 Auth", "1 INVITE", "") +
		message("out", "ACK sip:1@x SIP/2.0", "1 ACK", "") + message("out", "INVITE sip:1@x SIP/2.0", "2 INVITE", "") +
		message("in", "SIP/2.0 100 Trying", "2 INVITE", "") + message("in", "SIP/2.0 180 Ringing", "2 INVITE", "To: a") +
		message("in", "SIP/2.0 180 Ringing", "2 INVITE", "To: b") + message("in", "SIP/2.0 200 OK", "2 INVITE", "") +
		message("in", "SIP/2.0 200 OK", "2 INVITE", "") + message("out", "ACK sip:1@x SIP/2.0", "2 ACK", "") +
		message("in", "NOTIFY sip:1@x SIP/2.0", "7 NOTIFY", "\nSIP/2.0 100 Trying") + message("out", "SIP/2.0 200 OK", "7 NOTIFY", "")
	got := Conversations(trace)
	held := Conversations(trace + message("in", "INVITE sip:1@x SIP/2.0", "1 INVITE", "hold") + message("out", "SIP/2.0 200 OK", "1 INVITE", "") + message("in", "ACK sip:1@x SIP/2.0", "1 ACK", ""))
	if d := Difference([]Conversation{{">INVITE", "<180", "<200", ">ACK", "<INVITE", ">200", "<ACK"}}, held); d != "" {
		t.Errorf("the far side numbers its own requests: %s", d)
	}
	if want := []Conversation{{">INVITE", "<180", "<200", ">ACK"}}; Difference(want, got) != "" {
		t.Error(Difference(want, got))
	}
	crossed := []Conversation{{"<INVITE", ">200", "<ACK", ">BYE", "<BYE", ">200", "<200"}}
	for _, end := range []Conversation{{">BYE", "<200"}, {"<BYE", ">200"}} {
		if d := Difference([]Conversation{append(Conversation{"<INVITE", ">200", "<ACK"}, end...)}, crossed); d != "" {
			t.Error(d)
		}
	}
	if d := Difference([]Conversation{{">INVITE", "<200", ">ACK", ">BYE"}}, got); !strings.Contains(d, ">BYE") {
		t.Errorf("%q", d)
	}
	if d := Difference([]Conversation{{">INVITE", "<200", ">ACK"}}, got); d != "" {
		t.Error(d)
	}
}
