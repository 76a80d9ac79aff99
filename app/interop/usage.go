//go:build linux

package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is what a process has used of the machine so far.
type Usage struct {
	CPU      time.Duration
	Memory   uint64 // bytes resident now, without what it shares
	Switches uint64 // how often its threads went to sleep or were put off
	Threads  int    // now
	Files    int    // handles that are open now, sockets among them
}

// Usage reads it from /proc.
func (p *Process) Usage() Usage {
	p.t.Helper()
	u, err := usage(p.PID())
	if err != nil {
		p.t.Fatal(err)
	}
	return u
}

func usage(pid int) (u Usage, err error) {
	dir := fmt.Sprintf("/proc/%d", pid)
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return u, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // past the name, which may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return u, fmt.Errorf("%s/stat: %q", dir, stat)
	}
	for _, ticks := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(ticks, 10, 64)
		if err != nil {
			return u, err
		}
		u.CPU += time.Duration(n) * time.Second / 100 // USER_HZ
	}
	u.Memory = 1024 * values(filepath.Join(dir, "status"), "RssAnon:")
	files, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return u, err
	}
	u.Files = len(files)
	threads, err := filepath.Glob(filepath.Join(dir, "task", "*", "status"))
	u.Threads = len(threads)
	for _, path := range threads {
		u.Switches += values(path, "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:")
	}
	return u, err
}

// values adds up the numbers behind some words of a status file. A thread that
// has ended meanwhile has none.
func values(path string, words ...string) (sum uint64) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(text)) {
		fields := strings.Fields(l)
		for _, w := range words {
			if len(fields) > 1 && fields[0] == w {
				n, _ := strconv.ParseUint(fields[1], 10, 64) // a number, by proc(5)
				sum += n
			}
		}
	}
	return sum
}

// Call is the use between two moments.
type Call struct {
	CPU    float64 // percent of one processor
	Memory int64   // bytes more than before
	// Resident is what the process then had, in bytes.
	Resident uint64
	Wakes    float64 // switches per second
}

// Since tells what was used from before to now, over a time.
func (u Usage) Since(before Usage, over time.Duration) Call {
	return Call{
		CPU:    100 * float64(u.CPU-before.CPU) / float64(over),
		Memory: int64(u.Memory) - int64(before.Memory), Resident: u.Memory,
		Wakes: float64(u.Switches-before.Switches) / over.Seconds(),
	}
}
