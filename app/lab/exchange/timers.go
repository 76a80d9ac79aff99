package exchange

import "time"

// The timers of RFC 3261 table 4, with their defaults: the lab's network is
// loopback, but its peer is a phone whose own timers are to be seen at work.
const (
	timerT1 = 500 * time.Millisecond
	timerT2 = 4 * time.Second
	timerT4 = 5 * time.Second
	timer64 = 64 * timerT1     // B, F, H, J, L, M
	timerD  = 32 * time.Second // "at least 32 s"
	timerC  = 3 * time.Minute  // a proxied INVITE that only rings, section 16.6
)

// timer is a timer of the loop.
type timer struct {
	t       *time.Timer
	stopped bool // fired or stopped
}

// after calls f on the loop after a time, unless the timer is stopped before.
func (x *Exchange) after(d time.Duration, f func()) *timer {
	t := &timer{}
	t.t = time.AfterFunc(d, func() {
		x.post(func() {
			if !t.stopped {
				t.stopped = true
				f()
			}
		})
	})
	return t
}

// stop may be called on nil, and more than once.
func (t *timer) stop() {
	if t != nil && !t.stopped {
		t.stopped = true
		t.t.Stop()
	}
}

// repeater calls send after T1, then after twice that, and so on up to most,
// until it is stopped: timers A, E and G, and the 2xx of section 13.3.1.4.
type repeater struct{ next *timer }

func (x *Exchange) repeat(most time.Duration, send func()) *repeater {
	r := &repeater{}
	var again func(d time.Duration)
	again = func(d time.Duration) {
		r.next = x.after(d, func() {
			again(min(2*d, most))
			send()
		})
	}
	again(timerT1)
	return r
}

func (r *repeater) stop() {
	if r != nil {
		r.next.stop()
	}
}
