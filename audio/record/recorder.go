package record

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"deskset/audio/mix"
)

// Formats of a file; each is the ending of its name as well.
const (
	WAV  = "wav"
	Opus = "opus"
)

// pollTime is how often the ring is emptied.
const pollTime = 100 * time.Millisecond

// ErrFull tells that a recording has reached its limit: what is there is whole.
var ErrFull = errors.New("the recording has reached its limit")

// Options of a recording.
type Options struct {
	// Folder is made if it is not there. Name has no ending; a number is added
	// where a file has it already.
	Folder, Name string
	// Format is WAV or Opus.
	Format string
	// Limit of the file in bytes; 0 is none but WAV's own.
	Limit int64
	// Failed is told once, on the goroutine of Run, if recording ends before Stop.
	Failed func(error)
}

// Recorder writes one call. Take is for one callback, the rest for anybody.
type Recorder struct {
	options Options
	ring    ring
	stop    chan struct{}
	path    atomic.Pointer[string]
	missing atomic.Uint64 // frames that found no room

	// Of Run.
	file   file
	placed uint64 // frames that are in the file
	buf    []frame
	failed bool
}

// frame is one sample of both channels.
type frame struct{ near, far float32 }

// file is a format. Nothing in it is buffered for longer than a second.
type file interface {
	write([]frame) error
	size() int64
	close() error
}

// New makes a recorder, which writes nothing before Run.
func New(o Options) *Recorder {
	return &Recorder{options: o, stop: make(chan struct{}), buf: make([]frame, 0, blockFrames)}
}

// Take implements audio.Tape.
func (r *Recorder) Take(near, far []float32) {
	for len(near) > 0 {
		n := min(len(near), len(far), blockFrames)
		if n == 0 {
			return
		}
		r.ring.put(near[:n], far[:n])
		near, far = near[n:], far[n:]
	}
}

// Stop ends Run once all that was taken is written. It may be called once, when
// nobody calls Take any more.
func (r *Recorder) Stop() { close(r.stop) }

// Path is the file, empty until there is one.
func (r *Recorder) Path() string {
	if p := r.path.Load(); p != nil {
		return *p
	}
	return ""
}

// Missing is how much is silence in the file because the disk was too slow.
func (r *Recorder) Missing() time.Duration {
	return time.Duration(r.missing.Load()) * time.Second / mix.Rate
}

// Run opens the file and writes until Stop.
func (r *Recorder) Run() {
	if err := r.open(); err != nil {
		r.fail(err)
	}
	tick := time.NewTicker(pollTime)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.empty()
		case <-r.stop:
			r.empty()
			r.silence(r.ring.offered.Load())
			r.finish()
			return
		}
	}
}

func (r *Recorder) open() error {
	if err := os.MkdirAll(r.options.Folder, 0o700); err != nil {
		return err
	}
	name := filepath.Join(r.options.Folder, r.options.Name)
	const tries = 100
	for i := range tries {
		path := name
		if i > 0 {
			path += fmt.Sprintf("-%d", i+1)
		}
		path += "." + r.options.Format
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		if r.options.Format == Opus {
			r.file, err = newOgg(f)
		} else {
			r.file, err = newWAV(f)
		}
		if err != nil {
			return errors.Join(err, f.Close(), os.Remove(path))
		}
		r.path.Store(&path)
		return nil
	}
	return fmt.Errorf("%s: %d recordings have that name", name, tries)
}

// empty writes what waits.
func (r *Recorder) empty() {
	for b := r.ring.front(); b != nil; b = r.ring.front() {
		r.silence(b.at)
		r.buf = r.buf[:0]
		for i := range b.n {
			r.buf = append(r.buf, frame{b.near[i], b.far[i]})
		}
		r.ring.drop()
		r.write(r.buf)
	}
}

// silence fills up to a place in the call.
func (r *Recorder) silence(until uint64) {
	r.missing.Add(until - r.placed)
	for r.placed < until {
		n := min(until-r.placed, blockFrames)
		r.buf = r.buf[:n]
		clear(r.buf)
		r.write(r.buf)
	}
}

func (r *Recorder) write(frames []frame) {
	r.placed += uint64(len(frames))
	if r.failed {
		return
	}
	if err := r.file.write(frames); err != nil {
		r.fail(err)
		return
	}
	if limit := r.options.Limit; limit > 0 && r.file.size() >= limit {
		r.fail(ErrFull)
	}
}

// fail gives the recording up. What was written stays.
func (r *Recorder) fail(err error) {
	r.failed = true
	if r.file != nil {
		if e := r.file.close(); e != nil && errors.Is(err, ErrFull) {
			err = e
		}
	}
	if r.options.Failed != nil {
		r.options.Failed(err)
	}
}

func (r *Recorder) finish() {
	if r.failed {
		return
	}
	if err := r.file.close(); err != nil {
		r.failed = true
		if r.options.Failed != nil {
			r.options.Failed(err)
		}
	}
}

// maxName bounds the party in a file name.
const maxName = 40

// Name is that of a recording's file, without its ending: when, which way, who. It
// is safe in every file system: letters, digits and a few signs.
func Name(at time.Time, party string, outgoing bool) string {
	way := "from"
	if outgoing {
		way = "to"
	}
	var b strings.Builder
	for _, c := range party {
		switch {
		case b.Len() >= maxName:
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '+', c == '-', c == '_':
			b.WriteRune(c)
		case strings.ContainsRune("äöüÄÖÜßáéíóúñÁÉÍÓÚÑ", c):
			b.WriteRune(c)
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	who := strings.Trim(b.String(), "_-")
	if who == "" {
		who = "unknown"
	}
	return at.Format("2006-01-02_15-04-05") + "_" + way + "_" + who
}
