package sipua

import "deskset/phonecore/sipua/wire"

// Values of Reason (RFC 3326) in what we send to end calls, for those on the
// way who log or count them.
const (
	reasonElsewhere = `SIP;cause=200;text="Call completed elsewhere"`
	reasonTimeout   = `SIP;cause=408;text="Request Timeout"`
	reasonMedia     = `SIP;cause=488;text="Not Acceptable Here"`
)

// byeBecause ends a dialog and says why.
func (c *Call) byeBecause(d *dialog, reason string, done func()) {
	m, next := c.a.dialogRequest(d, "BYE")
	if reason != "" {
		m.Header.Set("Reason", reason)
	}
	c.farewell(m)
	c.finish(d, m, next, done)
}

// farewell adds what the owner wants to say at the end of the call.
func (c *Call) farewell(m *wire.Message) {
	if c.Farewell == nil {
		return
	}
	for _, h := range c.Farewell() {
		m.Header.Set(h[0], h[1])
	}
}
