package quality

import (
	"math"
	"math/cmplx"
)

// fft is a radix-2 Fourier transform of 2^n points, with its tables.
type fft struct {
	size    int
	twiddle []complex128
	swapped []int
}

func newFFT(size int) *fft {
	f := &fft{size: size, twiddle: make([]complex128, size/2), swapped: make([]int, size)}
	for i := range f.twiddle {
		f.twiddle[i] = cmplx.Rect(1, -2*math.Pi*float64(i)/float64(size))
	}
	for i, half := 1, 1; half < size; half *= 2 {
		for j := range half {
			f.swapped[i] = f.swapped[j] + size/(2*half)
			i++
		}
	}
	return f
}

// forward transforms x in place.
func (f *fft) forward(x []complex128) {
	for i, j := range f.swapped {
		if i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for half := 1; half < f.size; half *= 2 {
		step := f.size / (2 * half)
		for at := 0; at < f.size; at += 2 * half {
			for k := range half {
				a, b := x[at+k], x[at+k+half]*f.twiddle[k*step]
				x[at+k], x[at+k+half] = a+b, a-b
			}
		}
	}
}

// power writes the power of bins 0 to size/2 of x, which is real, weighted by
// window and filled up with zeros.
func (f *fft) power(dst, x, window []float64, room []complex128) {
	clear(room)
	for i, w := range window {
		room[i] = complex(x[i]*w, 0)
	}
	f.forward(room)
	for k := range dst {
		re, im := real(room[k]), imag(room[k])
		dst[k] = re*re + im*im
	}
}

// hann is a Hann window of n points without the zeros at its ends.
func hann(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i+1)/float64(n+1))
	}
	return w
}
