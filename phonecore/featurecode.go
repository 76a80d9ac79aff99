package phonecore

// pickUp is the soft key PickUp: the exchange gives us a call that rings
// elsewhere. Redial does not remember the code.
func (p *Phone) pickUp() { p.callCode(p.defaultLine(), p.pickUpCode()) }

// callCode calls a feature code of the exchange.
func (p *Phone) callCode(line int, code string) {
	to := p.destination(code, line)
	to.dialled = ""
	p.place(line, to)
}

// canPark tells whether the selected call can be handed to the exchange's
// parking place.
func (p *Phone) canPark() bool {
	c := p.calls.Selected()
	return c != nil && p.params.Text("park_code") != "" && p.transferable(c)
}

// park is the soft key Park: a blind transfer to the parking place.
func (p *Phone) park() {
	c := p.calls.Selected()
	p.askTransfer(c, true)
	p.blindTo(p.destination(p.params.Text("park_code"), c.Line))
}
