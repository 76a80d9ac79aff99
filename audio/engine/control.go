package engine

import (
	"slices"
	"sync"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

const (
	// fadeTime is how long a device stays open after its sound was turned off:
	// the ramp of the volume and what the card has buffered.
	fadeTime = 40 * time.Millisecond
	// heldPeriod clocks calls while the phone is on hook: a packet's length.
	heldPeriod = 20 * time.Millisecond
	// settleLimit bounds how long control waits for a callback to let go of a
	// stream; a callback takes microseconds.
	settleLimit = 100 * time.Millisecond
)

// control is the goroutine that owns the state of the engine.
type control struct {
	*Engine
	path    audio.Path
	muted   bool
	ringing bool
	beside  bool // the ring is not for the ear
	trial   trial
	volumes [audio.NumRoles]int
	names   [audio.NumRoles]DeviceNames
	streams []*call
	// processing is what the phone has asked for.
	processing audio.Processing

	outState, inState, ringState device.PortState
	// sounding is the role whose playback device runs, which may lag behind
	// path while that device starts: volume follows it.
	sounding audio.Role
	timer    timer
	// The last notices.
	toldOut, toldIn [audio.NumRoles]audio.Notice

	// When devices can be released, and when their state is worth a notice.
	outFade, ringFade, noticeDue delay
	telling                      bool // noticeDue runs
	depth                        depth
}

func newControl(e *Engine) *control {
	k := &control{Engine: e, outFade: newDelay(), ringFade: newDelay(), noticeDue: newDelay()}
	k.depth = depth{period: e.config.Period, quiet: minQuiet, calm: newDelay()}
	for r := range audio.NumRoles {
		k.names[r] = e.config.Devices[r]
		k.volumes[r] = DefaultVolume
		if v, ok := e.config.Volumes[r]; ok {
			k.volumes[r] = min(max(v, 0), audio.MaxVolume)
		}
	}
	return k
}

func (k *control) run() {
	defer close(k.ended)
	for {
		select {
		case command := <-k.commands:
			command(k)
		case <-k.outFade.timer.C:
			k.outPort.Release()
		case <-k.ringFade.timer.C:
			k.ringPort.Release()
		case <-k.noticeDue.timer.C:
			k.tell()
		case <-k.dry:
			k.ranDry()
		case <-k.depth.calm.timer.C:
			k.calmed()
		case <-k.closing:
			k.close()
			return
		}
	}
}

func (k *control) route(p audio.Path) {
	was := k.path
	k.path, k.trial = p, trial{}
	if p == audio.PathNone {
		k.inPort.Release() // at once: the microphone's lamp tells the truth
		if was != audio.PathNone || k.outState.Open {
			k.outFade.start(fadeTime)
		}
	} else {
		if was == audio.PathNone {
			k.resetDepth()
		}
		k.outFade.cancel()
		names := k.names[roleOf(p)]
		if was == audio.PathNone || k.outState.Wanted == names.Playback {
			k.sounding = roleOf(p)
		}
		k.outPort.Want(names.Playback)
		k.inPort.Want(names.Capture)
	}
	k.tendBell()
	k.replan()
}

func (k *control) mute(on bool) {
	k.muted = on
	k.replan()
}

func (k *control) setVolume(r audio.Role, step int) {
	if r >= audio.NumRoles {
		return
	}
	k.volumes[r] = min(max(step, 0), audio.MaxVolume)
	k.replan()
}

func (k *control) setDevices(r audio.Role, names DeviceNames) {
	if r >= audio.NumRoles {
		return
	}
	k.names[r] = names
	k.tendBell()
	if k.tries() && k.trial.role == r {
		k.tryPorts()
	}
	if k.path != audio.PathNone && roleOf(k.path) == r {
		k.route(k.path)
	}
}

func (k *control) add(c *call) {
	k.streams = append(k.streams, c)
	k.replan()
}

// remove takes a stream out of the plan and waits until no callback uses it.
func (k *control) remove(c *call) {
	k.streams = slices.DeleteFunc(k.streams, func(s *call) bool { return s == c })
	k.replan()
	k.ear.lap.wait()
	k.mouth.lap.wait()
}

// wait returns when the callback that runs now, if any, has ended.
func (l *lap) wait() {
	seen := l.count.Load()
	if seen%2 == 0 {
		return
	}
	limit := time.Now().Add(settleLimit)
	for l.count.Load() == seen && time.Now().Before(limit) {
		time.Sleep(time.Millisecond)
	}
}

// replan publishes the state to the callbacks and sees that something clocks
// them.
func (k *control) replan() {
	p := plan{open: k.path != audio.PathNone, treat: k.treat()}
	for _, c := range k.streams {
		p.streams = append(p.streams, voice{c.Media, c.party, c.taping})
	}
	if p.open {
		p.earGain = gainOf(k.sounding, k.volumes[k.sounding])
		if !k.muted {
			p.micGain = 1
		}
	}
	if k.audible() {
		p.bellGain = gainOf(audio.RoleRinger, k.volumes[audio.RoleRinger])
	}
	k.planTrial(&p)
	k.plan.publish(p)
	k.clockIfNoCardDoes()
}

func (k *control) clockIfNoCardDoes() {
	period := time.Duration(0)
	switch {
	case k.outState.Device != "" || k.inState.Device != "":
	case k.path != audio.PathNone:
		period = k.config.Period
	case len(k.streams) > 0:
		period = heldPeriod
	}
	k.timer.run(period, k.timerTick)
}

func (k *control) outChanged(s device.PortState) {
	k.outState = s
	k.outSeen.Store(&s)
	if k.path != audio.PathNone && s.Open && s.Wanted == k.names[roleOf(k.path)].Playback {
		k.sounding = roleOf(k.path)
	}
	k.portChanged("call playback", s, &k.ear.meter)
}

func (k *control) inChanged(s device.PortState) {
	k.inState = s
	k.inSeen.Store(&s)
	k.portChanged("call capture", s, &k.mouth.meter)
}

func (k *control) ringChanged(s device.PortState) {
	k.ringState = s
	k.ringSeen.Store(&s)
	k.portChanged("ringer", s, &k.bell.meter)
}

func (k *control) portChanged(what string, s device.PortState, meter *mix.Meter) {
	if s.Device == "" {
		meter.Reset()
	}
	k.log(what, s)
	k.replan()
	k.tellSoon()
}

func (k *control) log(what string, s device.PortState) {
	switch {
	case s.Err != nil:
		k.config.Log.Warn("sound device", "use", what, "wanted", s.Wanted, "device", s.Device, "err", s.Err)
	case s.Device != "":
		k.config.Log.Info("sound device", "use", what, "device", s.Device)
	}
}

// close ends everything in the order in which it depends on each other.
func (k *control) close() {
	k.outFade.cancel()
	k.ringFade.cancel()
	k.noticeDue.cancel()
	k.depth.calm.cancel()
	k.timer.run(0, nil)
	var ports sync.WaitGroup
	for _, p := range []*device.Port{k.outPort, k.inPort, k.ringPort} {
		ports.Go(p.Close)
	}
	ports.Wait()
	k.plan.publish(plan{})
	k.ear.lap.wait()
	k.mouth.lap.wait()
	for _, s := range k.streams {
		if err := s.shut(); err != nil {
			k.config.Log.Warn("closing a stream", "err", err)
		}
	}
}

// delay is a timer that rests until start.
type delay struct{ timer *time.Timer }

func newDelay() delay {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return delay{t}
}

func (d delay) start(after time.Duration) { d.timer.Reset(after) }
func (d delay) cancel()                   { d.timer.Stop() }
