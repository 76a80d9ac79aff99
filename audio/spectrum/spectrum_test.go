package spectrum

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// slow is the transform by its definition.
func slow(x []float32) []complex128 {
	out := make([]complex128, len(x)/2+1)
	for k := range out {
		for n, v := range x {
			out[k] += complex(float64(v), 0) * cmplx.Rect(1, -2*math.Pi*float64(k*n%len(x))/float64(len(x)))
		}
	}
	return out
}

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func TestForwardIsTheDefinition(t *testing.T) {
	for size := 8; size <= 2048; size *= 2 {
		tr, x := New(size), noise(size)
		s := NewBins(tr.Bins())
		tr.Forward(s, x)
		for k, want := range slow(x) {
			got := complex(float64(s.Re[k]), float64(s.Im[k]))
			if d := cmplx.Abs(got - want); d > 1e-5*float64(size) {
				t.Fatalf("size %d bin %d: %v, want %v", size, k, got, want)
			}
		}
	}
}

func TestInverseGivesTheSignalBack(t *testing.T) {
	for size := 8; size <= 8192; size *= 2 {
		tr, x := New(size), noise(size)
		s, y := NewBins(tr.Bins()), make([]float32, size)
		tr.Forward(s, x)
		tr.Inverse(y, s)
		for i := range x {
			if d := math.Abs(float64(x[i] - y[i])); d > 1e-5 {
				t.Fatalf("size %d sample %d: %v, want %v", size, i, y[i], x[i])
			}
		}
	}
}

func TestSizesThatAreNoPowerOfTwoAreRefused(t *testing.T) {
	for _, size := range []int{-8, 0, 1, 4, 12, 480} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("size %d was taken", size)
				}
			}()
			New(size)
		}()
	}
}

func TestTransformsAllocateNothing(t *testing.T) {
	tr, x := New(512), noise(512)
	s := NewBins(tr.Bins())
	if n := testing.AllocsPerRun(100, func() { tr.Forward(s, x); tr.Inverse(x, s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkForward(b *testing.B) {
	for _, size := range []int{256, 512, 2048} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			tr, x := New(size), noise(size)
			s := NewBins(tr.Bins())
			for b.Loop() {
				tr.Forward(s, x)
			}
		})
	}
}
