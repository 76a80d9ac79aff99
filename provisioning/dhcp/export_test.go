package dhcp

import "time"

// SetClock gives a client another wall and takes its jitter away.
func (c *Client) SetClock(now func() time.Time) {
	c.now = now
	c.jitter = func(d time.Duration) time.Duration { return d }
}
