package device

import (
	"fmt"
	"os"
	"sync"
	"time"

	"deskset/audio/linear"
	"deskset/audio/resample"
	"deskset/audio/wav"
)

// maxRecording bounds what is written to one file.
const maxRecording = time.Hour

// NewFile gives a backend whose devices are WAV files, named by their paths: a
// capture device plays its file as the microphone, from the beginning each time
// it is opened, and is silent after the end; a playback device records what
// would be heard, and goes on in the same file when it is opened again. Time is
// kept by the system's clock. The default devices are those of [Null].
//
// Recordings are complete after Close. Each ends after an hour of sound.
func NewFile() Backend {
	return &files{recordings: map[string]*recording{}, voices: map[string]voice{}}
}

type files struct {
	mu         sync.Mutex
	recordings map[string]*recording
	voices     map[string]voice
}

// voice is a file that is played as the microphone. It is kept from one call to
// the next, as long as the file does not change: a minute takes 6 MB.
type voice struct {
	size    int64
	changed time.Time
	sound   []int16
}

// recording is a file that is being written, by one device at a time.
type recording struct {
	mu      sync.Mutex
	writer  *wav.Writer
	samples int
	err     error
	pcm     []int16
}

// List gives the null devices: files are not listed.
func (f *files) List() ([]Info, error) { return Null{}.List() }

// Open starts a file.
func (f *files) Open(c Config) (Device, error) {
	switch {
	case c.Name == "":
		return Null{}.Open(c)
	case c.Kind == Capture:
		return f.openMicrophone(c)
	}
	r, err := f.recording(c.Name)
	if err != nil {
		return nil, err
	}
	tick := func(block []float32) {
		c.Data(block)
		r.write(block)
	}
	return &fileDevice{name: c.Name, clock: startClock(c.period(), tick)}, nil
}

func (f *files) recording(path string) (*recording, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.recordings[path]; r != nil {
		return r, r.failure()
	}
	w, err := wav.NewWriter(path, Rate)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	r := &recording{writer: w}
	f.recordings[path] = r
	return r, nil
}

func (r *recording) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// write appends a block. After an error, such as a full disk, it does nothing:
// the call is worth more than the recording, and Close tells.
func (r *recording) write(block []float32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil || r.samples >= samples(maxRecording) {
		return
	}
	r.pcm = r.pcm[:0]
	for _, v := range block {
		r.pcm = append(r.pcm, linear.Sample(v))
	}
	r.samples += len(block)
	r.err = r.writer.Write(r.pcm)
}

// Close completes the recordings.
func (f *files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first error
	for path, r := range f.recordings {
		r.mu.Lock()
		err := r.writer.Close()
		if r.err == nil {
			r.err = err
		}
		if first == nil && r.err != nil {
			first = fmt.Errorf("recording %s: %w", path, r.err)
		}
		r.mu.Unlock()
	}
	clear(f.recordings)
	return first
}

// openMicrophone plays a file as what is said.
func (f *files) openMicrophone(c Config) (Device, error) {
	rest, err := f.voice(c.Name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	tick := func(block []float32) {
		n := min(len(block), len(rest))
		for i, v := range rest[:n] {
			block[i] = linear.Sound(v)
		}
		rest = rest[n:]
		c.Data(block)
	}
	return &fileDevice{name: c.Name, clock: startClock(c.period(), tick)}, nil
}

func (f *files) voice(path string) ([]int16, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.voices[path]
	if v.sound == nil || v.size != info.Size() || !v.changed.Equal(info.ModTime()) {
		v = voice{size: info.Size(), changed: info.ModTime()}
		if v.sound, err = load(path); err != nil {
			return nil, err
		}
		f.voices[path] = v
	}
	return v.sound, nil
}

// load gives the sound of a file at our rate.
func load(path string) ([]int16, error) {
	pcm, rate, err := wav.Read(path)
	if err != nil || rate == Rate {
		return pcm, err
	}
	sound := make([]float32, len(pcm))
	for i, v := range pcm {
		sound[i] = linear.Sound(v)
	}
	r, err := resample.New(rate, Rate)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := make([]float32, r.Outputs(len(sound)))
	out = out[:r.Process(out, sound)]
	pcm = make([]int16, len(out))
	for i, v := range out {
		pcm[i] = linear.Sample(v)
	}
	return pcm, nil
}

type fileDevice struct {
	name  string
	clock *clock
}

func (d *fileDevice) ID() string   { return d.name }
func (d *fileDevice) Name() string { return d.name }

func (d *fileDevice) Close() error {
	d.clock.halt()
	return nil
}
