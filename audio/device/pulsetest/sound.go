//go:build unix

package pulsetest

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os/exec"
	"sync"
	"time"
)

// Rate of all samples, in Hz.
const Rate = 48000

var rawFormat = []string{"--raw", "--rate=48000", "--channels=1", "--format=s16le"}

// feeder is a player whose input is written by the test's process.
type feeder struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
	done sync.WaitGroup
}

// feed keeps a sink awake with silence.
func (s *Server) feed(sink string) *feeder {
	s.t.Helper()
	return s.player(sink, 5*time.Millisecond, func(block []byte) { clear(block) })
}

// player runs pacat with what fill makes, until it is stopped.
func (s *Server) player(sink string, latency time.Duration, fill func(block []byte)) *feeder {
	s.t.Helper()
	args := append([]string{"--playback", fmt.Sprintf("--latency-msec=%d", latency.Milliseconds()), "-d", sink}, rawFormat...)
	f := &feeder{cmd: s.command("pacat", args...)}
	var err error
	if f.pipe, err = f.cmd.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	f.done.Go(func() {
		block := make([]byte, 960)
		for {
			fill(block)
			if _, err := f.pipe.Write(block); err != nil {
				return // stopped, or the sink is gone
			}
		}
	})
	return f
}

func (f *feeder) stop() {
	_ = f.cmd.Process.Kill()
	_ = f.pipe.Close()
	_ = f.cmd.Wait()
	f.done.Wait()
}

// toneLatency is how much of a tone the server holds in stock: a player that
// does not get the processor in time would make gaps that are not those of the
// program under test.
const toneLatency = 300 * time.Millisecond

// PlayTone plays a sine, 12 dB below full scale, into a sink until the returned
// function is called or the test ends.
func (s *Server) PlayTone(sink string, hz float64) (stop func()) {
	s.t.Helper()
	phase := 0
	f := s.player(sink, toneLatency, func(block []byte) {
		for i := 0; i < len(block); i += 2 {
			v := 8192 * math.Sin(2*math.Pi*hz*float64(phase)/Rate)
			binary.LittleEndian.PutUint16(block[i:], uint16(int16(v)))
			phase++
		}
	})
	stop = sync.OnceFunc(f.stop)
	s.t.Cleanup(stop)
	return stop
}

// Play plays a WAV file into a sink and returns when it has been played.
func (s *Server) Play(sink, wav string) {
	s.t.Helper()
	cmd := s.command("paplay", "-d", sink, wav)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("paplay -d %s %s: %v: %s", sink, wav, err, out)
	}
}

// PlaySamples plays samples into a sink and returns when they have been played.
func (s *Server) PlaySamples(sink string, samples []int16) {
	s.t.Helper()
	cmd := s.command("pacat", append([]string{"--playback", "-d", sink}, rawFormat...)...)
	pipe, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	raw := make([]byte, 2*len(samples))
	for i, v := range samples {
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(v))
	}
	_, err = pipe.Write(raw)
	pipe.Close()
	if waitErr := cmd.Wait(); err == nil {
		err = waitErr
	}
	if err != nil {
		s.t.Fatalf("pacat -d %s: %v", sink, err)
	}
}

// Recording is under way.
type Recording struct {
	cmd  *exec.Cmd
	read chan []byte
}

// StartRecording records what a sink is given or what a microphone hears.
func (s *Server) StartRecording(device string) *Recording {
	s.t.Helper()
	if s.feeders[device] != nil {
		device += ".monitor"
	}
	r := &Recording{read: make(chan []byte, 1)}
	r.cmd = s.command("parec", append([]string{"--latency-msec=10", "-d", device}, rawFormat...)...)
	pipe, err := r.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		raw, _ := io.ReadAll(pipe) // ends when parec is stopped
		r.read <- raw
	}()
	s.t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	return r
}

// Stop ends the recording and gives its samples.
func (r *Recording) Stop() []int16 {
	_ = r.cmd.Process.Kill()
	raw := <-r.read
	_ = r.cmd.Wait()
	samples := make([]int16, len(raw)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return samples
}

// Record records a sink or a microphone for some time, to the exact sample.
// It fails the test when no sound at all comes.
func (s *Server) Record(device string, length time.Duration) []int16 {
	s.t.Helper()
	if s.feeders[device] != nil {
		device += ".monitor"
	}
	cmd := s.command("parec", append([]string{"--latency-msec=10", "-d", device}, rawFormat...)...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	late := time.AfterFunc(length+10*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	samples := make([]int16, length*Rate/time.Second)
	err = binary.Read(pipe, binary.LittleEndian, samples)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if err != nil {
		s.t.Fatalf("parec -d %s: %v after %v", device, err, length)
	}
	return samples
}

// HearTone records a device, a stretch at a time, until a tone fills the wanted
// share of one, or the limit has passed; it gives the best share that it heard.
// A machine that is busy with other things makes gaps, but not for ever.
func (s *Server) HearTone(device string, hz, share float64, stretch, limit time.Duration) float64 {
	s.t.Helper()
	best := 0.0
	for deadline := time.Now().Add(limit); best < share && time.Now().Before(deadline); {
		best = max(best, ToneShare(s.Record(device, stretch), hz))
	}
	return best
}
