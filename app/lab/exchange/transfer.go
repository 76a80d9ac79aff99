package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
)

// What numbers do with their caller after a while.
const (
	sendRefer    = "REFER"  // RFC 3515
	sendAlso     = "BYE"    // with Also, as phones did before REFER (guide B-12)
	sendReplaces = "INVITE" // with Replaces: another number takes the call over (RFC 3891)
)

// Times of transfers.
const (
	transferTime = 2 * time.Second  // how long a number keeps a caller that it sends on
	newsTime     = 60 * time.Second // how long a subscription to a transfer lasts
)

// progress is told how a call goes that somebody else has asked for.
type progress func(status int, reason string)

// target is whom a Refer-To or Also names.
type target struct {
	user     string
	replaced legID // zero: no call is to be replaced
}

// parseTarget reads an address of this exchange.
func (x *Exchange) parseTarget(values []string) (t target, status int) {
	if len(values) != 1 {
		return t, 400
	}
	a, err := wire.ParseAddress(values[0])
	if err != nil {
		return t, 400
	}
	uri, headers, _ := strings.Cut(a.URI, "?")
	u, err := wire.ParseURI(uri)
	if err != nil || !x.ours(u) {
		return t, 404 // the lab reaches its own numbers only
	}
	t.user = u.User
	for field := range strings.SplitSeq(headers, "&") {
		if name, value, _ := strings.Cut(field, "="); strings.EqualFold(name, "Replaces") {
			var ok bool
			if t.replaced, ok = parseReplaces(wire.Unescape(value)); !ok {
				return t, 400
			}
		}
	}
	return t, 0
}

// parseReplaces reads a Replaces (RFC 3891 section 6.1) as a dialog of ours.
func parseReplaces(value string) (legID, bool) {
	id, rest, _ := strings.Cut(value, ";")
	params := wire.ParseParams(rest, ';')
	to, _ := params.Get("to-tag")
	from, _ := params.Get("from-tag")
	return legID{strings.TrimSpace(id), to, from}, to != "" && from != ""
}

// refer takes a REFER: who talks here is to talk to somebody else (RFC 3515
// section 2.4.2).
func (l *leg) refer(tx *serverTx) {
	if l.number.Stays {
		tx.respond(603, "Decline")
		return
	}
	to, status := l.x.parseTarget(tx.req.All("Refer-To"))
	if status != 0 {
		tx.respond(status, map[int]string{400: "Bad Refer-To", 404: "Not Found"}[status])
		return
	}
	tx.respond(202, "Accepted", "Contact", l.contact(tx.from.network))
	l.news(100, "Trying")
	l.x.transfer(l.number, to, l.news)
}

// also takes the wish of a BYE (guide B-12): nobody hears of what comes of it.
func (l *leg) also(m *wire.Message) {
	values := m.List("Also")
	if len(values) == 0 {
		return
	}
	to, status := l.x.parseTarget(values[:1])
	if status == 0 {
		l.x.transfer(l.number, to, func(int, string) {})
	}
}

// news sends a NOTIFY of a transfer (RFC 3515 section 2.4.5).
func (l *leg) news(status int, reason string) {
	if l.ended {
		return
	}
	l.localSeq++
	m := l.request("NOTIFY", l.localSeq)
	m.Add("Contact", l.contact(l.hop().network))
	m.Add("Event", "refer")
	state := fmt.Sprintf("active;expires=%d", int(newsTime.Seconds()))
	if status >= 200 {
		state = "terminated;reason=noresource"
	}
	m.Add("Subscription-State", state)
	m.Add("Content-Type", "message/sipfrag;version=2.0")
	m.Body = fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", status, reason)
	l.x.request(m, l.hop(), func(*wire.Message) {})
}

// transfer connects what a number does with somebody else: with another number,
// where both ends are the lab's and nothing is left to send, or with a user, who
// is called.
func (x *Exchange) transfer(from Number, to target, tell progress) {
	x.Log.Info("lab: transfer", "of", from.Digits, "to", to.user)
	if to.replaced != (legID{}) {
		old := x.legs[to.replaced]
		if old == nil {
			tell(481, "Call/Transaction Does Not Exist")
			return
		}
		old.bye("another call takes its place")
		old.end()
		tell(200, "OK")
		return
	}
	n, isNumber := lookup(to.user)
	if isNumber && n.Redirect != "" {
		n, _ = lookup(n.Redirect)
	}
	switch {
	case isNumber && n.Status != 0:
		tell(n.Status, n.Reason)
	case isNumber:
		tell(180, "Ringing")
		if !n.NoAnswer {
			x.after(ringTime, func() { tell(200, "OK") })
		}
	case x.users[to.user] != nil:
		x.callAs(to.user, as(from, tell), nil)
	default:
		tell(404, "Not Found")
	}
}

// sendOn is what some numbers do with their caller: they hand him to another.
func (l *leg) sendOn(n Number) {
	l.x.after(transferTime, func() {
		if l.ended {
			return
		}
		switch n.SendBy {
		case sendRefer:
			l.localSeq++
			m := l.request("REFER", l.localSeq)
			m.Add("Contact", l.contact(l.hop().network))
			m.Add("Refer-To", "<"+l.x.uri(n.SendTo)+">")
			m.Add("Referred-By", "<"+l.x.uri(n.Digits)+">")
			l.x.request(m, l.hop(), func(*wire.Message) {})
		case sendAlso:
			l.localSeq++
			m := l.request("BYE", l.localSeq)
			m.Add("Also", "<"+l.x.uri(n.SendTo)+">")
			m.Add("Requested-By", "<"+l.x.uri(n.Digits)+">")
			l.x.request(m, l.hop(), func(*wire.Message) {})
			l.end()
		case sendReplaces:
			l.takenOver(n)
		}
	})
}

// takenOver has another number call the peer in the place of this call. The peer
// ends this one.
func (l *leg) takenOver(n Number) {
	to, _ := lookup(n.SendTo)
	b := l.x.bound(l.target)
	if b == nil {
		l.x.Log.Warn("lab: cannot take a call over: the caller is not registered", "call", l.id.callID)
		return
	}
	replaces := fmt.Sprintf("%s;to-tag=%s;from-tag=%s", l.id.callID, l.id.remote, l.id.local)
	l.x.callAs(userOfURI(l.target), as(to, func(int, string) {}, [2]string{"Replaces", replaces}, [2]string{"Require", "replaces"}), b)
}

func userOfURI(uri string) string {
	u, _ := wire.ParseURI(uri)
	return u.User
}

// notified takes the news of a transfer that we have asked for: when the other
// number has answered, the call is over.
func (l *leg) notified(tx *serverTx) {
	if event, _, _ := strings.Cut(tx.req.Get("Event"), ";"); !strings.EqualFold(strings.TrimSpace(event), "refer") {
		tx.respond(489, "Bad Event", "Allow-Events", "refer")
		return
	}
	tx.respond(200, "OK")
	if words := strings.Fields(string(tx.req.Body)); len(words) > 1 && strings.HasPrefix(words[1], "2") {
		l.bye("the caller is transferred")
		l.end()
	}
}

// replacing finds the call of ours that an INVITE to a number takes the place of
// (RFC 3891 section 3); false if it was refused.
func (x *Exchange) replacing(tx *serverTx) (*leg, bool) {
	values := tx.req.All("Replaces")
	if len(values) == 0 {
		return nil, true
	}
	id, ok := parseReplaces(values[0])
	switch {
	case !ok || len(values) > 1:
		tx.respond(400, "Bad Replaces")
		return nil, false
	case x.legs[id] == nil:
		tx.respond(481, "Call/Transaction Does Not Exist")
		return nil, false
	}
	return x.legs[id], true
}

// caller is whom a call of the lab's own is from.
type caller struct {
	number  string
	manner  manner
	service talk.Service
	tell    progress
}

// as is a number that calls because somebody wants it to.
func as(n Number, tell progress, fields ...[2]string) caller {
	return caller{n.Digits, manner{display: "Lab " + n.Digits, user: n.Digits, fields: fields}, n.Service, tell}
}

// supportedHere are the extensions that the numbers know.
var supportedHere = []string{"replaces"}

func supportsHere(tag string) bool {
	return slices.ContainsFunc(supportedHere, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(tag)) })
}
