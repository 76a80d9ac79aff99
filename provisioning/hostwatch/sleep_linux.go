package hostwatch

import (
	"time"

	"golang.org/x/sys/unix"
)

// newSleepMeter compares two clocks that nobody sets: CLOCK_BOOTTIME goes on
// while the host sleeps, CLOCK_MONOTONIC does not (clock_gettime(2)). A wall
// clock that is put right is no sleep then, and neither is a busy machine.
func newSleepMeter() func() time.Duration {
	before := asleep()
	return func() time.Duration {
		now := asleep()
		slept := now - before
		before = now
		return slept
	}
}

// asleep is how long the host has slept since it was started.
func asleep() time.Duration {
	var boot, monotonic unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot) != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &monotonic) != nil {
		return 0 // never, on any Linux since 2.6.39
	}
	return time.Duration(boot.Nano() - monotonic.Nano())
}
