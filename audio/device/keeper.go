package device

import (
	"errors"
	"fmt"
	"time"
)

const (
	// watchTick is how often a port looks after its device; quietTicks without
	// a callback, 200 ms, mean that it has died. Nothing else tells: when a
	// PulseAudio sink vanishes its callbacks just stop.
	watchTick  = 50 * time.Millisecond
	quietTicks = 4
	// A device that has fallen silent may be one that a busy machine keeps from
	// the processor: it is not closed before restTicks, 2 s, if none replaces it.
	restTicks = 40
	// fadeTime is how long a device that was replaced stays open: what it has
	// buffered is to be heard to the end.
	fadeTime = 40 * time.Millisecond
	// startLimit is how long a device may take to its first callback.
	// Bluetooth headsets need more than a second.
	startLimit = 2500 * time.Millisecond
	// A device that is not to be had is tried again after retryMin, then after
	// twice as long each time up to retryMax, or muteMax while none runs in its
	// place although there is a sound system.
	retryMin = 500 * time.Millisecond
	retryMax = 4 * time.Second
	muteMax  = time.Second
)

// keeper is a port's goroutine and what it alone knows.
type keeper struct {
	port *Port

	wanted  *wish   // as last acted upon
	current *opened // the device that runs, or is being started
	old     *opened // runs, or rests, until current has its first callback
	trouble error   // why current is not the wanted one; nil if it is

	retryAt time.Time
	backoff time.Duration
	told    PortState
}

// opened is a device with what the watchdog remembers of it.
type opened struct {
	tap    *tap
	device Device
	name   string // as asked for
	since  time.Time
	calls  uint64
	quiet  int
	left   time.Time // when another has begun in its place
}

func (k *keeper) run() {
	ticker := time.NewTicker(watchTick)
	defer ticker.Stop()
	ticker.Stop() // on hook nothing ticks
	last := time.Now()
	for {
		select {
		case <-k.port.quit:
			k.stop()
			return
		case <-k.port.wake:
			if k.port.want.Load() == nil {
				ticker.Stop()
			} else if k.wanted == nil {
				ticker.Reset(watchTick)
			}
			k.follow()
		case <-ticker.C:
			// A tick that comes late means that the machine is overloaded, not
			// that the card is dead: replacing it would make matters worse.
			k.watch(time.Since(last) > 3*watchTick)
		}
		last = time.Now()
		k.settle()
		k.tell()
	}
}

// follow acts upon a new wish.
func (k *keeper) follow() {
	want := k.port.want.Load()
	if want == k.wanted {
		return
	}
	k.wanted = want
	if want == nil {
		k.stop()
		return
	}
	k.backoff = 0
	k.attempt(true)
}

// watch looks whether the device lives, and whether a better one can be had.
func (k *keeper) watch(late bool) {
	if k.wanted == nil {
		return
	}
	if k.old != nil && k.old.faded() {
		k.end(&k.old)
	}
	if k.old != nil && !k.old.alive(late) && !(k.rests(k.old) && k.old.quiet < restTicks) {
		k.end(&k.old)
	}
	switch o := k.current; {
	case o == nil || o.alive(late):
	case o.calls > 0:
		k.rest(fmt.Errorf("%s device %q fell silent", k.port.config.Kind, o.device.Name()))
		k.attempt(true)
		return
	case time.Since(o.since) > startLimit:
		k.lose(fmt.Errorf("%s device %q does not start", k.port.config.Kind, o.device.Name()))
		k.attempt(o.name != k.wanted.name) // not the same again at once
		return
	}
	if f, ok := k.device().(follower); ok {
		f.follow()
	}
	if k.trouble != nil && !time.Now().Before(k.retryAt) {
		k.attempt(true)
	}
}

// follower is a device that must look now and then where the system's default
// has taken it.
type follower interface{ follow() }

// device is the one that runs, or is being started.
func (k *keeper) device() Device {
	if k.current == nil {
		return nil
	}
	return k.current.device
}

// alive counts the ticks without a callback.
func (o *opened) alive(late bool) bool {
	calls := o.tap.calls.Load()
	if calls != o.calls {
		o.calls, o.quiet = calls, 0
		return true
	}
	if !late {
		o.quiet++
	}
	return calls > 0 && o.quiet < quietTicks
}

// faded tells that a device that was replaced has come to the end of its sound.
func (o *opened) faded() bool { return !o.left.IsZero() && time.Since(o.left) >= fadeTime }

// attempt opens the wanted device, or the default in its place unless that is
// what runs already.
func (k *keeper) attempt(tryWanted bool) {
	err := k.trouble
	if tryWanted {
		if err = k.open(k.wanted.name); err == nil {
			k.trouble, k.backoff = nil, 0
			return
		}
	}
	k.trouble = err
	if k.wanted.name != "" && (k.current == nil || k.current.name != "") {
		if second := k.open(""); second != nil {
			k.trouble = fmt.Errorf("%w; %w", err, second)
			k.drop()
		}
	}
	most := retryMax
	if k.current == nil && !errors.Is(k.trouble, ErrNoSound) {
		most = muteMax
	}
	k.backoff = min(max(2*k.backoff, retryMin), most)
	k.retryAt = time.Now().Add(k.backoff)
}

// open starts a device beside the one that runs. A card that serves only one
// at a time gets a second chance alone.
func (k *keeper) open(name string) error {
	t := &tap{port: k.port}
	config := Config{Kind: k.port.config.Kind, Name: name, Period: time.Duration(k.port.period.Load()), Data: t.data}
	k.port.incoming.Store(t)
	d, err := k.port.config.Backend.Open(config)
	if err != nil && k.current != nil && !errors.Is(err, ErrNoDevice) && !errors.Is(err, ErrStuck) {
		k.drop()
		d, err = k.port.config.Backend.Open(config)
	}
	if err != nil {
		k.port.incoming.CompareAndSwap(t, nil)
		return err
	}
	if k.sounds(k.old) || k.rests(k.old) {
		k.end(&k.current) // it has not begun yet
	} else {
		k.end(&k.old)
		k.old = k.current
	}
	k.current = &opened{tap: t, device: d, name: name, since: time.Now()}
	return nil
}

// sounds tells whether a device's callbacks are the ones that count.
func (k *keeper) sounds(o *opened) bool { return o != nil && k.port.active.Load() == o.tap }

// rests tells whether a device has fallen silent and may yet come back.
func (k *keeper) rests(o *opened) bool { return o != nil && k.port.resting.Load() == o.tap }

// settle ends a change of devices once the new one has begun, or once the one
// that had fallen silent is back.
func (k *keeper) settle() {
	switch {
	case k.sounds(k.current):
		if k.old != nil && k.old.left.IsZero() {
			k.old.left = time.Now()
		}
	case k.wanted != nil && k.sounds(k.old) && (k.current == nil || k.old.name == k.wanted.name):
		k.end(&k.current)
		k.current, k.old = k.old, nil
		if k.current.name == k.wanted.name {
			k.trouble, k.backoff = nil, 0
		}
	}
}

// rest gives a device up that has fallen silent, unless it calls again before
// another has begun.
func (k *keeper) rest(why error) {
	k.trouble = why
	k.end(&k.old)
	k.old, k.current = k.current, nil
	k.port.active.CompareAndSwap(k.old.tap, nil)
	k.port.resting.Store(k.old.tap)
	k.tell() // before looking for another, which takes time
}

// lose gives a device up that does not start, in favour of its predecessor if that still runs.
func (k *keeper) lose(why error) {
	k.trouble = why
	k.end(&k.current)
	k.current, k.old = k.old, nil
}

// drop closes whatever runs.
func (k *keeper) drop() {
	k.end(&k.old)
	k.end(&k.current)
}

// end closes a device and forgets it.
func (k *keeper) end(o **opened) {
	if *o == nil {
		return
	}
	t := (*o).tap
	k.port.incoming.CompareAndSwap(t, nil)
	k.port.resting.CompareAndSwap(t, nil)
	k.port.active.CompareAndSwap(t, nil)
	// A device that hangs in closing is the backend's to clean up.
	_ = (*o).device.Close()
	// It may have begun between the two lines above; now it cannot any more.
	k.port.active.CompareAndSwap(t, nil)
	*o = nil
}

func (k *keeper) stop() {
	k.drop()
	k.trouble, k.backoff = nil, 0
}

// tell notifies of a change, but not in the middle of one.
func (k *keeper) tell() {
	if k.sounds(k.old) {
		return
	}
	s := PortState{Open: k.wanted != nil, Err: k.trouble}
	if k.wanted != nil {
		s.Wanted = k.wanted.name
	}
	if k.sounds(k.current) {
		s.Device, s.ID = k.current.device.Name(), k.current.device.ID()
	}
	if s.Open == k.told.Open && s.Wanted == k.told.Wanted && s.Device == k.told.Device && s.ID == k.told.ID && text(s.Err) == text(k.told.Err) {
		return
	}
	k.told = s
	if k.port.config.Notify != nil {
		k.port.config.Notify(s)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
