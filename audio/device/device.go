package device

import (
	"errors"
	"time"

	"deskset/audio"
)

// Rate is the sample rate of every device, in Hz.
const Rate = 48000

// Kind is the direction of a device.
type Kind uint8

// The directions, from the card's point of view.
const (
	Playback Kind = iota
	Capture
)

// String names the kind as messages do.
func (k Kind) String() string {
	if k == Capture {
		return "capture"
	}
	return "playback"
}

// Info describes a device that could be opened.
type Info struct {
	Kind Kind
	// ID is the backend's own name and does not change when the device is
	// plugged in again; Name is what a person reads, which several may share.
	// Either opens it.
	ID, Name string
	// Default marks the one that the system uses when none is named.
	Default bool
}

// DefaultPeriod is how much sound a device takes or gives at a time.
const DefaultPeriod = 5 * time.Millisecond

// Config says what to open.
type Config struct {
	Kind Kind
	// Name is an Info's ID or Name, or such names for both kinds as settings have
	// them (audio.DeviceHalf); empty is the system's default.
	Name string
	// Period is the wished time between callbacks; 0 means DefaultPeriod.
	Period time.Duration
	// Data fills the block (Playback) or takes it (Capture). It runs on the
	// device's thread, must not allocate or block, and must not keep the block.
	// A captured block must not be changed: it may be the sound server's own.
	Data func(block []float32)
}

// Device is open and running.
type Device interface {
	// ID and Name are as in Info. They change when a device that was opened as
	// the system's default follows it to another one.
	ID() string
	Name() string
	// Close stops the device. When it returns Data is not running and will not
	// be called again, unless the error is ErrStuck: then the device is being
	// closed behind and its callbacks do nothing.
	Close() error
}

// Backend is a way to sound. Methods may be called from several goroutines and
// return within two seconds, whatever the sound server does.
type Backend interface {
	// List gives the devices of both kinds.
	List() ([]Info, error)
	// Open starts a device.
	Open(Config) (Device, error)
	// Close frees the backend. Its devices must have been closed.
	Close() error
}

// Errors of backends.
var (
	// ErrNoDevice means that there is no device of the wanted name, or none at
	// all.
	ErrNoDevice = errors.New("no such sound device")
	// ErrStuck means that the sound server did not answer in time.
	ErrStuck = errors.New("sound server does not answer")
	// ErrNoSound means that no sound system could be reached.
	ErrNoSound = errors.New("no sound system")
)

// find picks the device of a kind that a configuration names: by ID, then by
// name, then by its half of the name; the default for an empty name.
func find(list []Info, kind Kind, name string) (Info, bool) {
	info, ok := findOne(list, kind, name)
	if half := audio.DeviceHalf(name, kind == Capture); !ok && half != name {
		return findOne(list, kind, half)
	}
	return info, ok
}

func findOne(list []Info, kind Kind, name string) (Info, bool) {
	var best Info
	found := false
	for _, info := range list {
		switch {
		case info.Kind != kind:
		case name == "" && info.Default, name != "" && info.ID == name:
			return info, true
		case name == "" && !found, name != "" && info.Name == name && !found:
			best, found = info, true
		}
	}
	return best, found
}

func (c Config) period() time.Duration {
	if c.Period <= 0 {
		return DefaultPeriod
	}
	return c.Period
}
