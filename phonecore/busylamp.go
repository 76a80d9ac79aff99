package phonecore

import (
	"fmt"
	"strings"
	"time"

	"deskset/phonecore/dialoginfo"
	"deskset/phonecore/sipua"
	"deskset/phonecore/view"
)

// A speed dial shows whether its number is free, rings or talks, where the server
// tells (event package "dialog", RFC 4235). Where it does not, it is a speed dial.

// busyLamp is what is known of a speed dial's number.
type busyLamp struct {
	target string // what is watched; empty: nothing is
	server string // that was asked
	sub    *sipua.Subscription
	info   dialoginfo.State
	asked  time.Time // when a full document was asked for
}

const eventDialog = "dialog"

// Times of a lamp: how long a subscription is asked for (RFC 4235 section 3.4), and
// how often at most a server is asked for what was lost.
const (
	lampExpires = time.Hour
	lampAgain   = 30 * time.Second
)

// lampLabels is how a lamp looks beside its key.
var lampLabels = [...]view.LineLabel{
	dialoginfo.Unknown: {Icon: view.IconSpeedDial},
	dialoginfo.Idle:    {Icon: view.IconOnHook},
	dialoginfo.Ringing: {Icon: view.IconRinging, Blink: true},
	dialoginfo.Busy:    {Icon: view.IconOffHook},
}

// lampRefused are the answers by which a server says that it tells nobody, or not
// us, or not of this number: it is not asked again.
var lampRefused = map[int]bool{400: true, 403: true, 404: true, 405: true, 410: true, 485: true, 488: true, 489: true, 501: true, 603: true, 604: true}

// watchBusy watches the numbers of the speed dials once the first line is
// registered, and anew where it has moved to another server.
func (p *Phone) watchBusy(r sipua.Registration) {
	if r.State == sipua.RegOK && r.Line == p.primaryLine() {
		p.watchKeys()
	}
}

// watchKeys makes the lamps follow the speed dials.
func (p *Phone) watchKeys() {
	line := p.primaryLine()
	if p.agent == nil || line == 0 || p.lines[line-1].reg.State != sipua.RegOK {
		return
	}
	for _, key := range p.freeKeys() {
		p.watchKey(key, line, p.lines[line-1].reg.Server)
	}
}

func (p *Phone) watchKey(key, line int, server string) {
	lamp, target := &p.lines[key-1].lamp, p.watchTarget(key, line)
	if lamp.target == target && (target == "" || lamp.server == server) {
		return
	}
	if lamp.sub != nil {
		lamp.sub.Unsubscribe()
	}
	*lamp = busyLamp{target: target, server: server}
	if target == "" {
		return
	}
	lamp.sub = p.agent.Subscribe(sipua.SubscribeOptions{
		Line: line, Target: target, Event: eventDialog, Accept: dialoginfo.MIME, Expires: lampExpires,
		Notify:  func(body []byte) { p.lampNotified(lamp, body) },
		Changed: func(n sipua.Subscribed) { p.lampChanged(lamp, n) },
	})
}

// watchTarget is whom the lamp of a key watches, as the dial plan has it; empty
// for nobody. Only the line's own server is asked, never a stranger's.
func (p *Phone) watchTarget(key, line int) string {
	number := p.speedDial(key).number
	switch {
	case number == "" || !p.params.Bool(fmt.Sprintf("speed_watch%d", key)):
		return ""
	case !isAddress(number):
		if r := p.match(number, line); r.Number != "" {
			number = r.Number
		}
	}
	target, _, _ := strings.Cut(number, ";")
	if _, host, ok := strings.Cut(target, "@"); ok && !p.ownHost(line, host) {
		return ""
	}
	return target
}

func (p *Phone) ownHost(line int, host string) bool {
	a := &p.lines[line-1].account
	return strings.EqualFold(host, a.Proxy) || a.Domain != "" && strings.EqualFold(host, a.Domain)
}

// lampNotified takes a document. One that cannot be read changes nothing.
func (p *Phone) lampNotified(lamp *busyLamp, body []byte) {
	doc, err := dialoginfo.Parse(body)
	if err != nil {
		p.log.Warn("busy lamp", "of", lamp.target, "cause", err)
		return
	}
	if lamp.info.Apply(doc) && time.Since(lamp.asked) > lampAgain {
		lamp.asked = time.Now()
		lamp.sub.Refresh()
	}
}

// lampChanged: what a server does not tell any more is not shown.
func (p *Phone) lampChanged(lamp *busyLamp, n sipua.Subscribed) {
	if n.State != sipua.SubFailed && n.State != sipua.SubEnded {
		return
	}
	lamp.info = dialoginfo.State{}
	if lampRefused[n.Code] {
		lamp.sub.Unsubscribe()
	}
}

// pickUpNumber is what the key of a speed dial dials: the number, or where that
// rings and there is a code for it, what takes its call.
func (p *Phone) pickUpNumber(key int, number string) string {
	code := p.params.Text("pickup_directed_code")
	if code == "" || p.lines[key-1].lamp.info.Lamp() != dialoginfo.Ringing {
		return number
	}
	user, _ := cutScheme(number, "sip:")
	user, _, _ = strings.Cut(user, "@")
	return code + user
}

// pickUpCode is what the soft key PickUp dials: the code for the watched number
// that rings, else the one for calls of the group (pickup_code). Empty for none.
func (p *Phone) pickUpCode() string {
	for _, key := range p.freeKeys() {
		number := p.speedDial(key).number
		if code := p.pickUpNumber(key, number); number != "" && code != number {
			return code
		}
	}
	return p.params.Text("pickup_code")
}
