//go:build cgo

package device

import "time"

// strayTick is how often a microphone that follows the system's default looks
// whether something has been moved.
const strayTick = 100 * time.Millisecond

// watchStray silences a microphone that has followed the system's default to a
// loudspeaker's monitor, as PulseAudio does when the last one is unplugged: the
// peer would hear itself. The port sees it fall silent and looks for another.
// It ends with the device.
func (d *malgoDevice) watchStray() {
	ticker := time.NewTicker(strayTick)
	defer ticker.Stop()
	seen := d.ctx.system.notices()
	for {
		select {
		case <-d.ended:
			return
		case <-ticker.C:
		}
		now := d.ctx.system.notices()
		if now == seen {
			continue
		}
		if list, err := d.backend.List(); err == nil && !hasDefault(list, Capture) {
			d.astray.Store(true)
			return
		}
		seen = now
	}
}

// hasDefault tells whether the system has a default device of a kind that may be
// chosen unasked.
func hasDefault(list []Info, kind Kind) bool {
	for _, info := range list {
		if info.Kind == kind && info.Default {
			return true
		}
	}
	return false
}
