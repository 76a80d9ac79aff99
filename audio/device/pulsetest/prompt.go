//go:build unix

package pulsetest

import (
	"os/exec"
	"sync"
)

// canBePrompt tells whether this user may start programs with real-time
// priority.
var canBePrompt = sync.OnceValue(func() bool { return exec.Command("chrt", "--rr", "1", "true").Run() == nil })

// prompt prepares a program that, where it is allowed, gets the processor ahead
// of all that a busy machine does otherwise. PulseAudio asks for real-time
// priority for the threads of its devices only, but every block passes its main
// thread too, and a test's players and recorders stand for hardware, which is
// never late.
func prompt(name string, args ...string) *exec.Cmd {
	if canBePrompt() {
		return exec.Command("chrt", append([]string{"--rr", "1", name}, args...)...)
	}
	return exec.Command(name, args...)
}
