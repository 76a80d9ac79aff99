//go:build !linux

package hostwatch

import "time"

// newSleepMeter takes for sleep what the wall clock has gone on between two
// looks beyond the time that they are apart. Go's monotonic clock is of no use
// here: on some systems it stops while the host sleeps, on others it does not.
// A wall clock that is put forward looks like sleep; that costs one REGISTER.
func newSleepMeter() func() time.Duration {
	before := time.Now().Round(0)
	return func() time.Duration {
		now := time.Now().Round(0) // without the monotonic reading
		slept := now.Sub(before) - lookEvery
		before = now
		return max(0, slept)
	}
}
