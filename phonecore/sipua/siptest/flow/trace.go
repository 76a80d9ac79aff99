package flow

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sighting is one message as a phone sees it.
type sighting struct {
	out     bool
	what    string // method or status
	seq     string // CSeq
	quiet   bool   // provisional notice of a transfer
	content string
}

// String is ">INVITE", "<200".
func (s sighting) String() string {
	if s.out {
		return ">" + s.what
	}
	return "<" + s.what
}

// request names the request that a message is, or answers: each side numbers
// its own.
func (s sighting) request() string {
	if s.out == (s.what[0] > '9') {
		return "ours " + s.seq
	}
	return "theirs " + s.seq
}

// Conversation is a call as a phone sees it: ">INVITE <180 <200 >ACK".
type Conversation []string

// Seen is what a part of the flow sends and receives, call by call, in the
// order in which the calls begin.
func (f Flow) Seen(role string, p Profile) []Conversation {
	var calls [][]sighting
	current := map[string]int{}     // call by the other part
	standing := map[string]bool{}   // an INVITE would be within the dialog
	method := map[string][]string{} // requests without a final response
	ack := map[string]string{}      // of the last INVITE
	seq, redirected := 0, false
	for _, s := range f.in(p) {
		other := s.To
		if s.To == role {
			other = s.From
		}
		if s.Verb != "" || s.From != role && s.To != role {
			continue
		}
		_, authorized := s.arg("auth")
		if s.What == "INVITE" && redirected {
			current[other] = len(calls) - 1 // goes on under the same Call-ID
			redirected = false
		} else if s.What == "INVITE" && !standing[other] && !authorized {
			current[other] = len(calls)
			calls = append(calls, nil)
		}
		isResponse := s.What[0] >= '0' && s.What[0] <= '9'
		if !isResponse && s.What != "ACK" {
			seq++
			method[other] = append(method[other], fmt.Sprint(seq, " ", s.What))
		}
		if s.What == "INVITE" {
			ack[other] = fmt.Sprint(seq, " ACK")
		}
		open := method[other]
		notice, _ := s.arg("notify")
		n := current[other]
		m := sighting{out: s.From == role, what: s.What, quiet: strings.HasPrefix(notice, "1")}
		if s.What == "ACK" {
			m.seq = ack[other]
		} else if len(open) > 0 {
			m.seq = open[len(open)-1]
			if s.What == "487" {
				m.seq = open[0]
			}
			if status, _ := strconv.Atoi(s.What); status >= 200 {
				method[other] = slices.DeleteFunc(open, func(o string) bool { return o == m.seq })
			}
		}
		switch {
		case s.What == "200" && strings.HasSuffix(m.seq, "INVITE"):
			standing[other] = true
		case s.What == "BYE":
			standing[other] = false
		case s.What == "302" && s.To == role:
			redirected = true
		}
		calls[n] = append(calls[n], m)
	}
	return plain(calls)
}

// begins finds the head of a message in a text trace of the phone.
var begins = regexp.MustCompile(`(?m)^20\d\d-\S+ (in|out) \S+ \S+$`)

// Conversations gives the calls in a text trace, in the order in which they
// begin.
func Conversations(trace string) []Conversation {
	var calls [][]sighting
	index := map[string]int{}
	heads := begins.FindAllStringSubmatchIndex(trace, -1)
	for i, h := range heads {
		end := len(trace)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		text := strings.TrimSpace(trace[h[1]:end])
		m := sighting{out: trace[h[2]:h[3]] == "out", seq: field(text, "CSeq"), content: text}
		first := strings.Fields(text + " - -")
		if m.what = first[0]; strings.HasPrefix(m.what, "SIP/2.0") {
			m.what = first[1]
		}
		m.quiet = m.what == "NOTIFY" && strings.Contains(text, "\nSIP/2.0 1")
		id := field(text, "Call-ID")
		if _, known := index[id]; !known {
			if m.what != "INVITE" {
				continue
			}
			index[id] = len(calls)
			calls = append(calls, nil)
		}
		calls[index[id]] = append(calls[index[id]], m)
	}
	return plain(calls)
}

func field(text, name string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// plain leaves out what differs without meaning: 100, 183 and repeats, a
// provisional notice and its answer, a PRACK, and the round of a challenge.
func plain(calls [][]sighting) (all []Conversation) {
	for _, c := range calls {
		var out Conversation
		past, skip := map[string]bool{}, map[string]bool{}
		for _, m := range c {
			if m.what == "401" || m.what == "407" {
				skip[m.request()], skip[strings.Replace(m.request(), "INVITE", "ACK", 1)] = true, true
			}
			if m.quiet || strings.HasSuffix(m.seq, "PRACK") {
				skip[m.request()] = true
			}
		}
		for _, m := range c {
			key := fmt.Sprint(m, m.seq, m.content)
			if m.what[0] == '1' {
				key = fmt.Sprint(m, m.seq)
			}
			if skip[m.request()] || past[key] && m.content != "" || m.what == "100" || m.what == "183" {
				continue
			}
			past[key] = true
			out = append(out, m.String())
		}
		all = append(all, out)
	}
	return all
}

// Difference tells how calls differ from what a flow wants; empty if they do
// not. A 180 more than the table has is none: a proxy's figure leaves it out; nor
// is a BYE that crosses the other side's.
func Difference(want, got []Conversation) string {
	same := len(want) == len(got)
	for i := 0; same && i < len(want); i++ {
		is := func(c Conversation) bool { return slices.Equal(want[i], c) }
		same = is(got[i]) || is(unrung(got[i])) || slices.ContainsFunc(uncrossed(got[i]), is)
	}
	if same {
		return ""
	}
	return fmt.Sprintf("the guide has\n%s\nthe phone has\n%s", lines(want), lines(got))
}

func unrung(c Conversation) Conversation {
	return slices.DeleteFunc(slices.Clone(c), func(m string) bool { return m[1:] == "180" })
}

// uncrossed is what a call that both sides end at once would be, had one of them
// been faster.
func uncrossed(c Conversation) []Conversation {
	n := len(c) - 4
	if n < 0 || !slices.Equal(c[n:n+2], Conversation{">BYE", "<BYE"}) || c[n+2][1:]+c[n+3][1:] != "200200" {
		return nil
	}
	return []Conversation{append(slices.Clone(c[:n]), ">BYE", "<200"), append(slices.Clone(c[:n]), "<BYE", ">200")}
}

func lines(calls []Conversation) string {
	var all []string
	for _, c := range calls {
		all = append(all, "  "+strings.Join(c, " "))
	}
	return strings.Join(all, "\n")
}

// Quiet tells whether nothing is under way in calls: every request has its
// final response, every INVITE its ACK.
func Quiet(calls []Conversation) bool {
	for _, c := range calls {
		requests, finals, invites, acks := 0, 0, 0, 0
		for _, m := range c {
			switch what := m[1:]; {
			case what == "ACK":
				acks++
			case what[0] > '9':
				requests++
				if what == "INVITE" {
					invites++
				}
			case what[0] != '1':
				finals++
			}
		}
		if requests != finals || invites != acks {
			return false
		}
	}
	return true
}
