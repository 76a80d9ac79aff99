//go:build cgo

package device

import "golang.org/x/sys/unix"

// promptPriority is that of rtkit's customers: above ordinary work and the sound
// server's own threads, below the kernel's.
const promptPriority = 20

// hurry asks the kernel to let the calling thread, a sound card's, run ahead of
// all ordinary work. miniaudio has asked already, for the highest priority there
// is; but threads that Go starts from a callback would inherit it, and garbage
// would be collected ahead of the sound server. Who may not have it, has not.
func hurry() {
	const fifo = 1 // SCHED_FIFO of sched(7)
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: fifo, Flags: unix.SCHED_FLAG_RESET_ON_FORK, Priority: promptPriority,
	}, 0)
}
