package dtmf

import "time"

// minTone and minPause are what a digit and the silence after it last at
// least. Q.24 asks receivers for 40 ms each; 100 ms is what the guide's phone
// sends and what slow receivers want.
const (
	minTone  = 100 * time.Millisecond
	minPause = 60 * time.Millisecond
)

// Keyer gives each key press its length: as long as the key is held and
// [minTone] at least, followed by a pause of [minPause]. Keys typed faster
// than that wait in line. It belongs to the audio side.
type Keyer struct {
	keys              *Keys
	minTone, minPause int // samples

	digit   byte // that sounds; 0 in a pause or when idle
	held    bool
	elapsed int // samples since digit began
	pause   int // samples of the pause to come
}

// Stage is what happens during one piece of time.
type Stage struct {
	// Digit that sounds; 0 for none.
	Digit byte
	// Elapsed samples from the digit's begin to the end of this piece.
	Elapsed int
	// First and Last tell that the digit begins with this piece, and ends with
	// it.
	First, Last bool
	// Pause tells that no digit sounds but one has just ended.
	Pause bool
}

// NewKeyer makes a keyer that reads keys; rate counts samples, in Hz.
func NewKeyer(keys *Keys, rate int) *Keyer {
	return &Keyer{
		keys:     keys,
		minTone:  int(minTone * time.Duration(rate) / time.Second),
		minPause: int(minPause * time.Duration(rate) / time.Second),
	}
}

// Advance lets n samples pass and tells what happens in them.
func (k *Keyer) Advance(n int) Stage {
	if k.digit == 0 && k.pause > 0 {
		k.pause -= n
		return Stage{Pause: true}
	}
	var s Stage
	if k.digit == 0 {
		if !k.begin() {
			return Stage{}
		}
		s.First = true
	}
	k.elapsed += n
	k.follow()
	s.Digit, s.Elapsed = k.digit, k.elapsed
	if !k.held && k.elapsed >= k.minTone {
		s.Last = true
		k.digit, k.pause = 0, k.minPause
	}
	return s
}

// Reset forgets the digit that sounds; keys that wait still do. For when
// another keyer has read the same keys.
func (k *Keyer) Reset() { k.digit, k.held, k.pause = 0, false, 0 }

// begin takes the next press, past releases of digits that ended early.
func (k *Keyer) begin() bool {
	for {
		move, ok := k.keys.peek()
		if !ok {
			return false
		}
		k.keys.take()
		if move != released {
			k.digit, k.held, k.elapsed = move, true, 0
			return true
		}
	}
}

// follow sees whether the key has been released. Another key's press releases
// it too, and waits.
func (k *Keyer) follow() {
	move, ok := k.keys.peek()
	if !ok || !k.held {
		return
	}
	k.held = false
	if move == released {
		k.keys.take()
	}
}
