//go:build cgo

package main

// #include <sys/prctl.h>
//
// // Before Go's runtime starts its threads: they inherit it.
// __attribute__((constructor)) static void relax(void) { prctl(PR_SET_TIMERSLACK, 2000000ul, 0ul, 0ul, 0ul); }
import "C"

import "golang.org/x/sys/unix"

// Go's watchman, the thread sysmon, looks after the scheduler each 20 µs for as
// long as threads of sound cards come and go in it: 3,000 wake-ups per second in a
// call, most of all that there are, and each of them may stop a card's callback.
// It is content with 500: timers of ordinary threads may be late by 2 ms. Threads
// of cards are urgent ones, for which that does not hold; nor for this one, the
// window's.
func init() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 50_000, 0, 0, 0) // the kernel's own default
}
