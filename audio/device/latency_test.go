//go:build cgo && linux

package device_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio/device"
	"deskset/audio/device/clicks"
	"deskset/audio/device/pulsetest"
)

// BenchmarkClickToClick prints how long sound takes from our playback callback
// through PulseAudio to our capture callback.
func BenchmarkClickToClick(b *testing.B) {
	for _, period := range []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond} {
		b.Run(fmt.Sprint(period), func(b *testing.B) {
			s := pulsetest.Start(b)
			backend := device.NewMalgo(device.MalgoConfig{Server: s.Address()})
			defer backend.Close()
			c := clicks.New(clicks.Config{})
			var calls, samples atomic.Int64
			play := func(block []float32) {
				calls.Add(1)
				samples.Add(int64(len(block)))
				c.Play(block)
			}
			for _, config := range []device.Config{
				{Kind: device.Playback, Name: "spk", Data: play},
				{Kind: device.Capture, Name: "spk.monitor", Data: c.Listen},
			} {
				config.Period = period
				d, err := backend.Open(config)
				if err != nil {
					b.Fatal(err)
				}
				defer d.Close()
			}
			for b.Loop() {
				for limit := time.Now().Add(time.Minute); c.Count() < 100; {
					if time.Now().After(limit) {
						b.Fatal("clicks are not heard")
					}
					<-time.After(50 * time.Millisecond)
				}
			}
			r := c.Result()
			ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms(r.P50), "p50-ms")
			b.ReportMetric(ms(r.P95), "p95-ms")
			b.ReportMetric(ms(r.Max), "max-ms")
			b.ReportMetric(float64(r.Lost), "lost")
			b.ReportMetric(float64(calls.Load())*device.Rate/float64(samples.Load()), "callbacks/s")
		})
	}
}
