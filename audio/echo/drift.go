package echo

import (
	"math"

	"deskset/audio/spectrum"
)

const (
	// driftMost is how far two clocks may be apart: crystals differ by less than
	// 100 ppm, a sound server's own resampling by a little more.
	driftMost = 300e-6
	// driftGain is how fast the estimate follows: a lateness of one sample that
	// stays is taken for a drift of so many samples per second and second.
	driftGain = 2
	// driftFaint is what speaks against a lateness that rests on little echo.
	driftFaint = 500
)

// drift finds how much faster the loudspeaker's clock runs than the microphone's.
// A filter that has to follow a path that moves is always a little late: the
// estimate is turned against the echo by an angle that grows with frequency. What
// is found is undone where the reference is read, until nothing is late any more.
type drift struct {
	echo             spectrum.Bins
	estimate         [batch]float32
	turned, weighted float32
	rate             float64 // by how much more than one reference sample is read for each of the microphone's
}

func (d *drift) init() {
	d.echo = spectrum.NewBins(bins)
}

// learn looks at a batch.
func (d *drift) learn(f *filter, heard, errors []float32) {
	for i := range d.estimate {
		d.estimate[i] = heard[i] - errors[i]
	}
	f.spread(d.echo, d.estimate[:])
	var turned, weighted float32
	for k := 4; k < bins-32; k++ {
		w := float32(k) * (2 * math.Pi / window)
		believe := f.believe[k]
		turned += w * (f.sum.Im[k]*d.echo.Re[k] - f.sum.Re[k]*d.echo.Im[k])
		weighted += believe * w * w * d.echo.Power(k)
	}
	d.turned = 0.9*d.turned + 0.1*turned
	d.weighted = 0.9*d.weighted + 0.1*weighted
	late := float64(-d.turned / (d.weighted + driftFaint)) // samples
	d.rate -= driftGain * late * batch / coreRate / coreRate
	d.rate = min(max(d.rate, -driftMost), driftMost)
}
