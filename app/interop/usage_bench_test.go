//go:build linux

package interop_test

import (
	"fmt"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
)

// callCodecs are tried by BenchmarkCallCost: as our parameter names them, as
// baresip does, and as they stand in the table.
var callCodecs = [][3]string{
	{"g711ulaw", "PCMU/8000/1", "G.711 µ-law"},
	{"g722", "G722/16000/1", "G.722"},
	{"opus", "opus/48000/2", "Opus"},
}

// costTime is how long a call, or the idle phone, is watched.
const costTime = 8 * time.Second

// BenchmarkCallCost prints what a call costs with Deskset and with baresip, each
// with a baresip at the other end, over PulseAudio: processor, memory beyond that
// of the idle phone, and how often the kernel had to switch threads.
func BenchmarkCallCost(b *testing.B) {
	pulsetest.Front()
	interop.Binary(b)
	table := "| codec | phone | CPU | memory per call | wake-ups/s |\n|---|---|---|---|---|\n"
	for b.Loop() {
		for _, c := range callCodecs {
			for _, who := range []talker{desksetTalker(map[string]string{"preferred_codec": c[0]}), baresipTalker(false, c[1])} {
				cost := callCost(b, who, baresipTalker(false, c[1]))
				row := fmt.Sprintf("| %s | %s | %.1f %% | %.1f MB | %.0f |\n", c[2], who.name, cost.CPU, float64(cost.Memory)/1e6, cost.Wakes)
				b.Log(row)
				table += row
			}
		}
	}
	b.Log("\n" + table)
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
	cost.Memory = int64(after.Memory) - int64(idle.Memory)
	stop()
	a.hangup()
	a.quit()
	b.quit()
	return cost
}
