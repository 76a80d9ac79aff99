package jitter

// memory is how many sequence numbers back are remembered: 5 s at 20 ms. A
// duplicate is no late packet, and tells nothing of the delay.
const memory = 256

// arrived remembers which sequence numbers have come.
type arrived struct {
	known   bool
	highest uint16
	seen    [memory]bool // by number, of the last ones
}

// before tells that a number has come already.
func (a *arrived) before(number uint16) bool {
	return a.known && a.highest-number < memory && a.seen[number%memory]
}

// note takes up a number.
func (a *arrived) note(number uint16) {
	step := number - a.highest
	switch {
	case !a.known || step >= memory && -step >= memory:
		*a = arrived{known: true, highest: number}
	case step < memory:
		for ; a.highest != number; a.highest++ {
			a.seen[(a.highest+1)%memory] = false
		}
	}
	a.seen[number%memory] = true
}
