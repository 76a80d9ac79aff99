package phonecore

import "deskset/phonecore/call"

// canPark tells whether the soft key Park does something: there is a place to park
// at (park_code), and a call that can be transferred.
func (p *Phone) canPark() bool {
	c := p.calls.Selected()
	return c != nil && c.State == call.Connected && p.params.Text("park_code") != "" && p.transferable(c)
}

// park is the soft key Park: the call goes to the park's number as by BlndXfr, and
// comes back if that does not take it. From there it is fetched by dialling what
// the server says.
func (p *Phone) park() {
	if !p.canPark() {
		return
	}
	c := p.calls.Selected()
	p.hold(c)
	p.xfer = transfer{from: c, blind: true, up: true}
	p.send(p.destination(p.params.Text("park_code"), c.Line).target, nil)
}
