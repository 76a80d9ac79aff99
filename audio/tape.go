package audio

// Tape takes both sides of a call, to be kept. Take is called from the callback of
// a sound card with the same moment of both, mono at 48 kHz, full scale ±1.0: it
// must not block or allocate, and not keep what it is given.
type Tape interface {
	Take(near, far []float32)
}

// Taper is what an Engine may be besides: one whose calls can be recorded.
type Taper interface {
	// Tape gives t all that is said in the call of a stream: what goes out to the
	// far side, and what comes from it and, in a conference, from the others. While
	// the call is on hold that is silence. With warn a tone tells both sides each
	// 15 s that they are recorded. Nil ends it: when Tape has returned t is not
	// used any more.
	Tape(s Stream, t Tape, warn bool)
}
