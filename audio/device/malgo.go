//go:build cgo

package device

import (
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/gen2brain/malgo"
)

// How long a call into the sound server may take. Opening a Bluetooth headset
// takes most of a second; together they stay below the two seconds that
// Backend promises.
const (
	openLimit  = 1500 * time.Millisecond
	listLimit  = 1500 * time.Millisecond
	closeLimit = 500 * time.Millisecond
)

// MalgoConfig says how to reach the cards.
type MalgoConfig struct {
	// Application names us in the mixer of the desktop; empty is "Deskset".
	Application string
	// Server is a PulseAudio server such as "unix:/run/user/1000/pulse/native";
	// empty is the environment's.
	Server string
}

// NewMalgo gives the machine's sound cards. It asks nothing of the sound
// server yet and therefore cannot fail.
//
// Each device gets a context, and so a connection to the server, of its own: a
// server that has died leaves nothing behind that would have to be noticed and
// replaced, and a hung call blocks nobody else.
func NewMalgo(c MalgoConfig) Backend {
	headroom()
	if c.Application == "" {
		c.Application = "Deskset"
	}
	return &malgoBackend{config: c}
}

type malgoBackend struct {
	config MalgoConfig
	calls  calls
}

// List asks the first sound system that answers.
func (b *malgoBackend) List() ([]Info, error) {
	return bounded(&b.calls, "listing sound devices", listLimit, func() ([]Info, error) {
		ctx, err := b.connect()
		if err != nil {
			return nil, err
		}
		defer ctx.free()
		list, err := ctx.list()
		return infos(list), err
	}, func([]Info) {})
}

// Open opens and starts a device.
func (b *malgoBackend) Open(c Config) (Device, error) {
	what := fmt.Sprintf("opening %s device %q", c.Kind, c.Name)
	if c.Name == "" {
		what = fmt.Sprintf("opening the default %s device", c.Kind)
	}
	card, err := bounded(&b.calls, what, openLimit, func() (*malgoDevice, error) {
		d, err := b.open(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		return d, nil
	}, (*malgoDevice).free)
	if err != nil {
		return nil, err
	}
	return card, nil
}

// Close waits for calls that were left behind.
func (b *malgoBackend) Close() error { return b.calls.wait(closeLimit) }

func (b *malgoBackend) open(c Config) (*malgoDevice, error) {
	ctx, err := b.connect()
	if err != nil {
		return nil, err
	}
	d, err := ctx.open(c)
	if err != nil {
		if ctx.passed != nil {
			err = fmt.Errorf("%w; %w", ctx.passed, err)
		}
		ctx.free()
		return nil, err
	}
	d.backend = b
	return d, nil
}

// connect initialises the first sound system of this operating system that is
// there. miniaudio's own choice would end at a null device that claims to
// sound.
func (b *malgoBackend) connect() (*malgoContext, error) {
	err := ErrNoSound
	for i, s := range soundSystems {
		ctx, failed := b.init(s)
		if failed == nil {
			c := &malgoContext{AllocatedContext: ctx, system: s}
			if i > 0 {
				c.passed = err
			}
			return c, nil
		}
		err = fmt.Errorf("%w; %s: %w", err, s.name, failed)
	}
	return nil, err
}

func (b *malgoBackend) init(s soundSystem) (*malgo.AllocatedContext, error) {
	if s.prepare != nil {
		s.prepare()
	}
	// The strings go to C inside a struct, where cgo wants them pinned. C
	// copies them.
	var pin runtime.Pinner
	defer pin.Unpin()
	cstring := func(s string) *byte {
		if s == "" {
			return nil
		}
		p := &append([]byte(s), 0)[0]
		pin.Pin(p)
		return p
	}
	config := malgo.ContextConfig{ThreadPriority: malgo.ThreadPriorityRealtime}
	config.Pulse.PApplicationName = cstring(b.config.Application)
	config.Pulse.PServerName = cstring(b.config.Server)
	return malgo.InitContext([]malgo.Backend{s.backend}, config, nil)
}

// soundSystem is one of miniaudio's backends.
type soundSystem struct {
	name    string
	backend malgo.Backend
	// periods is the depth of the device's buffer.
	periods uint32
	// pulse marks PulseAudio, which makes microphones of loudspeakers.
	pulse bool
	// prepare, if not nil, is called before it is used.
	prepare func()
	// hides, if not nil, tells what is listed but makes no sound.
	hides func(id string) bool
}

type malgoContext struct {
	*malgo.AllocatedContext
	system soundSystem
	// passed is what went wrong with better systems; nil if this is the best.
	passed error
}

func (c *malgoContext) free() {
	_ = c.Uninit() // nothing is left to be done about a failure
	c.Free()
}

// malgoInfo is what both lists tell of a device.
type malgoInfo struct {
	Info
	id malgo.DeviceID
}

func (c *malgoContext) list() ([]malgoInfo, error) {
	var list []malgoInfo
	for _, kind := range []Kind{Playback, Capture} {
		devices, err := c.Devices(malgoType(kind))
		if err != nil {
			return nil, fmt.Errorf("%s: listing %s devices: %w", c.system.name, kind, err)
		}
		for _, d := range devices {
			info := Info{Kind: kind, ID: idText(d.ID), Name: nameText(d.Name()), Default: d.IsDefault != 0}
			if c.system.hides != nil && c.system.hides(info.ID) {
				continue
			}
			if c.system.pulse && kind == Capture && strings.HasSuffix(info.ID, pulseMonitor) {
				// PulseAudio makes the loudspeaker's monitor the default
				// microphone where there is no other. The peer would hear
				// itself: it may be named, never chosen.
				info.Default = false
			}
			list = append(list, malgoInfo{info, d.ID})
		}
	}
	return list, nil
}

// pulseMonitor ends the names of sources that only repeat what a sink plays.
const pulseMonitor = ".monitor"

func infos(list []malgoInfo) []Info {
	out := make([]Info, len(list))
	for i, d := range list {
		out[i] = d.Info
	}
	return out
}

func malgoType(k Kind) malgo.DeviceType {
	if k == Capture {
		return malgo.Capture
	}
	return malgo.Playback
}

// nameText is a name as valid text: miniaudio cuts a long one after 255 bytes,
// in the middle of a letter perhaps.
func nameText(name string) string {
	for range utf8.UTFMax - 1 {
		if last, size := utf8.DecodeLastRuneInString(name); last == utf8.RuneError && size == 1 {
			name = name[:len(name)-1]
		}
	}
	return strings.ToValidUTF8(name, "?")
}

// idText shows an identifier as the text that most sound systems use, or as
// hexadecimal digits.
func idText(id malgo.DeviceID) string {
	text := strings.TrimRight(string(id[:]), "\x00")
	for _, r := range text {
		if r < ' ' || r > '~' {
			return id.String()
		}
	}
	return text
}

// float32s views a block that C gave as samples. miniaudio aligns its buffers.
func float32s(block []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(block))), len(block)/4)
}
