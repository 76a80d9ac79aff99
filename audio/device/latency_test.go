//go:build cgo && linux

package device_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
)

// clicker plays a click now and then into one device and times its arrival at
// another: from when it is due within the block of the callback that writes it
// to the callback that brings it.
type clicker struct {
	mu      sync.Mutex
	wait    int // samples until the next click
	sent    time.Time
	pending bool
	lost    int
	took    []time.Duration
	blocks  map[int]int
}

const (
	clickEvery  = device.Rate / 10
	clickLength = device.Rate / 1000
	clickLevel  = 0.6
)

func at(samples int) time.Duration { return time.Duration(samples) * time.Second / device.Rate }

func (c *clicker) play(block []float32) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.blocks[len(block)]++
	clear(block)
	for i := range block {
		c.wait--
		if c.wait >= clickLength {
			continue
		}
		if c.wait == clickLength-1 {
			if c.pending {
				c.lost++
			}
			c.sent, c.pending = now.Add(at(i)), true
		}
		block[i] = clickLevel * float32(math.Cos(2*math.Pi*4000*float64(c.wait)/device.Rate))
		if c.wait == 0 {
			// Not at the same place in the block each time.
			c.wait = clickEvery + len(c.took)*37%480
		}
	}
}

func (c *clicker) listen(block []float32) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.pending {
		return
	}
	for _, v := range block {
		if v > clickLevel/4 || v < -clickLevel/4 {
			c.took = append(c.took, now.Sub(c.sent))
			c.pending = false
			return
		}
	}
}

// BenchmarkClickToClick prints how long sound takes from our playback callback
// through PulseAudio to our capture callback.
func BenchmarkClickToClick(b *testing.B) {
	for _, period := range []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond} {
		b.Run(fmt.Sprint(period), func(b *testing.B) {
			s := pulsetest.Start(b)
			backend := device.NewMalgo(device.MalgoConfig{Server: s.Address()})
			defer backend.Close()
			c := &clicker{wait: device.Rate, blocks: map[int]int{}}
			for _, config := range []device.Config{
				{Kind: device.Playback, Name: "spk", Data: c.play},
				{Kind: device.Capture, Name: "spk.monitor", Data: c.listen},
			} {
				config.Period = period
				d, err := backend.Open(config)
				if err != nil {
					b.Fatal(err)
				}
				defer d.Close()
			}
			enough := func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.took) >= 100 }
			for b.Loop() {
				for limit := time.Now().Add(time.Minute); !enough(); {
					if time.Now().After(limit) {
						b.Fatal("clicks are not heard")
					}
					<-time.After(50 * time.Millisecond)
				}
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			slices.Sort(c.took)
			n, calls, samples := len(c.took), 0, 0
			for size, count := range c.blocks {
				calls += count
				samples += size * count
			}
			ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms(c.took[n/2]), "p50-ms")
			b.ReportMetric(ms(c.took[n*95/100]), "p95-ms")
			b.ReportMetric(ms(c.took[n-1]), "max-ms")
			b.ReportMetric(float64(c.lost), "lost")
			b.ReportMetric(float64(calls)*device.Rate/float64(samples), "callbacks/s")
		})
	}
}
