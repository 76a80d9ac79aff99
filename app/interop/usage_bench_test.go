//go:build linux

package interop_test

import (
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
)

// callCodecs are those of BenchmarkCallCost: as the table has them, as our
// parameter names them, as baresip does. Debian's baresip has no G.729: there the
// other end is ours as well.
var callCodecs = []struct{ name, ours, theirs string }{
	{"PCMU", "g711ulaw", pcmu},
	{"G.722", "g722", "G722/16000/1"},
	{"Opus", "opus", "opus/48000/2"},
	{"G.729", "g729a", ""},
}

// costTime is how long a call, or the idle phone, is watched.
const costTime = 8 * time.Second

// BenchmarkCallCost is what a call costs with Deskset and with baresip, each with
// a baresip at the other end, over PulseAudio: processor, memory beyond that of
// the idle phone, and how often the kernel had to switch threads.
func BenchmarkCallCost(b *testing.B) {
	pulsetest.Front()
	interop.Binary(b)
	for _, c := range callCodecs {
		ours, far := desksetTalker(map[string]string{"preferred_codec": c.ours}), baresipTalker(false, c.theirs)
		if c.theirs == "" {
			far = ours
		}
		b.Run(c.name+"/deskset", func(b *testing.B) { reportCost(b, ours, far) })
		if c.theirs != "" {
			b.Run(c.name+"/baresip", func(b *testing.B) { reportCost(b, far, far) })
		}
	}
}

func reportCost(b *testing.B, near, far talker) {
	for b.Loop() {
		cost := callCost(b, near, far)
		b.ReportMetric(cost.CPU, "%cpu")
		b.ReportMetric(float64(cost.Memory)/1e6, "MB/call")
		b.ReportMetric(float64(cost.Resident)/1e6, "MB-in-call")
		b.ReportMetric(cost.Wakes, "wakeups/s")
	}
	b.ReportMetric(0, "ns/op")
}

// callCost lets a phone call another, and measures the first.
func callCost(tb testing.TB, near, far talker) interop.Call {
	tb.Helper()
	s := pulsetest.Start(tb)
	k := interop.StartKamailio(tb, interop.KamailioConfig{})
	b := far.start(tb, s, k, 1, interop.FarSource, interop.FarSink)
	a := near.start(tb, s, k, 0, interop.NearSource, interop.NearSink)
	talk(2 * time.Second)
	idle := a.process.Usage()
	connect(k, a, b)
	talk(3 * time.Second)
	stop := s.PlayTone(pulsetest.MicFeed, ourTone)
	before, began := a.process.Usage(), time.Now()
	talk(costTime)
	after := a.process.Usage()
	cost := after.Since(before, time.Since(began))
	cost.Memory, cost.Resident = int64(after.Memory)-int64(idle.Memory), after.Memory
	stop()
	a.hangup()
	a.quit()
	b.quit()
	return cost
}
