//go:build linux

package interop

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// endLimit is how long a program may take to end before it is killed.
const endLimit = 5 * time.Second

// Process is a running program with all that it starts.
type Process struct {
	t     testing.TB
	name  string
	pid   int
	began time.Time
	log   string // path
	ended chan struct{}
	err   error // of Wait, once ended
}

// need skips the test if a program is not installed.
func need(t testing.TB, group string, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed; packaging/install-deps %s", program, group)
		}
	}
}

// start runs a program in a process group of its own. What it prints goes into
// a log that is shown if the test fails, unless cmd says otherwise. The program
// is ended with the test, and also if the test's process dies.
func start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{t: t, name: programName(cmd), ended: make(chan struct{})}
	log, err := os.CreateTemp(t.TempDir(), p.name+"-*.log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	p.log = log.Name()
	if cmd.Stdout == nil {
		cmd.Stdout = log
	}
	if cmd.Stderr == nil {
		cmd.Stderr = log
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.WaitDelay = time.Second
	started := make(chan error)
	go func() {
		// The signal comes when the thread that started the program ends
		// (prctl(2)): this one waits for the program.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		p.began = time.Now()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	p.pid = cmd.Process.Pid
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("%s said:\n%s", p.name, lastLines(p.Log(), 60))
		}
	})
	return p
}

// StartProgram runs a program until the test ends, with more than the test's own
// environment.
func StartProgram(t testing.TB, path string, env ...string) *Process {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), env...)
	return start(t, cmd)
}

// Stop ends the program and whatever it started. It may be called twice.
func (p *Process) Stop() {
	_ = syscall.Kill(-p.pid, syscall.SIGTERM) // it may have ended by itself
	select {
	case <-p.ended:
	case <-time.After(endLimit):
		p.t.Errorf("%s does not end on SIGTERM", p.name)
	}
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	<-p.ended
}

// Kill ends the program without a warning, like a power cut.
func (p *Process) Kill() {
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	<-p.ended
}

// Wait waits for the program to end by itself, and tells whether it did so in
// time and in good order; it is killed if not in time.
func (p *Process) Wait(limit time.Duration) bool {
	select {
	case <-p.ended:
		return p.err == nil
	case <-time.After(limit):
		p.Kill()
		return false
	}
}

// Running tells whether the program has not ended.
func (p *Process) Running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Began is when the program was started.
func (p *Process) Began() time.Time { return p.began }

// PID is the program's process number, for measuring it.
func (p *Process) PID() int { return p.pid }

// Log is what the program printed so far.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// WaitFor waits until cond holds; what says it for the failure.
func WaitFor(t testing.TB, limit time.Duration, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited %v for %s", limit, what)
		}
	}
}

// FreePort finds a port of 127.0.0.1 that is free for UDP and TCP and has not
// been given before. It lies below those that the kernel gives to outgoing
// connections and those of RTP, so nothing else takes it before it is used.
func FreePort(t testing.TB) int {
	t.Helper()
	const first, last = 10_000, 16_000
	for range 200 {
		port := first + rand.IntN(last-first)
		if _, given := portsGiven.LoadOrStore(port, true); !given && portFree(port) {
			return port
		}
	}
	t.Fatalf("no port from %d to %d is free for UDP and TCP", first, last)
	return 0
}

var portsGiven sync.Map

func portFree(port int) bool {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	udp, err := net.ListenPacket("udp4", address)
	if err != nil {
		return false
	}
	defer udp.Close()
	tcp, err := net.Listen("tcp4", address)
	if err != nil {
		return false
	}
	defer tcp.Close()
	return true
}
