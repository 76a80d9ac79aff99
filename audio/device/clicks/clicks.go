// Package clicks times how long sound takes from one sound device to another: a
// short burst goes into the one, and the moment is noted when it comes out of
// the other. It is for tests and measurements.
//
//	m := clicks.New(clicks.Config{Every: 500 * time.Millisecond})
//	in, err := backend.Open(device.Config{Kind: device.Playback, Name: "micfeed", Data: m.Play})
//	out, err := backend.Open(device.Config{Kind: device.Capture, Name: "spk.monitor", Data: m.Listen})
//	... m.Count() >= 50 ...
//	fmt.Println(m.Result())
//
// What is timed is what a program can know: from when the burst is due within
// the block of the callback that writes it, to the callback that brings its
// first loud sample. The meter's own two devices are part of that; how much they
// are is found by opening them on either side of nothing.
package clicks

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"deskset/audio/device"
)

// Config of a meter; zero values are sensible.
type Config struct {
	// Every is the time from burst to burst; 0 is 100 ms. Up to 20 ms more are
	// added, others each time, for packets not to beat with the bursts.
	Every time.Duration
	// Length of a burst; 0 is 1 ms. What is to pass a telephone codec wants 10.
	Length time.Duration
	// Tone of a burst in Hz; 0 is 4000.
	Tone float64
	// Level of a burst, full scale is 1; 0 is 0.6. It counts as heard at a
	// quarter of that.
	Level float64
}

// Meter is a measurement under way. Play and Listen are device.Config.Data.
type Meter struct {
	config        Config
	every, length int

	mu      sync.Mutex
	wait    int // samples until the next burst ends
	sent    time.Time
	pending bool
	count   int
	lost    int
	took    []time.Duration
}

// New makes a meter whose first burst comes after a second: devices settle.
func New(c Config) *Meter {
	if c.Every == 0 {
		c.Every = 100 * time.Millisecond
	}
	if c.Length == 0 {
		c.Length = time.Millisecond
	}
	if c.Tone == 0 {
		c.Tone = 4000
	}
	if c.Level == 0 {
		c.Level = 0.6
	}
	samples := func(d time.Duration) int { return int(d * device.Rate / time.Second) }
	return &Meter{config: c, every: samples(c.Every), length: samples(c.Length), wait: device.Rate}
}

func at(samples int) time.Duration { return time.Duration(samples) * time.Second / device.Rate }

// Play fills a block of the device into which the bursts go.
func (m *Meter) Play(block []float32) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(block)
	for i := range block {
		m.wait--
		if m.wait >= m.length {
			continue
		}
		if m.wait == m.length-1 {
			if m.pending {
				m.lost++
			}
			m.sent, m.pending = now.Add(at(i)), true
			m.count++
		}
		phase := float64(m.length-1-m.wait) / device.Rate
		block[i] = float32(m.config.Level * math.Cos(2*math.Pi*m.config.Tone*phase))
		if m.wait == 0 {
			m.wait = m.every + m.count*373%(device.Rate/50)
		}
	}
}

// Listen takes a block of the device at which the bursts are to be heard.
func (m *Meter) Listen(block []float32) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.pending {
		return
	}
	limit := float32(m.config.Level / 4)
	for _, v := range block {
		if v > limit || v < -limit {
			m.took = append(m.took, now.Sub(m.sent))
			m.pending = false
			return
		}
	}
}

// Restart forgets what was heard and lost so far.
func (m *Meter) Restart() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took, m.lost, m.count, m.pending = nil, 0, 0, false
}

// Times gives each burst's time, in order.
func (m *Meter) Times() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.took)
}

// Count is how many bursts were heard so far.
func (m *Meter) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.took)
}

// Result of what was heard so far.
func (m *Meter) Result() Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := Result{Heard: len(m.took), Lost: m.lost}
	if r.Heard == 0 {
		return r
	}
	sorted := slices.Sorted(slices.Values(m.took))
	r.P50, r.P95, r.Max = sorted[r.Heard/2], sorted[r.Heard*95/100], sorted[r.Heard-1]
	return r
}

// Result is what a meter found.
type Result struct {
	Heard, Lost   int
	P50, P95, Max time.Duration
}

// String is one line of a table.
func (r Result) String() string {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return fmt.Sprintf("p50 %5.1f  p95 %5.1f  max %5.1f ms (%d heard, %d lost)", ms(r.P50), ms(r.P95), ms(r.Max), r.Heard, r.Lost)
}
