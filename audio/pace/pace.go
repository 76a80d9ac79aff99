// Package pace compares the sound that a device moves with the time that passes.
//
// A loudspeaker that got its sound too late has a hole, and is behind by as much
// from then on: PulseAudio, PipeWire and ALSA do not ask for what they did
// without. Nobody tells a program so. But it shows: callbacks come now early, now
// late, and the earliest of a while keep step with the clock, unless something
// was lost.
//
//	var p pace.Pace
//	func callback(block []float32) {
//		if lost := p.Moved(time.Since(start), len(block)); lost > 0 { ... }
//	}
package pace

import "time"

// Rate is the sample rate, in Hz.
const Rate = 48000

const (
	// window is how long the earliest callback is looked for; two windows count.
	window = 100 * time.Millisecond
	// least is the smallest step that is told: 1.5 ms. Callbacks of a busy machine
	// are all late by less now and then.
	least = 3 * Rate / 2000
	// creep is the part of a smaller difference that is followed in silence, each
	// window: no two clocks are alike, and what differs by 0.1 % gains 0.1 ms in
	// a window.
	creep = 0.25
	// Pause ends the comparison: the device was closed, or the machine slept.
	Pause = 200 * time.Millisecond
)

// Pace of one device. The zero value is ready. It belongs to the device's
// callback.
type Pace struct {
	last   time.Duration // of the last callback
	begin  time.Duration // of the comparison
	moved  int64         // samples since begin
	closes time.Duration // the present window

	now, before int64 // least lag in the present and the last window
	windows     int   // that have been closed
	level       float64
}

// Restart forgets everything: another device moves the sound from now on.
func (p *Pace) Restart() { *p = Pace{} }

// Moved notes that a callback at a time moved n samples, and tells by how many
// samples the device has fallen behind (more than 0) or leapt ahead (less). It
// takes up to 200 ms to be sure.
func (p *Pace) Moved(at time.Duration, n int) (lost int) {
	if p.moved == 0 || at-p.last > Pause || at < p.last {
		*p = Pace{begin: at, closes: at + window}
	}
	p.last = at
	lag := samples(at-p.begin) - p.moved
	p.moved += int64(n)
	if at < p.closes {
		p.now = min(p.now, lag)
		return 0
	}
	lost = p.close()
	p.before, p.now = p.now, lag
	p.closes += window
	if p.closes < at {
		p.closes = at + window
	}
	return lost
}

// close ends a window.
func (p *Pace) close() int {
	p.windows++
	lag := float64(min(p.now, p.before))
	if p.windows <= 3 { // the first holds the filling of the device's buffer
		p.level = lag
		return 0
	}
	off := lag - p.level
	if off < least && off > -least {
		p.level += creep * off
		return 0
	}
	p.level = lag
	return int(off)
}

func samples(d time.Duration) int64 {
	return int64(d/time.Second)*Rate + int64(d%time.Second*Rate/time.Second)
}
