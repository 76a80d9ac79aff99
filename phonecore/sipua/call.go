package sipua

import "deskset/phonecore/sipua/sdp"

// Call is one call.
type Call struct {
	// Data is free for the owner.
	Data any

	id       string
	line     int
	outgoing bool
	state    CallState
	peer     Party
}

// ID is the Call-ID. Both ends of a call to oneself share it.
func (c *Call) ID() string { return c.id }

// Line is the line of the call, 1 to 6.
func (c *Call) Line() int { return c.line }

// Outgoing tells who called.
func (c *Call) Outgoing() bool { return c.outgoing }

// State of the signalling.
func (c *Call) State() CallState { return c.state }

// Peer is the far side as far as it is known.
func (c *Call) Peer() Party { return c.peer }

// Answer takes an incoming call.
func (c *Call) Answer(local sdp.Local) error { return errNotBuilt }

// Reject turns an incoming call away with a final status, 300 to 699.
func (c *Call) Reject(code int, reason string) {}

// Hangup ends the call in whatever way its state demands.
func (c *Call) Hangup() {}

// Update offers changed media to the peer (hold, resume, a new address).
func (c *Call) Update(local sdp.Local) error { return errNotBuilt }
