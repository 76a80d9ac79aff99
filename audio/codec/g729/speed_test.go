//go:build linux

package g729

import (
	"bytes"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"deskset/audio/oracle"
	voice "deskset/audio/quality/speech"
)

// processorTime is what this process has used: other than a clock it does not
// see how busy the machine is.
func processorTime(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &usage); err != nil {
		t.Skip(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestSpeed: encoder and decoder together keep up with 50 calls on one core; the
// library in C stands beside them.
func TestSpeed(t *testing.T) {
	if longest < 1000 {
		t.Skip("the race detector is no measure of speed")
	}
	pcm := voice.Int16(voice.Lab(t, 8000))
	pcm = pcm[:len(pcm)/frameSamples*frameSamples]
	sound := time.Duration(len(pcm)) * time.Second / 8000
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	e, d := NewEncoder(), NewDecoder()
	payload, out := make([]byte, 0, len(pcm)), make([]int16, 0, len(pcm))
	start := processorTime(t)
	payload = e.Encode(payload, pcm)
	encoded := processorTime(t) - start
	start = processorTime(t)
	if _, err := d.Decode(out, payload); err != nil {
		t.Fatal(err)
	}
	decoded := processorTime(t) - start
	factor := func(d time.Duration) float64 { return float64(sound) / float64(max(d, 1)) }
	t.Logf("encoder %.0f x real time, decoder %.0f x, both %.0f x", factor(encoded), factor(decoded), factor(encoded+decoded))
	if factor(encoded+decoded) < 50 {
		t.Errorf("encoder and decoder are %.0f times faster than real time, want 50", factor(encoded+decoded))
	}

	program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
	var frames []byte
	for ; len(payload) > 0; payload = payload[speechBytes:] {
		frames = append(append(frames, speechBytes), payload[:speechBytes]...)
	}
	theirs := func(input []byte, args ...string) time.Duration {
		cmd := exec.Command(program, args...)
		cmd.Stdin = bytes.NewReader(input)
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	theirEncoder, theirDecoder := theirs(toBytes(pcm), "encode", "0"), theirs(frames, "decode")
	t.Logf("bcg729's encoder takes %.2f of our time, its decoder %.2f", float64(theirEncoder)/float64(encoded), float64(theirDecoder)/float64(decoded))
}
