package device

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Manual is a backend for tests. Its devices move only when the test calls
// [Manual.Step], on the test's goroutine, microphones first; so everything that
// hangs on them happens in a known order. The test can also plug and unplug
// devices, let them fall silent and let the sound system fail.
type Manual struct {
	mu      sync.Mutex
	list    []Info
	open    []*manualDevice
	silent  map[string]bool
	hangs   map[string]bool
	failure error
	heard   map[string][]float32
	speech  map[string]func(block []float32)
	opened  int
}

// The devices of NewManual, by ID.
const (
	ManualSpeaker = "speaker"
	ManualMic     = "mic"
)

// manualBlock is how much Step moves at a time: 5 ms.
const manualBlock = Rate / 200

// NewManual makes a backend with a default loudspeaker and microphone.
func NewManual() *Manual {
	m := &Manual{
		silent: map[string]bool{},
		hangs:  map[string]bool{},
		heard:  map[string][]float32{},
		speech: map[string]func([]float32){},
	}
	m.Plug(Info{Kind: Playback, ID: ManualSpeaker, Name: "Manual Speaker", Default: true})
	m.Plug(Info{Kind: Capture, ID: ManualMic, Name: "Manual Microphone", Default: true})
	return m
}

// Plug adds a device.
func (m *Manual) Plug(info Info) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, info)
}

// Unplug removes a device. As with real ones, nobody is told: the callbacks
// stop.
func (m *Manual) Unplug(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = slices.DeleteFunc(m.list, func(i Info) bool { return i.ID == id })
	m.open = slices.DeleteFunc(m.open, func(d *manualDevice) bool { return d.info.ID == id })
}

// Silence lets a device stop calling back while it stays listed.
func (m *Manual) Silence(id string, silent bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent[id] = silent
}

// SetDefault makes another device the system's default of its kind. What was
// opened as the default follows, as sound servers have it.
func (m *Manual) SetDefault(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.list, func(i Info) bool { return i.ID == id })
	for i := range m.list {
		if m.list[i].Kind == m.list[at].Kind {
			m.list[i].Default = i == at
		}
	}
	for _, d := range m.open {
		if d.follows && d.info.Kind == m.list[at].Kind {
			d.info = m.list[at]
		}
	}
}

// hangTime is how long Open of a device that hangs takes to give up.
const hangTime = 1500 * time.Millisecond

// Hang lets a device block whoever opens it by its ID or name.
func (m *Manual) Hang(id string, hangs bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hangs[id] = hangs
}

// Fail lets every Open and List fail until it is called with nil.
func (m *Manual) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failure = err
}

// Speak sets what a microphone hears; nil is silence.
func (m *Manual) Speak(id string, fill func(block []float32)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.speech[id] = fill
}

// Heard gives, and forgets, what a loudspeaker has played.
func (m *Manual) Heard(id string) []float32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.heard[id]
	delete(m.heard, id)
	return h
}

// Running lists the IDs of the open devices, sorted.
func (m *Manual) Running() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for _, d := range m.open {
		ids = append(ids, d.info.ID)
	}
	slices.Sort(ids)
	return ids
}

// Opened counts the successful calls of Open.
func (m *Manual) Opened() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.opened
}

// Step lets every open device move n samples.
func (m *Manual) Step(n int) {
	block := make([]float32, manualBlock)
	for ; n > 0; n -= len(block) {
		block = block[:min(n, len(block))]
		for _, kind := range []Kind{Capture, Playback} {
			for _, d := range m.running(kind) {
				d.step(block)
			}
		}
	}
}

// Run lets the devices run for some time, 5 ms at a time, while the clock of
// the test goes along: inside testing/synctest only.
func (m *Manual) Run(length time.Duration) {
	const block = manualBlock * time.Second / Rate
	for ; length > 0; length -= block {
		m.Step(manualBlock)
		time.Sleep(block)
	}
}

func (m *Manual) running(kind Kind) []*manualDevice {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []*manualDevice
	for _, d := range m.open {
		if d.info.Kind == kind && !m.silent[d.info.ID] {
			out = append(out, d)
		}
	}
	return out
}

// List gives what is plugged in.
func (m *Manual) List() ([]Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.list), m.failure
}

// Open opens what is plugged in, any number of times.
func (m *Manual) Open(c Config) (Device, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if info, ok := find(m.list, c.Kind, c.Name); ok && m.hangs[info.ID] {
		m.mu.Unlock()
		time.Sleep(hangTime)
		m.mu.Lock()
		return nil, fmt.Errorf("%s %q: %w", c.Kind, c.Name, ErrStuck)
	}
	if m.failure != nil {
		return nil, m.failure
	}
	info, ok := find(m.list, c.Kind, c.Name)
	if !ok {
		return nil, fmt.Errorf("%s %q: %w", c.Kind, c.Name, ErrNoDevice)
	}
	d := &manualDevice{manual: m, info: info, data: c.Data, follows: c.Name == ""}
	m.open = append(m.open, d)
	m.opened++
	return d, nil
}

// Close does nothing.
func (m *Manual) Close() error { return nil }

type manualDevice struct {
	manual  *Manual
	info    Info // guarded by manual.mu
	follows bool // the system's default
	data    func([]float32)

	mu     sync.Mutex // held during data, so that Close waits for it
	closed bool
}

func (d *manualDevice) step(block []float32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	clear(block)
	info := d.now()
	if info.Kind == Playback {
		d.data(block)
		d.manual.hear(info.ID, block)
		return
	}
	d.manual.mu.Lock()
	speak := d.manual.speech[info.ID]
	d.manual.mu.Unlock()
	if speak != nil {
		speak(block)
	}
	d.data(block)
}

func (m *Manual) hear(id string, block []float32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard[id] = append(m.heard[id], block...)
}

func (d *manualDevice) now() Info {
	d.manual.mu.Lock()
	defer d.manual.mu.Unlock()
	return d.info
}

func (d *manualDevice) ID() string   { return d.now().ID }
func (d *manualDevice) Name() string { return d.now().Name }

func (d *manualDevice) Close() error {
	d.manual.mu.Lock()
	d.manual.open = slices.DeleteFunc(d.manual.open, func(o *manualDevice) bool { return o == d })
	d.manual.mu.Unlock()
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	return nil
}
