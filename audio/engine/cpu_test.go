//go:build cgo && linux

package engine

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
)

// cpu is the share of one processor, in percent, that this process uses.
func cpu(b *testing.B, length time.Duration) float64 {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before, start := used(), time.Now()
	<-time.After(length)
	return 100 * float64(used()-before) / float64(time.Since(start))
}

// BenchmarkCPU prints what an engine costs on hook and with a call on
// PulseAudio, less what the test's own feeders cost.
func BenchmarkCPU(b *testing.B) {
	b.Run("OnHook", func(b *testing.B) {
		e := New(Config{Backend: device.NewMalgo(device.MalgoConfig{})})
		defer e.Close()
		var share float64
		for b.Loop() {
			share = cpu(b, 5*time.Second)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(share, "cpu-%")
	})
	for _, period := range []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond} {
		b.Run(fmt.Sprintf("Call%v", period), func(b *testing.B) {
			s := pulsetest.Start(b)
			e := New(Config{
				Backend: device.NewMalgo(device.MalgoConfig{Server: s.Address()}), Period: period,
				NewMedia: func(audio.StreamConfig) (Media, error) { return &returning{wrote: second / 50}, nil },
			})
			defer e.Close()
			if _, err := e.NewStream(audio.StreamConfig{}); err != nil {
				b.Fatal(err)
			}
			e.Route(audio.PathNone)
			idle := cpu(b, 3*time.Second)
			e.Route(audio.PathHandset)
			<-time.After(time.Second)
			var share float64
			for b.Loop() {
				share = cpu(b, 5*time.Second)
			}
			m := e.Measurements()
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(share-idle, "cpu-%")
			b.ReportMetric(float64(m.Ear.Rate+m.Microphone.Rate), "callbacks/s")
			b.ReportMetric(float64(m.Ear.Underruns), "underruns")
			b.ReportMetric(float64(m.Ear.Longest.Microseconds()), "longest-µs")
		})
	}
}
