package jitter

import "time"

// Pieces taken out or repeated are this long: periods of voices.
const (
	minPiece = 2500 * time.Microsecond
	maxPiece = 10 * time.Millisecond
)

// faint is an amplitude, about -47 dBm0, below which nobody hears where a piece
// was taken out.
const faint = 0.003

// likeEnough is how like each other two pieces must be (1 is the same) for a
// cut between them to go unheard. The further the delay is off, the less is
// asked, for late voice is worse; far off, nothing is.
func likeEnough(off time.Duration) float32 {
	switch {
	case off < 60*time.Millisecond:
		return 0.85
	case off < 150*time.Millisecond:
		return 0.4
	}
	return -2
}

// piece finds the length, between shortest and longest samples, of the piece
// at the head of x that is most like what follows it, and tells whether it is
// like enough.
func piece(seek *search, x []float32, shortest, longest int, threshold float32) (length int, ok bool) {
	longest = min(longest, len(x)/2)
	if longest < shortest {
		return 0, false
	}
	if rms(x[:2*longest]) < faint {
		return longest, true
	}
	best := seek.best(head, x[:2*longest], 0, shortest, longest, threshold)
	return best, best > 0
}

// shorten takes the first n samples out of x by blending them into the next n,
// and gives what is left.
func shorten(x []float32, n int) []float32 {
	for i := range n {
		w := float32(i+1) / float32(n+1)
		x[n+i] = (1-w)*x[i] + w*x[n+i]
	}
	return x[n:]
}

// lengthen repeats the first n samples of x; x must have room for n more.
func lengthen(x []float32, n int) []float32 {
	length := len(x)
	x = x[:length+n]
	copy(x[2*n:], x[n:length])
	// x[2n:3n] holds the second piece now: begin with it and go over to the
	// first, which it is about to follow again.
	for i := range n {
		w := float32(i+1) / float32(n+1)
		x[n+i] = (1-w)*x[2*n+i] + w*x[i]
	}
	return x
}
