//go:build cgo && !windows && !darwin

package device

// static unsigned notices;
//
// static void notice(const void *what) {
// 	(void)what;
// 	__atomic_add_fetch(&notices, 1, __ATOMIC_RELAXED);
// }
//
// static void *noticeFunction(void) { return (void *)notice; }
//
// static unsigned noticeCount(void) { return __atomic_load_n(&notices, __ATOMIC_RELAXED); }
import "C"

// pulseDummy tells the sink that PulseAudio and PipeWire make up where there is
// no card.
func pulseDummy(id string) bool { return id == "auto_null" || id == "auto_null"+pulseMonitor }

// pulseNotices counts what miniaudio tells of any device: started, stopped,
// moved to another. Its thread must not enter Go for that.
func pulseNotices() uint32 { return uint32(C.noticeCount()) }

// pulseNotice is miniaudio's notification callback.
func pulseNotice() *[0]byte { return (*[0]byte)(C.noticeFunction()) }
