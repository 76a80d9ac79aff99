//go:build linux

package interop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// The figures of the README, measured on the program itself. One run each is
// one operation; what counts are the metrics.

// BenchmarkStartToIdle is the time from starting the process to the idle
// screen, with the lab and without the pauses that let a person read.
func BenchmarkStartToIdle(b *testing.B) {
	interop.Binary(b) // building it is not measured
	for b.Loop() {
		phone := interop.StartDeskset(b, interop.DesksetConfig{Args: []string{"-lab"}})
		phone.Do("timeout 30s", "screen idle")
		b.StopTimer()
		phone.Quit()
		b.StartTimer()
	}
}

// BenchmarkStartToIdleWindow is the same with the window on a virtual display
// and software rendering.
func BenchmarkStartToIdleWindow(b *testing.B) {
	x := interop.StartXvfb(b)
	for b.Loop() {
		phone, window := interop.StartDesksetWindow(b, interop.DesksetConfig{Args: []string{"-lab"}}, x)
		interop.WaitFor(b, 30*time.Second, "the idle title", func() bool { return strings.Contains(window.Title(), "Deskset: ") })
		b.StopTimer()
		phone.Stop()
		b.StartTimer()
	}
}

// BenchmarkRegister is the time from the first REGISTER to its 200 at Kamailio,
// the challenge between them included, as the phone's trace tells it.
func BenchmarkRegister(b *testing.B) {
	kamailio := interop.StartKamailio(b, interop.KamailioConfig{})
	var total time.Duration
	for b.Loop() {
		phone := interop.StartDeskset(b, interop.DesksetConfig{Settings: line(1, kamailio, kamailio.Accounts[0])})
		phone.Do("timeout 30s", "screen idle")
		interop.WaitFor(b, 10*time.Second, "the registration", func() bool { return len(kamailio.Bindings("1001")) == 1 })
		took, err := registerTime(phone.Trace())
		if err != nil {
			b.Fatal(err)
		}
		total += took
		phone.Quit()
	}
	b.ReportMetric(float64(total.Microseconds())/float64(b.N)/1000, "ms/registration")
	b.ReportMetric(0, "ns/op")
}

// registerTime finds the first REGISTER and the first 200 after it in a trace,
// whose messages follow a line with the time.
func registerTime(trace string) (time.Duration, error) {
	var head string
	var began time.Time
	for l := range strings.Lines(trace) {
		at, err := time.Parse(time.RFC3339Nano, strings.SplitN(head, " ", 2)[0])
		switch {
		case err != nil:
		case strings.HasPrefix(l, "REGISTER ") && began.IsZero():
			began = at
		case strings.HasPrefix(l, "SIP/2.0 200") && !began.IsZero():
			return at.Sub(began), nil
		}
		head = l
	}
	return 0, fmt.Errorf("no REGISTER and 200 in the trace:\n%s", trace)
}

// memoryMB is a figure of status in /proc: VmRSS is what a process has in
// memory, VmHWM the most that it had.
func memoryMB(t testing.TB, pid int, field string) float64 {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(l, field); ok {
			kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				t.Fatal(err)
			}
			return kB / 1024
		}
	}
	t.Fatalf("no %s in status", field)
	return 0
}
