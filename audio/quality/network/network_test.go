package network

import (
	"math"
	"slices"
	"testing"
	"time"
)

const packet = 20 * time.Millisecond

func TestTheSameSeedIsTheSameNetwork(t *testing.T) {
	m := Model{Seed: 5, Loss: 0.1, Burst: 2, Jitter: 10 * time.Millisecond, Duplicate: 0.1}
	if !slices.Equal(m.Deliver(500, packet), m.Deliver(500, packet)) {
		t.Error("two runs differ")
	}
}

func TestLossHasItsShareAndItsBursts(t *testing.T) {
	for _, burst := range []float64{0, 2, 4} {
		const count = 60_000
		arrivals := Model{Seed: 1, Loss: 0.05, Burst: burst}.Deliver(count, packet)
		bursts := 0
		for i := 1; i < len(arrivals); i++ {
			if arrivals[i].Number != arrivals[i-1].Number+1 {
				bursts++
			}
		}
		lost := count - len(arrivals)
		if share := float64(lost) / count; math.Abs(share-0.05) > 0.006 {
			t.Errorf("bursts of %g: %.3f lost", burst, share)
		}
		if mean := float64(lost) / float64(bursts); math.Abs(mean-max(1.05, burst)) > 0.2 {
			t.Errorf("bursts of %.2f, want %g", mean, burst)
		}
	}
}

func TestEveryShapeHasItsMean(t *testing.T) {
	for shape := Exponential; shape <= Steps; shape++ {
		m := Model{Seed: 3, Jitter: 10 * time.Millisecond, Shape: shape, Reorder: true}
		sum := time.Duration(0)
		arrivals := m.Deliver(20_000, packet)
		for _, a := range arrivals {
			sum += a.At - time.Duration(a.Number)*packet
		}
		if mean := sum / time.Duration(len(arrivals)); mean < 9*time.Millisecond || mean > 12*time.Millisecond {
			t.Errorf("shape %d: mean delay %v", shape, mean)
		}
	}
}

func TestOrderIsKeptUnlessAllowed(t *testing.T) {
	for _, reorder := range []bool{false, true} {
		m := Model{Seed: 3, Jitter: 30 * time.Millisecond, Reorder: reorder}
		arrivals := m.Deliver(1000, packet)
		sorted := slices.IsSortedFunc(arrivals, func(a, b Arrival) int { return a.Number - b.Number })
		if sorted == reorder {
			t.Errorf("reorder %v: in order %v", reorder, sorted)
		}
		if q := JitterQuantile(arrivals, packet, 0, 0.97); q < 60*time.Millisecond || q > 160*time.Millisecond {
			t.Errorf("97 %% within %v", q)
		}
	}
}
