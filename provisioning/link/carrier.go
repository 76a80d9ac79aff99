package link

import (
	"context"
	"sync"
)

// Carrier is what a port knows of its cable, for Port.Watch. Its methods may be
// called from any goroutine.
type Carrier struct {
	mu      sync.Mutex
	up      bool
	closed  bool
	changed chan struct{} // closed at the next change
}

// NewCarrier gives a carrier, that is there or not.
func NewCarrier(up bool) *Carrier {
	return &Carrier{up: up, changed: make(chan struct{})}
}

// Set says whether the carrier is there.
func (c *Carrier) Set(up bool) {
	c.change(func() bool { was := c.up; c.up = up; return was != up })
}

// Lose ends every Watch with ErrClosed: the port is closed or gone for good.
func (c *Carrier) Lose() {
	c.change(func() bool { was := c.closed; c.closed = true; return !was })
}

func (c *Carrier) change(do func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if do() {
		close(c.changed)
		c.changed = make(chan struct{})
	}
}

// Watch is as Port's.
func (c *Carrier) Watch(ctx context.Context, tell func(up bool)) error {
	for told, last := false, false; ; {
		c.mu.Lock()
		up, closed, changed := c.up, c.closed, c.changed
		c.mu.Unlock()
		switch {
		case closed:
			return ErrClosed
		case ctx.Err() != nil:
			return ctx.Err()
		case !told || up != last:
			told, last = true, up
			tell(up)
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}
