package device

// Null is a backend without sound: its one microphone hears silence and its one
// loudspeaker is heard by nobody, but both keep time by the system's clock, so
// that calls work and packets flow on a machine that has no sound card. It
// needs no closing.
type Null struct{}

// NullName is how the null device presents itself, so that nobody takes it for
// a loudspeaker.
const NullName = "no sound"

const nullID = "null"

// List gives the null device in both directions.
func (Null) List() ([]Info, error) {
	return []Info{
		{Kind: Playback, ID: nullID, Name: NullName, Default: true},
		{Kind: Capture, ID: nullID, Name: NullName, Default: true},
	}, nil
}

// Open starts the null device, whatever the name.
func (Null) Open(c Config) (Device, error) {
	return &nullDevice{clock: startClock(c.period(), c.Data)}, nil
}

// Close does nothing.
func (Null) Close() error { return nil }

type nullDevice struct{ clock *clock }

func (d *nullDevice) ID() string   { return nullID }
func (d *nullDevice) Name() string { return NullName }

func (d *nullDevice) Close() error {
	d.clock.halt()
	return nil
}
