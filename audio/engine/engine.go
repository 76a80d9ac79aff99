package engine

import (
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/stream"
	"deskset/audio/tone"
)

// DefaultVolume is the step of every volume that is not set.
const DefaultVolume = 10

// DeviceNames binds a role to devices, each named as in device.Config; empty is
// the system's default. The ringer has no Capture.
type DeviceNames struct {
	Playback, Capture string
}

// Media is a stream as the callbacks see it: 48 kHz, mono, full scale ±1.0.
// Read and Write must neither allocate nor block; each is called by one
// callback at a time.
type Media interface {
	audio.Stream
	// Read overwrites dst with what the peer says.
	Read(dst []float32)
	// Write takes what is said here; it must not change or keep src.
	Write(src []float32)
}

// Config of an engine. Only Backend is needed.
type Config struct {
	// Backend opens the devices. The engine closes it.
	Backend device.Backend
	// Devices of each role; a role that is not there has the default ones.
	Devices map[audio.Role]DeviceNames
	// Volumes of each role, 0 to audio.MaxVolume; a role that is not there has
	// DefaultVolume.
	Volumes map[audio.Role]int
	// Period of the devices; 0 is device.DefaultPeriod.
	Period time.Duration
	// Notify is told of lost and replaced devices, on a goroutine of the
	// engine. It must not call Close.
	Notify func(audio.Notice)
	// Log gets changes of devices; nil is no log.
	Log *slog.Logger
	// NewMedia makes streams; nil is audio/stream.
	NewMedia func(audio.StreamConfig) (Media, error)
}

// Engine implements audio.Engine. Its methods may be called from any goroutine.
type Engine struct {
	config Config

	ear   *ear
	mouth *mouth
	bell  *bell
	plan  planBox

	outPort, inPort, ringPort *device.Port
	outSeen, inSeen, ringSeen atomic.Pointer[device.PortState] // for Hops
	tried                     atomic.Pointer[trial]            // for TrialState

	commands  chan func(*control)
	dry       chan struct{} // the ear's card had an under-run
	notices   chan audio.Notice
	closing   chan struct{} // closed by Close
	ended     chan struct{} // closed when no callback runs any more
	closeOnce sync.Once
	closeErr  error
	done      sync.WaitGroup
}

var (
	_ audio.Engine         = (*Engine)(nil)
	_ audio.Prober         = (*Engine)(nil)
	_ audio.DeviceChooser  = (*Engine)(nil)
	_ audio.DeviceTester   = (*Engine)(nil)
	_ audio.BesideRinger   = (*Engine)(nil)
	_ audio.CountryTaker   = (*Engine)(nil)
	_ audio.VoiceProcessor = (*Engine)(nil)
)

var errClosed = errors.New("audio engine is closed")

// New starts an engine, on hook. It opens no device yet and cannot fail.
func New(c Config) *Engine {
	if c.Backend == nil {
		c.Backend = device.Null{}
	}
	if c.Period <= 0 {
		c.Period = device.DefaultPeriod
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.NewMedia == nil {
		c.NewMedia = func(sc audio.StreamConfig) (Media, error) { return stream.New(sc) }
	}
	e := &Engine{
		config:   c,
		commands: make(chan func(*control), 64),
		dry:      make(chan struct{}, 1),
		notices:  make(chan audio.Notice, 16),
		closing:  make(chan struct{}),
		ended:    make(chan struct{}),
	}
	e.plan.publish(plan{})
	e.tried.Store(&trial{})
	processing := newProcessing()
	e.ear = newEar(&e.plan, processing)
	e.mouth = newMouth(&e.plan, processing)
	e.bell = newBell(&e.plan)
	e.openPorts()

	k := newControl(e)
	e.done.Go(k.run)
	e.done.Go(e.deliver)
	return e
}

// openPorts makes the three ports; each half of a call drives the other while
// that one has no device.
func (e *Engine) openPorts() {
	port := func(kind device.Kind, begin func(), data func([]float32), drive func(int), changed func(*control, device.PortState)) *device.Port {
		return device.NewPort(device.PortConfig{
			Backend: e.config.Backend, Kind: kind, Period: e.config.Period, Begin: begin, Data: data, Drive: drive,
			Notify: func(s device.PortState) { e.do(func(k *control) { changed(k, s) }) },
		})
	}
	e.inPort = port(device.Capture, e.mouth.begin, e.mouth.capture, e.capturedCard, (*control).inChanged)
	e.outPort = port(device.Playback, e.ear.begin, e.ear.render, e.playedCard, (*control).outChanged)
	e.ringPort = port(device.Playback, e.bell.begin, e.bell.render, func(n int) { e.bell.gauge.card(n) }, (*control).ringChanged)
}

// do hands a command to the control goroutine, which never waits for anything
// that takes time; after Close it does nothing and tells so.
func (e *Engine) do(command func(*control)) bool {
	select {
	case <-e.closing:
		return false
	default:
	}
	select {
	case e.commands <- command:
		return true
	case <-e.closing:
		return false
	}
}

// ask is do for a command whose effect is waited for, the time of a few
// instructions.
func (e *Engine) ask(command func(*control)) bool {
	carriedOut := make(chan struct{})
	if !e.do(func(k *control) { command(k); close(carriedOut) }) {
		return false
	}
	select {
	case <-carriedOut:
		return true
	case <-e.ended:
		return false
	}
}

// NewStream binds a port; the stream sounds on the current path once started.
func (e *Engine) NewStream(c audio.StreamConfig) (audio.Stream, error) {
	m, err := e.config.NewMedia(c)
	if err != nil {
		return nil, err
	}
	s := &call{Media: m, engine: e}
	if !e.do(func(k *control) { k.add(s) }) {
		return nil, errors.Join(errClosed, m.Close())
	}
	return s, nil
}

// Route selects the transducer and starts its devices; PathNone closes the
// microphone.
func (e *Engine) Route(p audio.Path) { e.do(func(k *control) { k.route(p) }) }

// Mute sends silence in place of the microphone.
func (e *Engine) Mute(on bool) { e.do(func(k *control) { k.mute(on) }) }

// Tone plays a call-progress tone on the current path until it is replaced.
func (e *Engine) Tone(n tone.Name) { e.do(func(*control) { e.ear.tones.Play(n) }) }

// SetCountry chooses whose tones are played from the next one on.
func (e *Engine) SetCountry(c tone.Country) { e.do(func(*control) { e.ear.tones.SetCountry(c) }) }

// KeyDown begins the tone of a key in the local ear.
func (e *Engine) KeyDown(digit byte) { e.do(func(*control) { e.ear.keys.Down(digit) }) }

// KeyUp ends the tone of a key.
func (e *Engine) KeyUp() { e.do(func(*control) { e.ear.keys.Up() }) }

// SetRings replaces the rings from files that Ring knows by name.
func (e *Engine) SetRings(rings []tone.Ring) error {
	err := errClosed
	e.ask(func(*control) { err = e.bell.ringer.SetRings(rings) })
	return err
}

// SetVolume of a role; a step out of range is taken as the nearest.
func (e *Engine) SetVolume(r audio.Role, step int) { e.do(func(k *control) { k.setVolume(r, step) }) }

// SetDevices binds a role to other devices, at once if it is in use.
func (e *Engine) SetDevices(r audio.Role, names DeviceNames) {
	e.do(func(k *control) { k.setDevices(r, names) })
}

// Devices lists what a role can be bound to. It may take two seconds: not for
// the phone's event loop.
func (e *Engine) Devices() ([]device.Info, error) { return e.config.Backend.List() }

// Close ends every stream, closes the devices and waits for them.
func (e *Engine) Close() error {
	e.closeOnce.Do(func() {
		close(e.closing)
		e.done.Wait()
		e.closeErr = e.config.Backend.Close()
	})
	return e.closeErr
}

// deliver passes notices on, apart from control, so that a slow listener does
// not hold up the devices.
func (e *Engine) deliver() {
	for {
		select {
		case n := <-e.notices:
			if e.config.Notify != nil {
				e.config.Notify(n)
			}
		case <-e.closing:
			return
		}
	}
}

// call is a stream in the hands of the phone.
type call struct {
	Media
	engine *Engine
	party  *party  // control's; nil outside of a conference
	taping *taping // control's; nil unless recorded
	once   sync.Once
	err    error
}

// SendOther implements audio.OtherSender.
func (c *call) SendOther(to netip.AddrPort, datagram []byte) error {
	if sender, ok := c.Media.(audio.OtherSender); ok {
		return sender.SendOther(to, datagram)
	}
	return errors.ErrUnsupported
}

// Close takes the stream out of the callbacks and frees its ports.
func (c *call) Close() error {
	if !c.engine.ask(func(k *control) { k.remove(c) }) {
		<-c.engine.ended
	}
	return c.shut()
}

// shut closes the stream, which no callback may be using any more.
func (c *call) shut() error {
	c.once.Do(func() { c.err = c.Media.Close() })
	return c.err
}
