package oracle

import (
	"syscall"
	"time"
)

// ThreadTime is the processor time of this thread, 0 if nobody knows: unlike a
// clock it does not see how busy the machine is. The caller locks its thread.
func ThreadTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD, getrusage(2)
	var u syscall.Rusage
	if syscall.Getrusage(thread, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
