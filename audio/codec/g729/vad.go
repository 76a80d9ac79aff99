package g729

import "math"

// detector decides frame by frame whether there is voice, section B.3. Energies
// are in dB, LSF in cycles per sample (0 to 0.5), zero crossings a share of the
// samples. Table B.1 prints the constants as the integers of the fixed-point
// program without their scale; in these units they are round numbers: T3 to T6
// are 2 and 3 dB, b5 is -4.7 dB.
type detector struct {
	frames int

	// Running averages of the background.
	energy, lowEnergy, crossings float64
	lsf                          [order]float64
	loud                         int // frames that the first averages are made of
	updates                      int // Cn

	minima  [minimumSegments]float64 // of the energy, one per segment of frames
	minimum float64                  // Emin

	before    float64 // energy of the previous frame
	voice     [2]bool // smoothed decisions on the two previous frames
	mayExtend bool    // Fvd
	extended  int     // Ce
	quiet     int     // Cs

	run, tail int // frames of voice, and to hold on after it
}

const (
	startFrames     = 32  // Ni
	minimumFrames   = 128 // N0
	minimumSegments = 16
	leastEnergy     = 15 // dB, of frames that may be voice

	tailAfter, tailFrames = 3, 6
)

func newDetector() detector {
	return detector{minimum: math.Inf(1), voice: [2]bool{true, true}, mayExtend: true}
}

// lowBandEnergy weighs the correlations for equation B.2: a quadratic form of a
// Toeplitz matrix needs only the filter's own correlations.
func lowBandEnergy(r *[correlations]float64) float64 {
	sum := r[0] * float64(lowBand[0])
	for k := 1; k < correlations; k++ {
		sum += 2 * r[k] * float64(lowBand[k])
	}
	return max(sum/(1<<15), 1e-3)
}

// features are what B.3.1 takes from a frame.
type features struct {
	energy, low, crossings float64
	lsf                    [order]float64
}

func extract(a *analysis, present *[order + frameSamples]float64) (f features) {
	f.energy = 10 * math.Log10(a.r[0]/windowSamples)
	f.low = 10 * math.Log10(lowBandEnergy(&a.r)/windowSamples)
	for i, w := range a.lsf {
		f.lsf[i] = w / (2 * math.Pi)
	}
	count := 0
	for n, s := range present[order:] {
		if (s < 0) != (present[order+n-1] < 0) {
			count++
		}
	}
	f.crossings = float64(count) / frameSamples
	return f
}

// decide says whether the present frame is voice.
func (d *detector) decide(a *analysis, present *[order + frameSamples]float64) bool {
	f := extract(a, present)
	d.trackMinimum(f.energy)
	voice := false
	if d.frames < startFrames {
		voice = d.start(&f)
	} else {
		voice = d.smooth(&f, d.initial(&f))
		d.update(&f)
	}
	voice = voice && f.energy > leastEnergy
	d.frames++
	d.before = f.energy
	d.voice[1], d.voice[0] = d.voice[0], voice
	return d.withTail(voice)
}

// withTail holds on after voice. The Recommendation does not; what is weaker than
// the noise at the end of a word is worth more than the bits.
func (d *detector) withTail(voice bool) bool {
	if voice {
		if d.run++; d.run >= tailAfter {
			d.tail = tailFrames
		}
		return true
	}
	d.run = 0
	if d.tail == 0 {
		return false
	}
	d.tail--
	return true
}

// trackMinimum is section B.3.3.
func (d *detector) trackMinimum(energy float64) {
	const segment = minimumFrames / minimumSegments
	at := d.frames / segment % minimumSegments
	if d.frames%segment == 0 {
		d.minima[at] = energy
	}
	d.minima[at] = min(d.minima[at], energy)
	d.minimum = math.Inf(1)
	for _, m := range d.minima[:min(d.frames/segment+1, minimumSegments)] {
		d.minimum = min(d.minimum, m)
	}
}

// start is section B.3.2.
func (d *detector) start(f *features) bool {
	loud := f.energy > leastEnergy
	if loud {
		d.loud++
		share := 1 / float64(d.loud)
		d.energy += share * (f.energy - d.energy)
		d.crossings += share * (f.crossings - d.crossings)
		for i := range d.lsf {
			d.lsf[i] += share * (f.lsf[i] - d.lsf[i])
		}
	}
	if d.frames == startFrames-1 {
		mean := d.energy
		switch {
		case mean <= 50:
			d.lowEnergy = mean - 4
		case mean < 55:
			d.energy, d.lowEnergy = mean-5, mean-7
		default:
			d.energy, d.lowEnergy = mean-10, mean-12
		}
	}
	return loud
}

// initial is the decision of section B.3.5: any of the fourteen boundaries, in the
// order of the text. Differences are background less present there.
func (d *detector) initial(f *features) bool {
	spectrum := 0.0
	for i := range d.lsf {
		x := f.lsf[i] - d.lsf[i]
		spectrum += x * x
	}
	energy, low := d.energy-f.energy, d.lowEnergy-f.low
	crossings := d.crossings - f.crossings
	return spectrum > 0.0014*crossings+0.00085 ||
		spectrum > -0.0036364*crossings+0.00115909 ||
		energy < -20*crossings-5 ||
		energy < 16*crossings-6 ||
		energy < -4.7 ||
		energy < 8800*spectrum-12 ||
		spectrum > 0.0009 ||
		energy < 20*crossings-7 ||
		energy < -23.27273*crossings-4.81818 ||
		energy < -5.3 ||
		low < 14000*spectrum-16.5 ||
		low > 0.928571*energy+1.142857 ||
		low < -1.5*energy-9 ||
		low < 0.714286*energy-2.142857
}

// smooth is section B.3.6.
func (d *detector) smooth(f *features, initial bool) bool {
	voice, hangover := initial, false
	if !initial && d.voice[0] && f.energy > d.energy+2 {
		voice, hangover = true, true
	}
	if d.mayExtend && !initial && d.voice[0] && d.voice[1] && math.Abs(f.energy-d.before) <= 3 {
		voice, hangover = true, true
		if d.extended++; d.extended > 4 {
			d.mayExtend, d.extended = false, 0
		}
	} else {
		d.mayExtend = true
	}
	if !voice {
		d.quiet++
	}
	if voice && d.quiet > 10 && f.energy-d.before <= 3 {
		voice, d.quiet = false, 0
	}
	if voice {
		d.quiet = 0
	}
	if f.energy < d.energy+3 && d.frames > minimumFrames && !hangover {
		voice = false
	}
	return voice
}

// forget holds the coefficients of equation B.8 by how often the averages were
// updated: energies, crossings, LSF. The text asks for such a table and does not
// print it; this one learns a background in half a second and follows it in two.
var forget = [...]struct {
	below                 int
	energy, crossing, lsf float64
}{
	{20, 0.75, 0.8, 0.6},
	{40, 0.95, 0.95, 0.7},
	{60, 0.98, 0.97, 0.75},
	{math.MaxInt, 0.995, 0.995, 0.8},
}

// update is section B.3.7.
func (d *detector) update(f *features) {
	if f.energy < d.energy+3 {
		step := 0
		for d.updates >= forget[step].below {
			step++
		}
		k := &forget[step]
		d.updates++
		d.energy += (1 - k.energy) * (f.energy - d.energy)
		d.lowEnergy += (1 - k.energy) * (f.low - d.lowEnergy)
		d.crossings += (1 - k.crossing) * (f.crossings - d.crossings)
		for i := range d.lsf {
			d.lsf[i] += (1 - k.lsf) * (f.lsf[i] - d.lsf[i])
		}
	}
	if d.frames > minimumFrames && d.energy < d.minimum {
		d.energy, d.updates = d.minimum, 0
	}
}
