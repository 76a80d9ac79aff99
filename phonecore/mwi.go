package phonecore

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Message waiting (RFC 3842): a server tells by NOTIFY how many messages there
// are, because we have subscribed, or of its own accord, as most do.
const (
	eventMessages = "message-summary"
	summaryType   = "application/simple-message-summary"
)

// summary is what a server says of a mailbox.
type summary struct {
	waiting bool
	// voice is how many new voice messages there are, -1 if it was not said.
	voice int
	// account is the mailbox, for a NOTIFY that is addressed to no line.
	account string
}

// Limits of a summary.
const (
	maxSummaryLines = 64
	maxMessages     = 9999
)

var errNoSummary = errors.New("no line Messages-Waiting: yes or no")

// parseSummary reads the body (section 5.2): header-like lines in any order and
// case. Counts are new/old, and those of urgent messages in brackets:
//
//	Messages-Waiting: yes
//	Message-Account: sip:5551212@example.com
//	Voice-Message: 2/8 (0/2)
//
// A server that says only how many there are is understood as well.
func parseSummary(body []byte) (summary, error) {
	s := summary{voice: -1}
	said := false
	for i, line := range strings.FieldsFunc(string(body), func(r rune) bool { return r == '\n' || r == '\r' }) {
		if i == maxSummaryLines {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "messages-waiting":
			said = true
			s.waiting = strings.EqualFold(value, "yes")
		case "message-account":
			s.account = plain(value, maxWords)
		case "voice-message":
			count, _, _ := strings.Cut(value, "/")
			if n, err := strconv.ParseUint(strings.TrimSpace(count), 10, 31); err == nil {
				s.voice = int(min(n, maxMessages))
			}
		}
	}
	switch {
	case !said && s.voice < 0:
		return summary{}, errNoSummary
	case !said:
		s.waiting = s.voice > 0
	case !s.waiting:
		s.voice = 0
	}
	return s, nil
}

// messagesNotified takes a NOTIFY that nobody has subscribed to.
func (p *Phone) messagesNotified(n sipua.Notification) int {
	auth := p.params.Text("check_sync_auth")
	if auth != "none" { // no server proves itself for this
		auth = "source"
	}
	if status := p.admit(n, auth); status != 0 {
		return status
	}
	s, err := parseSummary(n.Body)
	if err != nil {
		p.report(err, text.StatusMessagesBad, n.From.Addr(), err)
		return 400
	}
	p.messages(p.messageLine(n.Line, s.account), s)
	return 200
}

// messageLine is the line that a summary is about: the one it was sent to, else
// the mailbox's, else the first.
func (p *Phone) messageLine(line int, account string) int {
	if line > 0 {
		return line
	}
	address, _ := cutScheme(account, "sip:")
	user, _, _ := strings.Cut(address, "@")
	for i := range p.lines {
		if l := &p.lines[i]; user != "" && l.configured() && l.account.User == user {
			return i + 1
		}
	}
	return p.primaryLine()
}

// messages takes a summary of a line.
func (p *Phone) messages(line int, s summary) {
	if line < 1 || line > view.NumLines {
		return
	}
	p.lines[line-1].messages = s
	p.log.Info("messages", "line", line, "waiting", s.waiting, "voice", s.voice)
	if p.entry.open { // the dial tone tells of messages
		p.settle()
	}
}

// watchMessages subscribes a line that can be told, when messages_uri says that
// there is a mailbox; after the registration, as that is when the server knows
// us, and anew where the line has moved to another server.
func (p *Phone) watchMessages(r sipua.Registration) {
	if r.State != sipua.RegOK || p.agent == nil {
		return
	}
	l := &p.lines[r.Line-1]
	switch {
	case p.params.Text("messages_uri") == "", !l.configured():
		return
	case l.watch != nil && l.watchedAt == r.Server && l.watch.State() != sipua.SubEnded:
		return
	case l.watch != nil:
		l.watch.Unsubscribe()
	}
	line := r.Line
	l.watchedAt = r.Server
	l.watch = p.agent.Subscribe(sipua.SubscribeOptions{
		Line: line, Event: eventMessages, Accept: summaryType, Expires: messagesExpires,
		Notify: func(body []byte) {
			s, err := parseSummary(body)
			if err != nil {
				p.report(err, text.StatusMessagesBad, p.lines[line-1].reg.Server, err)
				return
			}
			p.messages(line, s)
		},
	})
}

// messagesExpires is what RFC 3842 section 4.4 proposes.
const messagesExpires = time.Hour

// waitingLine is the first line with messages, 0 if there is none.
func (p *Phone) waitingLine() int {
	for i := range p.lines {
		if p.lines[i].messages.waiting {
			return i + 1
		}
	}
	return 0
}

// messagesText is for the idle screen: how many there are on all lines, as far
// as that was said. Empty without any.
func (p *Phone) messagesText() string {
	total := 0
	for i := range p.lines {
		if s := p.lines[i].messages; s.waiting {
			total += s.voice
			if s.voice < 0 {
				return text.Get(text.MessagesWaiting)
			}
		}
	}
	switch {
	case p.waitingLine() == 0:
		return ""
	case total == 0: // of another kind
		return text.Get(text.MessagesWaiting)
	case total == 1:
		return text.Get(text.MessageWaiting)
	}
	return text.Get(text.MessagesWaitingCount, total)
}

// callMessages calls messages_uri (guide, Table 3-1) on the line that has
// messages.
func (p *Phone) callMessages() {
	uri := p.params.Text("messages_uri")
	if uri == "" {
		p.notActive()
		return
	}
	line := p.waitingLine()
	if line == 0 {
		line = p.defaultLine()
	}
	p.dial(line, uri)
}
