package jitter

import "math"

// searchRate is where a pitch period is looked for first; at higher rates that
// takes much longer and tells no more.
const searchRate = 8000

// search finds by how much a piece of voice must be shifted to be like itself.
type search struct {
	step int       // samples for each of the first search
	low  []float32 // what it sees
}

func newSearch(rate, longest int) search {
	step := max(1, rate/searchRate)
	return search{step: step, low: make([]float32, longest/step+1)}
}

// alike tells how alike voice and its shifted self are, -1 to 1.
type alike func(x []float32, lag, template int) float32

// best gives the lag between shortest and longest at which x is most like
// itself, and more so than least; 0 if there is none.
func (s *search) best(like alike, x []float32, template, shortest, longest int, least float32) int {
	if s.step > 1 {
		const anything = -2
		found := scan(like, s.lower(x), template/s.step, max(1, shortest/s.step), longest/s.step, anything)
		shortest, longest = max(shortest, (found-1)*s.step), min(longest, (found+1)*s.step)
	}
	return scan(like, x, template, shortest, longest, least)
}

// lower is x at the rate of the first search, each sample the sum of those that
// it stands for.
func (s *search) lower(x []float32) []float32 {
	n := min(len(x)/s.step, len(s.low))
	x = x[len(x)-n*s.step:]
	for i := range n {
		sum := float32(0)
		for _, v := range x[i*s.step : (i+1)*s.step] {
			sum += v
		}
		s.low[i] = sum
	}
	return s.low[:n]
}

func scan(like alike, x []float32, template, shortest, longest int, least float32) int {
	best := 0
	for lag := shortest; lag <= longest; lag++ {
		if v := like(x, lag, template); v > least {
			best, least = lag, v
		}
	}
	return best
}

// tail compares the last samples of x, a template, with those a lag before.
func tail(x []float32, lag, template int) float32 {
	return likeness(x[len(x)-template:], x[len(x)-template-lag:len(x)-lag])
}

// head compares the first lag samples of x with the next ones.
func head(x []float32, lag, _ int) float32 {
	if len(x) < 2*lag {
		return -1
	}
	return likeness(x[:lag], x[lag:2*lag])
}

// likeness is the correlation of two pieces of equal length, -1 to 1.
func likeness(a, b []float32) float32 {
	var ab, aa, bb float32
	b = b[:len(a)]
	for i, v := range a {
		ab += v * b[i]
		aa += v * v
		bb += b[i] * b[i]
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / float32(math.Sqrt(float64(aa)*float64(bb)))
}

func rms(x []float32) float32 {
	var sum float32
	for _, v := range x {
		sum += v * v
	}
	return float32(math.Sqrt(float64(sum / float32(max(1, len(x))))))
}
