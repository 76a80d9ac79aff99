package g729

// The algebraic codebook of section 3.8: four pulses, each on a track of its
// own, the last on one of two.

// pulses is an entry of the codebook: positions and signs (1 or -1).
type pulses struct {
	at   [4]int
	sign [4]float64
}

// codewords are C and S, equations 61 and 62.
func (p *pulses) codewords() (positions, signs uint16) {
	for i, at := range p.at {
		if p.sign[i] > 0 {
			signs |= 1 << i
		}
		if i < 3 {
			positions |= uint16(at/5) << (3 * i)
		}
	}
	return positions | uint16(2*(p.at[3]/5)+p.at[3]%5-3)<<9, signs
}

// pulseSearch holds what the choice goes by: how well a pulse at each position
// fits the target (equation 52, made positive by its sign), and what a pair of
// pulses has in common (equations 51, 56 and 57).
type pulseSearch struct {
	fit  [subframeSamples]float64
	sign [subframeSamples]float64
	// phi of position i and the k-th position of a track.
	phi [subframeSamples][tracks][trackPositions]float64
	// alone is phi of a position with itself.
	alone [subframeSamples]float64
}

const (
	tracks         = 5
	trackPositions = subframeSamples / tracks
)

// prepare takes the target without the pitch, and the impulse response with it.
func (s *pulseSearch) prepare(target, h *[subframeSamples]float64) {
	backwardFilter(&s.fit, target, h)
	for n, d := range s.fit {
		s.sign[n] = 1
		if d < 0 {
			s.sign[n], s.fit[n] = -1, -d
		}
	}
	// Along a diagonal phi grows by one product from its lower end.
	sum := 0.0
	for k, x := range h {
		sum += x * x
		s.alone[subframeSamples-1-k] = sum / 2
	}
	for apart := 1; apart < subframeSamples; apart++ {
		sum := 0.0
		for k, x := range h[apart:] {
			i, j := subframeSamples-1-apart-k, subframeSamples-1-k
			sum += x * h[k]
			signed := sum * s.sign[i] * s.sign[j]
			s.phi[i][j%tracks][j/tracks], s.phi[j][i%tracks][i/tracks] = signed, signed
		}
	}
}

// backwardFilter correlates a target with an impulse response: equation 52, and
// the backward filtered target of equation A.7.
func backwardFilter(out, target, h *[subframeSamples]float64) {
	for n := range out {
		out[n] = dot(target[n:], h[:])
	}
}

// trunks are the ways to begin the depth-first search of section A.3.8.1: first a
// pair of tracks, then the two others.
var trunks = [...][4]int{
	{2, 3, 0, 1}, {2, 4, 0, 1}, {3, 0, 1, 2}, {4, 0, 1, 2},
}

// best searches the tree. From each position on the first track it goes on to the
// best partner on the second one, and from there to every pair on the other two
// tracks: an eighth of the codebook, 0.01 dB short of all of it on speech.
func (s *pulseSearch) best() (p pulses) {
	var at [4]int
	bestFit, bestEnergy := -1.0, 1.0
	for _, order := range trunks {
		for first := order[0]; first < subframeSamples; first += tracks {
			second := s.partner(first, order[1])
			fit, energy, third, fourth := s.otherPair(first, second, order[2], order[3])
			if fit*fit*bestEnergy > bestFit*energy {
				bestFit, bestEnergy = fit*fit, energy
				at = [4]int{first, second, third, fourth}
			}
		}
	}
	for _, n := range at {
		i := min(n%5, 3)
		p.at[i], p.sign[i] = n, s.sign[n]
	}
	return p
}

// partner is the position on a track that goes best with a first pulse.
func (s *pulseSearch) partner(first, track int) (best int) {
	bestFit, bestEnergy := -1.0, 1.0
	for k, common := range &s.phi[first][track] {
		n := track + tracks*k
		fit := s.fit[first] + s.fit[n]
		energy := s.alone[first] + s.alone[n] + common
		if fit*fit*bestEnergy > bestFit*energy {
			bestFit, bestEnergy, best = fit*fit, energy, n
		}
	}
	return best
}

// otherPair is equations 58 and 59 for two pulses that stand and every pair on
// the other two tracks.
func (s *pulseSearch) otherPair(first, second, trackA, trackB int) (fit, energy float64, atA, atB int) {
	var energyB, fitB [trackPositions]float64
	for k := range energyB {
		n := trackB + tracks*k
		energyB[k] = s.alone[n] + s.phi[first][trackB][k] + s.phi[second][trackB][k]
		fitB[k] = s.fit[n]
	}
	standingFit := s.fit[first] + s.fit[second]
	standing := s.alone[first] + s.alone[second] + s.phi[first][second%tracks][second/tracks]
	best := -1.0
	energy = 1
	for i := range trackPositions {
		a := trackA + tracks*i
		fitA := standingFit + s.fit[a]
		energyA := standing + s.alone[a] + s.phi[first][trackA][i] + s.phi[second][trackA][i]
		for k, common := range &s.phi[a][trackB] {
			f := fitA + fitB[k]
			e := energyA + energyB[k] + common
			if f*f*energy > best*e {
				best, fit, energy = f*f, f, e
				atA, atB = a, trackB+tracks*k
			}
		}
	}
	return fit, energy, atA, atB
}
