// Package spectrum is the Fourier transform of real signals for the audio path:
// lengths that are powers of two, single precision, no allocation.
//
//	t := spectrum.New(512)
//	t.Forward(s, block) // s = spectrum.NewBins(t.Bins())
//	t.Inverse(block, s)
//
// A transform of n real samples is one of n/2 complex samples, the even ones
// real and the odd ones imaginary, which is then taken apart (Cooley, Lewis and
// Welch 1970). The complex one is Stockham's, which needs no reordering, in
// steps of four.
package spectrum

import (
	"fmt"
	"math"
	"math/bits"
)

// Bins is the half of a real signal's spectrum that tells it all, from 0 Hz to
// half the sample rate. Real and imaginary parts are apart, as Go reckons
// complex64 in double precision.
type Bins struct{ Re, Im []float32 }

// NewBins makes room for n bins.
func NewBins(n int) Bins { return Bins{make([]float32, n), make([]float32, n)} }

// Clear sets every bin to zero.
func (b Bins) Clear() {
	clear(b.Re)
	clear(b.Im)
}

// Copy overwrites b with the bins of from.
func (b Bins) Copy(from Bins) {
	copy(b.Re, from.Re)
	copy(b.Im, from.Im)
}

// Power of one bin.
func (b Bins) Power(k int) float32 { return b.Re[k]*b.Re[k] + b.Im[k]*b.Im[k] }

// Transform is a Fourier transform of one length. It has room to work in and so
// serves one goroutine at a time.
type Transform struct {
	size   int       // real samples
	cos    []float32 // of 2 pi k / size
	sin    []float32
	turns  [][6]float32 // of the first step: cosine and sine of one, two and three turns
	a, b   Bins         // size/2 complex samples each
	factor float32
}

// New makes a transform of size real samples: a power of two, 8 at least.
func New(size int) *Transform {
	if size < 8 || bits.OnesCount(uint(size)) != 1 {
		panic(fmt.Sprintf("spectrum: %d samples are no power of two from 8 on", size))
	}
	t := &Transform{
		size: size, cos: make([]float32, size), sin: make([]float32, size),
		a: NewBins(size / 2), b: NewBins(size / 2), factor: 2 / float32(size),
	}
	for k := range t.cos {
		s, c := math.Sincos(2 * math.Pi * float64(k) / float64(size))
		t.cos[k], t.sin[k] = float32(c), float32(s)
	}
	t.turns = make([][6]float32, size/8)
	for p := range t.turns {
		for j := range 3 {
			t.turns[p][2*j], t.turns[p][2*j+1] = t.cos[2*(j+1)*p], t.sin[2*(j+1)*p]
		}
	}
	return t
}

// Size is the number of samples.
func (t *Transform) Size() int { return t.size }

// Bins is the number of bins: size/2 + 1.
func (t *Transform) Bins() int { return t.size/2 + 1 }

// Forward overwrites s with the spectrum of block, which has Size samples.
func (t *Transform) Forward(s Bins, block []float32) {
	half := t.size / 2
	for i := range half {
		t.a.Re[i], t.a.Im[i] = block[2*i], block[2*i+1]
	}
	z := t.complex()
	s.Re[0], s.Im[0] = z.Re[0]+z.Im[0], 0
	s.Re[half], s.Im[half] = z.Re[0]-z.Im[0], 0
	for k := 1; k <= half/2; k++ {
		// The even samples' spectrum and the odd ones' at k; those at half-k are
		// their conjugates.
		ar, ai, br, bi := z.Re[k], z.Im[k], z.Re[half-k], z.Im[half-k]
		er, ei := (ar+br)/2, (ai-bi)/2
		or, oi := (ai+bi)/2, (br-ar)/2
		c, n := t.cos[k], t.sin[k]
		tr, ti := or*c+oi*n, oi*c-or*n
		s.Re[k], s.Im[k] = er+tr, ei+ti
		s.Re[half-k], s.Im[half-k] = er-tr, ti-ei
	}
}

// Inverse overwrites block with the signal whose spectrum is s; after Forward it
// gives back what that was given.
func (t *Transform) Inverse(block []float32, s Bins) {
	half := t.size / 2
	t.a.Re[0], t.a.Im[0] = (s.Re[0]+s.Re[half])/2, -(s.Re[0]-s.Re[half])/2
	for k := 1; k <= half/2; k++ {
		ar, ai, br, bi := s.Re[k], s.Im[k], s.Re[half-k], s.Im[half-k]
		er, ei := (ar+br)/2, (ai-bi)/2
		tr, ti := (ar-br)/2, (ai+bi)/2
		c, n := t.cos[k], t.sin[k]
		or, oi := tr*c-ti*n, ti*c+tr*n
		// Conjugated, so that the forward transform is the inverse one.
		t.a.Re[k], t.a.Im[k] = er-oi, -(ei + or)
		t.a.Re[half-k], t.a.Im[half-k] = er+oi, ei-or
	}
	z := t.complex()
	for i := range half {
		block[2*i], block[2*i+1] = z.Re[i]*t.factor, -z.Im[i]*t.factor
	}
}

// complex transforms a and gives the result, which is in a or b.
func (t *Transform) complex() Bins {
	x, y := t.b, t.a
	t.first(x, y, t.size/2)
	n, stride := t.size/8, 4
	for n >= 4 {
		t.four(y, x, n, stride)
		x, y = y, x
		n, stride = n/4, stride*4
	}
	if n == 2 {
		two(y, x, stride)
		x = y
	}
	return x
}

// first is the first step of four, from x to y, whose blocks are single samples.
func (t *Transform) first(y, x Bins, n int) {
	quarter := n / 4
	ar, br, cr, dr := x.Re[:quarter], x.Re[quarter:][:quarter], x.Re[2*quarter:][:quarter], x.Re[3*quarter:][:quarter]
	ai, bi, ci, di := x.Im[:quarter], x.Im[quarter:][:quarter], x.Im[2*quarter:][:quarter], x.Im[3*quarter:][:quarter]
	for p := range ar {
		sr, si, ur, ui := ar[p]+cr[p], ai[p]+ci[p], ar[p]-cr[p], ai[p]-ci[p]
		vr, vi, wr, wi := br[p]+dr[p], bi[p]+di[p], br[p]-dr[p], bi[p]-di[p]
		yr, yi, w := (*[4]float32)(y.Re[4*p:]), (*[4]float32)(y.Im[4*p:]), &t.turns[p]
		yr[0], yi[0] = sr+vr, si+vi
		er, ei := ur+wi, ui-wr
		yr[1], yi[1] = er*w[0]+ei*w[1], ei*w[0]-er*w[1]
		er, ei = sr-vr, si-vi
		yr[2], yi[2] = er*w[2]+ei*w[3], ei*w[2]-er*w[3]
		er, ei = ur-wi, ui+wr
		yr[3], yi[3] = er*w[4]+ei*w[5], ei*w[4]-er*w[5]
	}
}

// four is one step of four, from x to y.
func (t *Transform) four(y, x Bins, n, stride int) {
	quarter := n / 4
	whole := t.size / n // of the table, for a turn of 1/n
	for p := range quarter {
		c1, s1 := t.cos[p*whole], t.sin[p*whole]
		c2, s2 := t.cos[2*p*whole], t.sin[2*p*whole]
		c3, s3 := t.cos[3*p*whole], t.sin[3*p*whole]
		in, out, apart := stride*p, stride*4*p, stride*quarter
		ar, ai := x.Re[in:in+stride], x.Im[in:in+stride]
		br, bi := x.Re[in+apart:][:stride], x.Im[in+apart:][:stride]
		cr, ci := x.Re[in+2*apart:][:stride], x.Im[in+2*apart:][:stride]
		dr, di := x.Re[in+3*apart:][:stride], x.Im[in+3*apart:][:stride]
		yr, yi := y.Re[out:out+4*stride], y.Im[out:out+4*stride]
		y0r, y0i := yr[:stride], yi[:stride]
		y1r, y1i := yr[stride:][:stride], yi[stride:][:stride]
		y2r, y2i := yr[2*stride:][:stride], yi[2*stride:][:stride]
		y3r, y3i := yr[3*stride:][:stride], yi[3*stride:][:stride]
		for q := range ar {
			sr, si, ur, ui := ar[q]+cr[q], ai[q]+ci[q], ar[q]-cr[q], ai[q]-ci[q]
			vr, vi, wr, wi := br[q]+dr[q], bi[q]+di[q], br[q]-dr[q], bi[q]-di[q]
			y0r[q], y0i[q] = sr+vr, si+vi
			er, ei := ur+wi, ui-wr
			y1r[q], y1i[q] = er*c1+ei*s1, ei*c1-er*s1
			er, ei = sr-vr, si-vi
			y2r[q], y2i[q] = er*c2+ei*s2, ei*c2-er*s2
			er, ei = ur-wi, ui+wr
			y3r[q], y3i[q] = er*c3+ei*s3, ei*c3-er*s3
		}
	}
}

// two is the last step where the length is no power of four.
func two(y, x Bins, stride int) {
	for q := range stride {
		y.Re[q], y.Im[q] = x.Re[q]+x.Re[q+stride], x.Im[q]+x.Im[q+stride]
		y.Re[q+stride], y.Im[q+stride] = x.Re[q]-x.Re[q+stride], x.Im[q]-x.Im[q+stride]
	}
}
