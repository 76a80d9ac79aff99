//go:build cgo

package device

// static unsigned moves;
//
// // The head of miniaudio's ma_device_notification; its header is out of reach.
// struct notification {
// 	void *device;
// 	int type;
// };
//
// enum { rerouted = 2 }; // ma_device_notification_type_rerouted
//
// static void notice(const struct notification *what) {
// 	if (what->type == rerouted)
// 		__atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
// }
//
// static void *noticeAddress(void) { return (void *)notice; }
//
// static unsigned moveCount(void) { return __atomic_load_n(&moves, __ATOMIC_RELAXED); }
import "C"

// moves counts how often the system has moved any device to another. The thread
// that tells of it must not enter Go.
func moves() uint32 { return uint32(C.moveCount()) }

// noticeFunction is miniaudio's notification callback.
func noticeFunction() *[0]byte { return (*[0]byte)(C.noticeAddress()) }

// maxLooks is how often a device looks where it has been moved to: the system
// may tell of the move first.
const maxLooks = 3

// follow keeps a device that follows the system's default informed of which one
// that is now.
//
// It silences a microphone that was moved to a loudspeaker's monitor, as
// PulseAudio does when the last one is unplugged: the peer would hear itself.
// The port sees it fall silent and looks for another.
func (d *malgoDevice) follow() {
	if !d.follows || d.looking.Load() {
		return
	}
	if now := moves(); now != d.moved {
		d.moved, d.looks = now, maxLooks
	}
	if d.looks == 0 {
		return
	}
	d.looks--
	d.looking.Store(true)
	go func() {
		defer d.looking.Store(false)
		if list, err := d.backend.List(); err == nil {
			d.moveTo(defaultOf(list, d.info.Load().Kind))
		}
	}()
}

// moveTo notes that the default is another one now, or none.
func (d *malgoDevice) moveTo(now Info, ok bool) {
	switch before := d.info.Load(); {
	case ok && now != *before:
		d.info.Store(&now)
	case !ok && before.Kind == Capture:
		d.astray.Store(true)
	}
}

// defaultOf finds the system's default of a kind, if there is one that may be
// chosen unasked.
func defaultOf(list []Info, kind Kind) (Info, bool) {
	for _, info := range list {
		if info.Kind == kind && info.Default {
			return info, true
		}
	}
	return Info{}, false
}
