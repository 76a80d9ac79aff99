package device

import (
	"sync"
	"sync/atomic"
	"time"
)

// PortConfig says what a port serves.
type PortConfig struct {
	Backend Backend
	Kind    Kind
	// Period as in Config.
	Period time.Duration
	// Data as in Config. It is never called twice at a time.
	Data func(block []float32)
	// Begin, if not nil, is called ahead of Data whenever the blocks come from
	// another device than before, or from none after one: what Data makes shall
	// begin, and what it takes continue, without a click. The rules of Data hold.
	Begin func()
	// Drive, if not nil, is called after Data with the number of samples that a
	// device has moved, but not for Substitute: it clocks what has no device of
	// its own. The rules of Data hold, and neither overlaps the other.
	Drive func(samples int)
	// Notify, if not nil, is told each change. It runs on the port's goroutine
	// and must not block.
	Notify func(PortState)
}

// PortState tells how a port fares.
type PortState struct {
	// Open tells that a device is wanted, and Wanted its name as in Config.
	Open   bool
	Wanted string
	// Device is the one in use, as a person reads it; empty if none runs. ID is
	// its Info's.
	Device, ID string
	// Err is why the device in use is not the wanted one, or why there is none;
	// nil while a device is being started for the first time.
	Err error
}

// Port keeps one device open for as long as it is wanted: it opens the wanted
// device, or the default if that cannot be had; sees that callbacks keep
// coming; replaces a device that has gone silent; and goes back to the wanted
// one when it is there again. Changing from one device to another leaves no
// gap: the old one runs until the new one asks for its first block, and then
// dies away.
//
// Want and Release return at once; the work is done by the port's goroutine.
type Port struct {
	config PortConfig

	// The callbacks' side. active is the tap whose callbacks count, incoming
	// the one that takes over with its first callback, resting the one that has
	// fallen silent and takes over again if there is no other yet.
	active, incoming, resting atomic.Pointer[tap]
	busy                      atomic.Bool
	last                      *tap // whose block was the last one; guarded by busy

	// The control side.
	period  atomic.Int64 // time.Duration
	want    atomic.Pointer[wish]
	wake    chan struct{}
	quit    chan struct{}
	quitted sync.Once
	done    sync.WaitGroup
}

// wish is what the owner wants, nil for nothing.
type wish struct{ name string }

// NewPort makes a port that is closed until Want.
func NewPort(c PortConfig) *Port {
	p := &Port{config: c, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	p.period.Store(int64(c.Period))
	k := keeper{port: p}
	p.done.Go(k.run)
	return p
}

// Want opens the device of a name, the default for an empty one, in place of
// the one that is open. Wanting what is wanted already changes nothing.
func (p *Port) Want(name string) {
	if w := p.want.Load(); w != nil && w.name == name {
		return
	}
	p.want.Store(&wish{name})
	p.poke()
}

// SetPeriod changes the wished time between callbacks, and so the depth of the
// device's buffer. The device that is open is replaced by itself.
func (p *Port) SetPeriod(d time.Duration) {
	if time.Duration(p.period.Swap(int64(d))) == d {
		return
	}
	if w := p.want.Load(); w != nil {
		p.want.CompareAndSwap(w, &wish{w.name})
		p.poke()
	}
}

// Release closes the device.
func (p *Port) Release() {
	p.want.Store(nil)
	p.poke()
}

// Close releases the device, ends the port and waits for it.
func (p *Port) Close() {
	p.quitted.Do(func() { close(p.quit) })
	p.done.Wait()
}

func (p *Port) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Live tells whether a device is calling Data.
func (p *Port) Live() bool { return p.active.Load() != nil }

// Substitute calls Data with the block if no device does, and tells whether it
// did. It neither allocates nor blocks.
func (p *Port) Substitute(block []float32) bool {
	if p.Live() || !p.busy.CompareAndSwap(false, true) {
		return false
	}
	defer p.busy.Store(false)
	if p.Live() { // it began between the two looks
		return false
	}
	p.serve(nil, block)
	return true
}

// serve calls Data for a device, or for none. The caller holds busy.
func (p *Port) serve(t *tap, block []float32) {
	if p.last != t {
		p.last = t
		if p.config.Begin != nil {
			p.config.Begin()
		}
	}
	p.config.Data(block)
}

// leaveTime is how long the last sample of a loudspeaker that is left dies away.
const leaveTime = 5 * time.Millisecond

// tap stands between a device and the port, so that a device on its way in or
// out cannot disturb. Its last fields belong to the callback.
type tap struct {
	port  *Port
	calls atomic.Uint64

	end  float32 // the last sample it was given
	left int     // samples until that has died away
}

// leave fills the blocks of a loudspeaker that does not count any more: a
// slope from where its sound stood, then silence.
func (t *tap) leave(block []float32) {
	clear(block)
	slope := block[:min(len(block), t.left)]
	for i := range slope {
		t.left--
		slope[i] = t.end * float32(t.left) / float32(samples(leaveTime))
	}
}

func (t *tap) data(block []float32) {
	t.calls.Add(1)
	p := t.port
	if p.incoming.Load() == t && p.incoming.CompareAndSwap(t, nil) {
		p.active.Store(t)
		p.poke() // once per device: its predecessor can be closed
	}
	if p.resting.Load() == t && p.resting.CompareAndSwap(t, nil) && p.active.CompareAndSwap(nil, t) {
		p.poke() // its successor is not needed
	}
	if p.active.Load() != t || !p.busy.CompareAndSwap(false, true) {
		if p.config.Kind == Playback {
			t.leave(block)
		}
		return
	}
	p.serve(t, block)
	if p.config.Kind == Playback && len(block) > 0 {
		t.end, t.left = block[len(block)-1], samples(leaveTime)
	}
	if p.config.Drive != nil {
		p.config.Drive(len(block))
	}
	p.busy.Store(false)
}
