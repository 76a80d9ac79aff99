package echo

// leakBand is how many bins share an estimate: 500 Hz.
const (
	leakBand  = 8
	leakBands = (frameBins + leakBand - 1) / leakBand
	// Powers are smoothed over 60 ms.
	leakFade = 0.96
	// A part that was too high falls quickly, for only echo alone can be that
	// low; it rises by 4 dB in a second, as a person who talks raises it too.
	leakFall                       = 0.04
	leakRise                       = 1.0023
	leastLeak, mostLeak, firstLeak = 0.0003, 1, 0.3
)

// leakage estimates what part of the echo's estimate is left behind the filter:
// what lies beyond its length, what bends in the loudspeaker, what has moved.
type leakage struct {
	rest, echo, parts [leakBands]float32
}

func (l *leakage) init() {
	for b := range l.parts {
		l.parts[b] = firstLeak
	}
}

func (l *leakage) part(k int) float32 { return l.parts[k/leakBand] }

// learn takes a frame's powers.
func (l *leakage) learn(rest, echo []float32) {
	for b := range l.parts {
		var r, e float32
		for k := b * leakBand; k < min((b+1)*leakBand, len(rest)); k++ {
			r += rest[k]
			e += echo[k]
		}
		l.rest[b] = leakFade*l.rest[b] + (1-leakFade)*r
		l.echo[b] = leakFade*l.echo[b] + (1-leakFade)*e
		if l.echo[b] < leakBand*1e-7 || e < 0.1*l.echo[b] {
			continue // nothing to learn from
		}
		now, p := l.rest[b]/l.echo[b], &l.parts[b]
		if now < *p {
			*p += leakFall * (now - *p)
		} else {
			*p *= leakRise
		}
		*p = min(max(*p, leastLeak), mostLeak)
	}
}

// reopen takes what is left now for echo: the path has changed.
func (l *leakage) reopen() {
	for b := range l.parts {
		l.parts[b] = max(l.parts[b], min(mostLeak, l.rest[b]/(l.echo[b]+tiny)))
	}
}
