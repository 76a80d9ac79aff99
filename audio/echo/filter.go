package echo

import "deskset/audio/spectrum"

const (
	// batch is how many samples a filter learns from at a time: 10 ms. Shorter
	// ones tell frequencies apart less well, longer ones follow later.
	batch     = 4 * hop
	batchHops = batch / hop
	// overlap is the part of a transform that an error fills.
	overlap = float32(batch) / window
	// unknown is the variance of a path of which nothing is known, in its first
	// partition; later ones are expected to be fadeKnown of the one before.
	unknown   = 0.1
	fadeKnown = 0.7
	// news is how much of a batch the filter has not been told before: the windows
	// of the reference overlap, and what it is told twice it must not trust twice.
	news = 0.5
	// trimEach is how many batches go by until a partition is trimmed again.
	trimEach = 4
	// leastVariance keeps the filter ready to learn, leastNoise the division
	// defined.
	leastVariance = 1e-9
	leastNoise    = 1e-7
)

// filter is an echo path in the frequency domain, partitioned, each bin of each
// partition a Kalman filter of its own whose variance tells how well the path is
// known (Enzner and Vary, "Frequency-domain adaptive Kalman filter for acoustic
// echo control in hands-free telephones", Signal Processing 86, 2006; Kuech,
// Mabande and Enzner, "State-space architecture of the partitioned-block-based
// acoustic echo controller", ICASSP 2014). That is what lets it learn in double
// talk: the more there is in the microphone beside the echo, the less a bin
// believes it.
type filter struct {
	weight   [parts]spectrum.Bins
	variance [parts][]float32
	// keep is how much of the path stays from batch to batch: below one it is
	// expected to change.
	keep float32
	// near is the power of what is in the microphone beside the echo, doubt
	// that of the echo which the filter expects to miss.
	near, doubt []float32
	turn        int // partition whose taps are trimmed next

	fft     *spectrum.Transform
	sum     spectrum.Bins // of the last errors, as far as each bin is believed
	believe [bins]float32
	block   [window]float32
}

func (f *filter) init(keep float32) {
	f.keep = keep
	f.fft = spectrum.New(window)
	f.sum = spectrum.NewBins(bins)
	f.near, f.doubt = make([]float32, bins), make([]float32, bins)
	for p := range f.weight {
		f.weight[p] = spectrum.NewBins(bins)
		f.variance[p] = make([]float32, bins)
	}
	f.forget()
}

// forget takes the path for unknown.
func (f *filter) forget() {
	for p := range f.weight {
		f.weight[p].Clear()
	}
	clear(f.near)
	f.reopen(1)
}

// reopen takes the path for as uncertain as at the start, or for a part of that.
func (f *filter) reopen(part float32) {
	v := float32(unknown) * part
	for p := range f.variance {
		for k := range f.variance[p] {
			f.variance[p][k] = max(f.variance[p][k], v)
		}
		v *= fadeKnown
	}
}

// follow makes the filter the same as another one.
func (f *filter) follow(g *filter) {
	for p := range f.weight {
		f.weight[p].Copy(g.weight[p])
		copy(f.variance[p], g.variance[p])
	}
	copy(f.near, g.near)
}

// echo estimates the last samples of the echo.
func (f *filter) echo(dst []float32, r *reference) {
	f.sum.Clear()
	for p := range f.weight {
		addProduct(f.sum, *r.at(p), f.weight[p])
	}
	f.fft.Inverse(f.block[:], f.sum)
	copy(dst, f.block[window-len(dst):])
}

// addProduct adds x*w to sum.
func addProduct(sum, x, w spectrum.Bins) {
	sr, si := sum.Re[:bins], sum.Im[:bins]
	xr, xi := x.Re[:bins], x.Im[:bins]
	wr, wi := w.Re[:bins], w.Im[:bins]
	for k := range sr {
		a, b, c, d := xr[k], xi[k], wr[k], wi[k]
		sr[k] += a*c - b*d
		si[k] += a*d + b*c
	}
}

// learn takes the last batch of errors.
func (f *filter) learn(errors []float32, r *reference) {
	f.spread(f.sum, errors)
	clear(f.doubt)
	for p := range f.weight {
		x, v, d := r.at(p), f.variance[p][:bins], f.doubt[:bins]
		xr, xi := x.Re[:bins], x.Im[:bins]
		for k := range d {
			d[k] += (xr[k]*xr[k] + xi[k]*xi[k]) * v[k]
		}
	}
	// What the error holds beyond what the filter expects to miss is the near
	// end. The gain of each bin, less the reference and its variance, goes into
	// the error's place.
	for k := range f.doubt {
		e := f.sum.Power(k)
		f.near[k] = 0.7*f.near[k] + 0.3*e
		believe := 1 / (overlap*f.doubt[k] + f.near[k] + leastNoise)
		f.sum.Re[k] *= believe
		f.sum.Im[k] *= believe
		f.believe[k] = believe
	}
	for p := range f.weight {
		f.correct(p, *r.at(p))
	}
	for p := range f.weight {
		if p%trimEach == f.turn {
			f.trim(p)
		}
	}
	f.turn = (f.turn + 1) % trimEach
}

// spread gives the spectrum of a batch, where the transform of the echo has it.
func (f *filter) spread(s spectrum.Bins, samples []float32) {
	clear(f.block[:window-batch])
	copy(f.block[window-batch:], samples)
	f.fft.Forward(s, f.block[:])
}

// correct moves one partition towards the path and reckons how well it is known
// then.
func (f *filter) correct(p int, x spectrum.Bins) {
	wr, wi, v := f.weight[p].Re[:bins], f.weight[p].Im[:bins], f.variance[p][:bins]
	xr, xi := x.Re[:bins], x.Im[:bins]
	er, ei := f.sum.Re[:bins], f.sum.Im[:bins]
	believe := &f.believe
	share := news * overlap
	keep := f.keep * f.keep
	for k := range wr {
		a, b, m := xr[k], xi[k], v[k]
		c, d := wr[k]+m*(a*er[k]+b*ei[k]), wi[k]+m*(a*ei[k]-b*er[k])
		wr[k], wi[k] = c, d
		known := 1 - share*m*believe[k]*(a*a+b*b)
		v[k] = max(keep*known*m+(1-keep)*(c*c+d*d), leastVariance)
	}
}

// trim takes out of a partition what lies beyond its taps, which is the wrap of
// the transform.
func (f *filter) trim(p int) {
	f.fft.Inverse(f.block[:], f.weight[p])
	clear(f.block[tap:])
	f.fft.Forward(f.weight[p], f.block[:])
}
