package stream

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// tallied judges a row of packets: '.' is good, 'x' lost, 'd' discarded.
func tallied(row string) (t tally) {
	for _, c := range row {
		t.judge(c != 'x', c == 'd')
	}
	return t
}

func good(n int) string { return strings.Repeat(".", n) }

// TestBurstsAndGaps: RFC 3611 section 4.7.2, by rows that one can count.
func TestBurstsAndGaps(t *testing.T) {
	for _, c := range []struct {
		row  string
		want pattern
	}{
		{good(100), pattern{gapMean: 100, ratio: 1}},
		{good(40) + "x" + good(59), pattern{gapDensity: 0.01, gapMean: 100, ratio: 1}},
		// One packet short of a gap: a burst of 17 packets.
		{good(40) + "x" + good(15) + "d" + good(43), pattern{burstDensity: 2.0 / 17, burstMean: 17, gapMean: 83.0 / 2, ratio: 1}},
		// Gmin good ones between: two single losses.
		{good(40) + "x" + good(16) + "d" + good(42), pattern{gapDensity: 0.02, gapMean: 100, ratio: 1}},
		{"xxxx" + good(96), pattern{burstDensity: 1, burstMean: 4, gapMean: 96, ratio: 4 * 0.96}},
		{good(96) + "xddx", pattern{burstDensity: 1, burstMean: 4, gapMean: 96, ratio: 4 * 0.96}},
		{good(30) + "xx" + good(20) + "x" + good(20) + "xxxx" + good(23), pattern{burstDensity: 1, burstMean: 3, gapDensity: 1.0 / 94, gapMean: 94.0 / 3, ratio: 7.0 / 3 * 0.93}},
	} {
		p := tallied(c.row).pattern()
		for _, v := range [][2]float64{{p.burstDensity, c.want.burstDensity}, {p.gapDensity, c.want.gapDensity}, {p.burstMean, c.want.burstMean}, {p.gapMean, c.want.gapMean}, {p.ratio, c.want.ratio}} {
			if math.Abs(v[0]-v[1]) > 1e-9 {
				t.Errorf("%s\n %+v, want %+v", c.row, p, c.want)
				break
			}
		}
	}
}

// TestRandomLossHasRatioOne: and a chain of two states has 1/(p+q) (G.107
// section 7.5).
func TestRandomLossHasRatioOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	chain := func(p, q float64) (t tally) {
		lost := false
		for range 200000 {
			if lost {
				lost = r.Float64() >= q
			} else {
				lost = r.Float64() < p
			}
			t.judge(!lost, false)
		}
		return t
	}
	for _, c := range []struct{ p, q float64 }{{0.05, 0.95}, {0.02, 0.5}, {0.01, 0.2}} {
		got, want := chain(c.p, c.q).pattern().ratio, 1/(c.p+c.q)
		if math.Abs(got-max(1, want)) > 0.08*want {
			t.Errorf("%v: ratio %.2f, want %.2f", c, got, want)
		}
	}
}

// TestLateAndReorderedPacketsAreJudgedOnce feeds a source out of order: what came
// in the end is not lost, what was thrown away is discarded.
func TestLateAndReorderedPacketsAreJudgedOnce(t *testing.T) {
	var s source
	s.known = true
	s.begin(65500, 0)
	for i := 1; i < 400; i++ {
		n := uint16(65500 + i)
		switch {
		case i == 100: // comes five places later
		case i == 105:
			s.sequence(n, 0)
			s.sequence(n-5, 0)
		case i%50 == 20: // lost
		default:
			s.sequence(n, 0)
		}
		if i == 200 {
			s.losses.late(s.seen, 2)
		}
	}
	got := s.losses.read()
	if got.total != 400-patience || got.lost != 7 || got.discarded != 2 || s.lost.Load() != 8 {
		t.Errorf("%+v, %d lost in all", got, s.lost.Load())
	}
	if p := got.pattern(); p.burstMean != 2 || p.burstDensity != 1 {
		t.Errorf("%+v", p)
	}
}
