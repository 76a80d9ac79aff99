//go:build linux && soak

package interop_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
)

// TestSoak is a call over real sound devices while one of the machine's processors
// has other work, for as long as DESKSET_SOAK says ("10m"; make soak). Neither the
// delay nor the memory may grow, the loudspeaker may not do without sound, and no
// collection of garbage may stop the phone for more than a millisecond.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("DESKSET_SOAK"))
	if err != nil {
		t.Fatal("make soak sets DESKSET_SOAK")
	}
	pulsetest.Front()
	s := pulsetest.Start(t)
	m := interop.StartMeter(t, s)
	k := interop.StartKamailio(t, interop.KamailioConfig{})
	phone := func(account int, source, sink string) *interop.Deskset {
		p := interop.StartDeskset(t, interop.DesksetConfig{Settings: line(1, k, k.Accounts[account]), OwnSound: true,
			Env: append(interop.CardEnv(s, source, sink), "GODEBUG=gctrace=1")})
		p.Do("timeout 60s", "screen idle")
		return p
	}
	far, near := phone(1, interop.FarSource, interop.FarSink), phone(0, interop.NearSource, interop.NearSink)
	interop.WaitFor(t, 20*time.Second, "the registrations", func() bool { return len(k.Bindings("1001"))+len(k.Bindings("1002")) == 2 })
	load(t)
	near.Do("press handset 1002 pound")
	far.Do("screen incoming", "press handset", "screen connected")
	near.Do("screen connected")
	talk(3 * time.Second)
	began := interop.MouthToEar(m, 40)
	holes := [2]int{strings.Count(near.Journal(), bufferChanged), strings.Count(far.Journal(), bufferChanged)}
	phones := [2]*interop.Deskset{near, far}
	var before [2]interop.Usage
	for i, p := range phones {
		before[i] = p.Usage()
	}
	start := time.Now()
	talk(length)
	for i, p := range phones {
		cost := p.Usage().Since(before[i], time.Since(start))
		if cost.Memory > 8<<20 {
			t.Errorf("phone %d: %.1f MB more memory than at the begin", i, float64(cost.Memory)/1e6)
		}
		n := strings.Count(p.Journal(), bufferChanged) - holes[i]
		longest, collections := pauses(p.Log())
		t.Logf("phone %d: %.1f %% CPU, %.0f wake-ups/s, %+.1f MB, buffer changed %d times, %d collections, longest pause %v",
			i, cost.CPU, cost.Wakes, float64(cost.Memory)/1e6, n, collections, longest)
		if n > 0 {
			t.Errorf("phone %d: under-runs:\n%s", i, p.Journal())
		}
		if longest > time.Millisecond {
			t.Errorf("phone %d: stopped for %v to collect garbage", i, longest)
		}
	}
	ended := interop.MouthToEar(m, 40)
	t.Logf("at the begin %v", began)
	t.Logf("at the end   %v", ended)
	if d := ended.P50 - began.P50; d > 6*time.Millisecond || d < -6*time.Millisecond {
		t.Errorf("the delay went from %v to %v", began.P50, ended.P50)
	}
	near.Do("press handset", "screen idle")
	near.Quit()
	far.Quit()
}

// bufferChanged is what the log says after under-runs.
const bufferChanged = "sound buffer changed"

// load keeps one processor busy until the test ends.
func load(t *testing.T) {
	busy := exec.Command("taskset", "-c", "0", "sh", "-c", "while :; do :; done")
	if err := busy.Start(); err != nil {
		t.Fatalf("no load: %v", err)
	}
	t.Cleanup(func() { _ = busy.Process.Kill(); _ = busy.Wait() })
}

// gcLine is one collection as GODEBUG=gctrace=1 tells it; the first and the last
// time are those for which the world stood still.
var gcLine = regexp.MustCompile(`(?m)^gc \d+ @.*?: ([\d.]+)\+[\d.]+\+([\d.]+) ms clock`)

// pauses gives the longest stop and the number of collections.
func pauses(log string) (longest time.Duration, collections int) {
	for _, m := range gcLine.FindAllStringSubmatch(log, -1) {
		collections++
		for _, text := range m[1:] {
			ms, _ := strconv.ParseFloat(text, 64) // a number, by the expression
			longest = max(longest, time.Duration(ms*float64(time.Millisecond)))
		}
	}
	return longest, collections
}
