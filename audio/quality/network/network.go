// Package network is a deterministic model of what a network does to voice:
// when each packet arrives, if it does. Tests use it.
//
//	arrivals := network.Model{Seed: 1, Loss: 0.05, Jitter: 20 * time.Millisecond}.Deliver(1500, 20*time.Millisecond)
//
// Loss is independent, or in bursts by the two-state model of Gilbert and
// Elliott. The delay has one of several shapes that are seen in the field.
package network

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Shape of the delay beyond the least one.
type Shape int

const (
	// Exponential: independent packets, a long tail.
	Exponential Shape = iota
	// Uniform between nothing and twice the mean.
	Uniform
	// Normal around the mean, with a third of it as deviation.
	Normal
	// Queue: a slowly changing queue, so neighbours are delayed alike.
	Queue
	// Steps: another route, and so another delay, every four seconds.
	Steps
	// Wireless: once a second or so packets are held for up to ten times the
	// mean and then come all at once.
	Wireless
)

// Model of a network. The zero value delivers everything at once.
type Model struct {
	Seed uint64
	// Loss is the share of packets that never come, Burst how many are lost
	// together on average; 0 is by chance.
	Loss, Burst float64
	// Jitter is the mean delay beyond the least one.
	Jitter time.Duration
	Shape  Shape
	// Reorder lets packets overtake each other where their delays say so.
	Reorder bool
	// Duplicate is the share of packets that come twice, the second one this
	// much later.
	Duplicate      float64
	DuplicateAfter time.Duration
	// Spikes: each so many packets one is late by 150 ms, and in order those
	// behind it too.
	Spikes int
	// Skew of the sender's clock against the receiver's.
	Skew float64
}

// Arrival is a packet that comes, by the receiver's clock. The first packet is
// sent at 0.
type Arrival struct {
	At     time.Duration
	Number int
}

// Deliver tells what arrives of so many packets, in order of arrival.
func (m Model) Deliver(packets int, packetTime time.Duration) []Arrival {
	random := rand.New(rand.NewPCG(m.Seed, 7))
	loss := losses{random: random, share: m.Loss, burst: m.Burst}
	delay := delays{random: random, mean: float64(m.Jitter), shape: m.Shape, packetTime: packetTime}
	var out []Arrival
	last := time.Duration(0)
	for i := range packets {
		at := time.Duration(float64(i)*float64(packetTime)*(1-m.Skew) + delay.of(i))
		if m.Spikes > 0 && i%m.Spikes == m.Spikes-1 {
			at += 150 * time.Millisecond
		}
		if !m.Reorder {
			at = max(at, last)
			last = at
		}
		if loss.next() {
			continue
		}
		out = append(out, Arrival{at, i})
		if random.Float64() < m.Duplicate {
			out = append(out, Arrival{at + max(m.DuplicateAfter, time.Millisecond), i})
		}
	}
	slices.SortStableFunc(out, func(a, b Arrival) int { return cmp.Compare(a.At, b.At) })
	return out
}

// losses decides packet by packet.
type losses struct {
	random       *rand.Rand
	share, burst float64
	bad          bool
}

func (l *losses) next() bool {
	if l.burst <= 1 {
		return l.random.Float64() < l.share
	}
	// In the bad state all is lost: it is left with 1/burst, and entered so
	// often that the share is kept.
	leave := 1 / l.burst
	enter := leave * l.share / (1 - l.share)
	if l.bad {
		l.bad = l.random.Float64() >= leave
	} else {
		l.bad = l.random.Float64() < enter
	}
	return l.bad
}

// delays gives the delay of each packet beyond the least, in nanoseconds.
type delays struct {
	random     *rand.Rand
	mean       float64
	shape      Shape
	packetTime time.Duration
	state      float64
	until      int
}

func (d *delays) of(i int) float64 {
	if d.mean == 0 {
		return 0
	}
	switch d.shape {
	case Uniform:
		return 2 * d.mean * d.random.Float64()
	case Normal:
		return max(0, d.mean*(1+d.random.NormFloat64()/3))
	case Queue:
		const memory = 0.95
		d.state = memory*d.state + math.Sqrt(1-memory*memory)*d.random.NormFloat64()
		return d.mean * max(0, 1+d.state)
	case Steps:
		if i >= d.until {
			d.until = i + int(4*time.Second/d.packetTime)
			d.state = 2 * d.mean * d.random.Float64()
		}
		return d.state + d.random.Float64()*1e6
	case Wireless:
		if d.state -= float64(d.packetTime); d.state > 0 {
			return d.state
		}
		if d.random.Float64() < d.packetTime.Seconds() {
			d.state = 10 * d.mean * d.random.Float64()
		}
		return max(0, d.state) + d.random.Float64()*1e6
	}
	return d.mean * d.random.ExpFloat64()
}

// JitterQuantile is the delay beyond the least that a share of the arrivals
// keeps.
func JitterQuantile(arrivals []Arrival, packetTime time.Duration, skew, share float64) time.Duration {
	var late []float64
	came := map[int]bool{}
	for _, a := range arrivals {
		if !came[a.Number] { // of duplicates the first counts
			late = append(late, float64(a.At)-float64(a.Number)*float64(packetTime)*(1-skew))
		}
		came[a.Number] = true
	}
	slices.Sort(late)
	return time.Duration(late[int(share*float64(len(late)-1))] - late[0])
}
