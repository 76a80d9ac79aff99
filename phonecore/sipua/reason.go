package sipua

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
	c.finish(d, m, next, done)
}
