package dtmf

// Receiver finds the digits in arriving event packets, each once. All packets
// of an event carry its begin as timestamp (RFC 4733 section 2.5.1.2), so any
// of them will do and the rest are recognised. It belongs to the goroutine
// that receives.
type Receiver struct {
	known   bool
	last    Event
	start   uint32 // timestamp of last
	between uint32 // longest timestamp step within one event of a broken sender
	stale   int32  // packets older than this are a sender that began anew
}

// NewReceiver makes a receiver; rate is that of the timestamps, in Hz.
func NewReceiver(rate int) *Receiver {
	return &Receiver{
		between: uint32(rate / 25), // packet times up to 40 ms
		stale:   int32(10 * rate),
	}
}

// Receive takes a packet's payload, timestamp and marker, and gives the digit
// that begins with it, or 0.
func (r *Receiver) Receive(payload []byte, timestamp uint32, marker bool) byte {
	e, err := ParseEvent(payload)
	if err != nil {
		return 0
	}
	step := timestamp - r.start
	switch {
	case !r.known:
	case step == 0 && e.Digit == r.last.Digit:
		r.update(e)
		return 0
	case int32(step) < 0 && -int32(step) < r.stale:
		return 0 // an older event's packet, out of order
	case r.continues(e, step, marker):
		r.last, r.start = e, timestamp
		return 0
	}
	r.known, r.last, r.start = true, e, timestamp
	return e.Digit
}

// update keeps the longest duration seen, and the end for good.
func (r *Receiver) update(e Event) {
	e.End = e.End || r.last.End
	e.Duration = max(e.Duration, r.last.Duration)
	r.last = e
}

// continues tells whether a packet with a new timestamp belongs to the same
// event all the same: as the next segment of a long one (section 2.5.2.3), or
// because the sender, against the RFC, moves the timestamp with each update.
func (r *Receiver) continues(e Event, step uint32, marker bool) bool {
	if e.Digit != r.last.Digit || r.last.End || marker {
		return false
	}
	segment := step%maxDuration == 0
	moving := step <= r.between && e.Duration > r.last.Duration
	return segment || moving
}

// Reset forgets the last event: for a new source.
func (r *Receiver) Reset() { r.known = false }
