package phonecore

import (
	"slices"

	"deskset/audio"
	"deskset/phonecore/call"
)

// maxParties is how many others a conference of ours may have: the person and
// two others are the three-way conference of release 2.0, Join takes in one more.
const maxParties = 3

// conference is the local conference (release 2.0; the guide's release has none):
// the calls in it are up at the same time and hear each other.
type conference struct {
	parties []*call.Call // in the order in which they joined
	// host is the call that Confrn has put on hold, guest the one that was made
	// then; the next Confrn joins them. Nil while nobody is being asked.
	host, guest *call.Call
	asking      bool // the guest's number is being entered
	bridged     []audio.Stream
}

func (f *conference) has(c *call.Call) bool { return slices.Contains(f.parties, c) }

// forget takes a call that has ended out of everything. A conference of one is a
// call.
func (f *conference) forget(c *call.Call) {
	if f.parties = slices.DeleteFunc(f.parties, func(x *call.Call) bool { return x == c }); len(f.parties) < 2 {
		f.parties = nil
	}
	if c == f.host || c == f.guest {
		f.dismiss()
	}
}

// dismiss ends the asking, not the calls.
func (f *conference) dismiss() { f.host, f.guest, f.asking = nil, nil, false }

// joinable tells whether host and guest wait for the Confrn that joins them; the
// person may have gone back to the host meanwhile.
func (f *conference) joinable(c *call.Call) bool {
	other := f.host
	if c == f.host {
		other = f.guest
	}
	return f.host != nil && f.guest != nil && (c == f.host || c == f.guest) &&
		c.State == call.Connected && other.State == call.Held
}

// together are the calls that are held and resumed as one.
func (p *Phone) together(c *call.Call) []*call.Call {
	if p.conf.has(c) {
		return p.conf.parties
	}
	return []*call.Call{c}
}

// confer is the soft key Confrn: it holds the call and asks for the other party,
// or joins both.
func (p *Phone) confer() {
	c := p.calls.Selected()
	switch {
	case c == nil:
	case p.conf.joinable(c):
		p.join(p.conf.host, p.conf.guest)
	case c.State == call.Connected:
		p.openLine(c.Line)
		p.conf.dismiss()
		p.conf.host, p.conf.asking = c, p.entry.open
	}
}

// conferring tells whether Confrn does something for the selected call.
func (p *Phone) conferring() bool {
	c := p.calls.Selected()
	return c != nil && c.State == call.Connected && !p.conf.has(c) && p.calls.Len() < maxCalls
}

// asked takes note of a call that was placed: it may be to a conference's guest.
func (f *conference) asked(c *call.Call) {
	if f.asking {
		f.guest, f.asking = c, false
	}
}

// keep ends the asking where the number is not being entered any more.
func (f *conference) keep(entering bool) {
	if f.asking && !entering {
		f.dismiss()
	}
}

// unasked: the guest's number was not entered in the end. The call that Confrn
// had put on hold is taken back.
func (p *Phone) unasked() bool {
	host := p.conf.host
	if !p.conf.asking {
		return false
	}
	p.conf.dismiss()
	if host != nil {
		p.resume(host)
	}
	return host != nil
}

// unconfer is the soft key Cancel: the guest is let go, the host taken back.
func (p *Phone) unconfer() {
	host, guest := p.conf.host, p.conf.guest
	p.conf.dismiss()
	if host == nil || guest == nil {
		return
	}
	p.endCall(guest)
	p.resume(host)
}

// joinWith is the call that Join would put together with the selected one: of a
// held one it is the active one, of that the only held one.
func (p *Phone) joinWith() *call.Call {
	c := p.calls.Selected()
	switch {
	case c == nil:
	case c.State == call.Connected:
		return p.roomFor(c, p.onlyHeld())
	case c.State == call.Held:
		if up := p.calls.Active(); up != nil && up.State == call.Connected {
			return p.roomFor(c, up)
		}
	}
	return nil
}

// onlyHeld is the held call, or any of the held conference; nil if there is
// another one as well.
func (p *Phone) onlyHeld() (held *call.Call) {
	for _, c := range p.calls.All() {
		l := p.legs[c]
		switch {
		case l != nil && l.leaving:
		case c.State != call.Held || p.xfer.sent && (c == p.xfer.from || c == p.xfer.to): // or on its way to somebody else
		case held != nil && slices.Contains(p.together(held), c):
		case held != nil:
			return nil
		default:
			held = c
		}
	}
	return held
}

// roomFor gives b if both fit into one conference.
func (p *Phone) roomFor(a, b *call.Call) *call.Call {
	if b == nil || len(p.together(a))+len(p.together(b)) > maxParties {
		return nil
	}
	return b
}

// joinCalls is the soft key Join: two calls that are there already.
func (p *Phone) joinCalls() {
	if other := p.joinWith(); other != nil {
		p.join(other, p.calls.Selected())
	}
}

// join makes one conference of two calls, either of which may be one already. The
// held one is taken back from hold (RFC 3264 section 8.4): sendrecv to both.
func (p *Phone) join(a, b *call.Call) {
	p.conf.dismiss()
	if p.conf.has(b) && !p.conf.has(a) {
		a, b = b, a
	}
	p.conf.parties = append(slices.Clone(p.together(a)), p.together(b)...)
	p.log.Info("conference", "parties", len(p.conf.parties))
	for _, c := range p.conf.parties {
		p.turn(c, call.Held, call.Connected)
	}
	p.calls.Select(b)
	p.settle()
}

// leave ends the conference for us: every call of it. With
// cnf_join_enable (release 3.0) the two others are connected with each other, by an
// attended transfer (RFC 5589 section 7); if they cannot be, their calls end too.
func (p *Phone) leave() {
	parties := slices.Clone(p.conf.parties)
	p.conf.parties = nil
	if len(parties) == 2 && p.params.Bool("cnf_join_enable") && p.xfer.from == nil {
		for _, c := range parties {
			c.State = call.Held // for us only: the two are told soon enough
			p.applyMedia(c)
		}
		p.xfer = transfer{from: parties[0], to: parties[1], leaving: true}
		p.send("", parties[1])
		return
	}
	for _, c := range parties {
		p.endCall(c)
	}
}

// removeLast is the soft key RmLast: who joined last is let go.
func (p *Phone) removeLast() {
	if n := len(p.conf.parties); n > 0 {
		p.endCall(p.conf.parties[n-1])
	}
}

// bridge lets the voice engine know who hears whom.
func (p *Phone) bridge() {
	var streams []audio.Stream
	for _, c := range p.conf.parties {
		if l := p.legs[c]; c.State == call.Connected && l != nil && l.stream != nil {
			streams = append(streams, l.stream)
		}
	}
	if p.voice != nil && !slices.Equal(streams, p.conf.bridged) {
		p.conf.bridged = streams
		p.voice.Bridge(streams...)
	}
}
