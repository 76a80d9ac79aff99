//go:build cgo

package device

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/gen2brain/malgo"
)

// malgoDevice is a running device of a card with the context that is its own.
type malgoDevice struct {
	info atomic.Pointer[Info]
	ctx  *malgoContext
	dev  *malgo.Device
	// closed makes callbacks of a device that hangs in closing harmless.
	closed atomic.Bool
	// astray does so where a microphone hears what it must not.
	astray  atomic.Bool
	backend *malgoBackend

	follows bool        // is moved when the system's default is
	looking atomic.Bool // where to; the next two belong to follow
	moved   uint32
	looks   int
}

func (c *malgoContext) open(config Config) (*malgoDevice, error) {
	chosen, err := c.choose(config)
	if err != nil {
		return nil, err
	}
	d := &malgoDevice{ctx: c, follows: config.Name == "", moved: moves()}
	d.info.Store(&chosen.Info)
	mc, calls := c.settings(config, d.follows), d.callbacks(config.Data)
	sub := &mc.Playback
	if config.Kind == Capture {
		sub = &mc.Capture
	}
	sub.Format, sub.Channels = malgo.FormatF32, 1

	// The identifier stays in Go memory, in an object of its own, for cgo wants
	// no other pointers beside it: DeviceID.Pointer would leak a copy.
	var pin runtime.Pinner
	defer pin.Unpin()
	id := new(malgo.DeviceID)
	*id = chosen.id
	pin.Pin(id)
	asDefault := d.follows && chosen.Default
	if !asDefault {
		sub.DeviceID = unsafe.Pointer(id)
	} // else nil: the stream follows when the system's default moves
	d.dev, err = malgo.InitDevice(c.Context, mc, calls)
	if err != nil && asDefault {
		// The environment may name another default that is not there, or none:
		// PULSE_SINK, PULSE_SOURCE.
		sub.DeviceID = unsafe.Pointer(id)
		d.dev, err = malgo.InitDevice(c.Context, mc, calls)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", c.system.name, chosen.Name, err)
	}
	if err := d.dev.Start(); err != nil {
		d.dev.Uninit()
		return nil, fmt.Errorf("%s: %s: starting: %w", c.system.name, chosen.Name, err)
	}
	return d, nil
}

// settings are miniaudio's for a device.
func (c *malgoContext) settings(config Config, follows bool) malgo.DeviceConfig {
	mc := malgo.DefaultDeviceConfig(malgoType(config.Kind))
	mc.SampleRate = Rate
	mc.PeriodSizeInFrames = uint32(samples(config.period()))
	mc.Periods = c.system.periods
	mc.PerformanceProfile = malgo.LowLatency
	// Without this miniaudio collects blocks of an exact size: up to a period
	// of delay in each direction.
	mc.NoFixedSizedCallback = 1
	mc.NoClip = 1
	mc.Pulse.StreamNamePlayback = "Voice"
	mc.Pulse.StreamNameCapture = "Microphone"
	if follows {
		mc.NotificationCallback = noticeFunction()
	}
	return mc
}

// callbacks give what passes the device to data, as long as it is to be had.
func (d *malgoDevice) callbacks(data func(block []float32)) malgo.DeviceCallbacks {
	hurried := false
	return malgo.DeviceCallbacks{Data: func(out, in []byte, _ uint32) {
		if !hurried {
			hurried = true
			hurry()
		}
		block := out
		if block == nil {
			block = in
		}
		if len(block) > 0 && !d.closed.Load() && !d.astray.Load() {
			data(float32s(block))
		}
	}}
}

// choose looks the device up before it is opened, although miniaudio would do
// that too: when the name is gone miniaudio's PulseAudio code works on
// uninitialised memory and loses a connection.
func (c *malgoContext) choose(config Config) (malgoInfo, error) {
	list, err := c.list()
	if err != nil {
		return malgoInfo{}, err
	}
	candidates := infos(list)
	if config.Name == "" {
		candidates = noMonitors(c.system, candidates)
	}
	info, ok := find(candidates, config.Kind, config.Name)
	if !ok {
		return malgoInfo{}, fmt.Errorf("%s: %w", c.system.name, ErrNoDevice)
	}
	for _, d := range list {
		if d.Info == info {
			return d, nil
		}
	}
	return malgoInfo{}, fmt.Errorf("%s: %w", c.system.name, ErrNoDevice)
}

// noMonitors leaves out what must not be taken for a microphone unasked.
func noMonitors(s soundSystem, list []Info) []Info {
	out := list[:0:0]
	for _, info := range list {
		if !s.pulse || info.Kind != Capture || !strings.HasSuffix(info.ID, pulseMonitor) {
			out = append(out, info)
		}
	}
	return out
}

// ID and Name are those of the device that is used now.
func (d *malgoDevice) ID() string   { return d.info.Load().ID }
func (d *malgoDevice) Name() string { return d.info.Load().Name }

// Close stops the device and drops its connection. A second call does nothing:
// C would free the same memory twice.
func (d *malgoDevice) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	_, err := urgent(&d.backend.calls, fmt.Sprintf("closing %q", d.Name()), closeLimit, func() (struct{}, error) {
		d.free()
		return struct{}{}, nil
	}, func(struct{}) {})
	return err
}

func (d *malgoDevice) free() {
	d.closed.Store(true)
	// Uninit alone waits for miniaudio's thread without waking it: for ever, if
	// the sound server has no more to say. An error of Stop changes nothing.
	_ = d.dev.Stop()
	d.dev.Uninit()
	d.ctx.free()
}
