// Package emodel estimates how a call sounds to a person: the E-model of ITU-T
// G.107, with what a telephone can know of the way: delay, lost packets and the
// codec. Everything else keeps the defaults of G.107 table 2.
//
//	r := emodel.Rating(emodel.Conditions{OneWay: 80 * time.Millisecond, Ie: 11, Bpl: 19, Loss: 2})
//	mos := emodel.MOS(r)
package emodel

import (
	"math"
	"time"
)

// Conditions of one direction of a call.
type Conditions struct {
	// OneWay is from mouth to ear; RoundTrip is what an echo takes, twice that if
	// it is 0.
	OneWay, RoundTrip time.Duration
	// Ie and Bpl are the codec's (ITU-T G.113 appendix I): the impairment without
	// loss, and how robust it is against loss.
	Ie, Bpl float64
	// Loss is the percentage of packets that were not played: lost ones and those
	// that came too late.
	Loss float64
	// BurstRatio is the mean length of losses in a row, over that of the same loss
	// at random; 0 means 1.
	BurstRatio float64
}

// Defaults of G.107 table 2.
const (
	slr  = 8.0   // sending loudness rating
	rlr  = 2.0   // receiving loudness rating
	stmr = 15.0  // side tone masking rating
	dr   = 3.0   // D-value of the receiving side
	ds   = 3.0   // D-value of the sending side
	telr = 65.0  // talker echo loudness rating
	wepl = 110.0 // weighted echo path loss
	qdu  = 1.0   // quantising distortion units
	nc   = -70.0 // circuit noise
	nfor = -64.0 // noise floor of the receiving side
	ps   = 35.0  // room noise of the sending side
	pr   = 35.0  // room noise of the receiving side
	olr  = slr + rlr
	lstr = stmr + dr
)

// Rating is R: 93.2 at best, below 50 nobody wants it (G.107 section 7.1, annex
// B).
func Rating(c Conditions) float64 {
	one := milliseconds(c.OneWay)
	round := milliseconds(c.RoundTrip)
	if round == 0 {
		round = 2 * one
	}
	no := noise()
	ro := 15 - 1.5*(slr+no)
	return ro - simultaneous(one, no, ro) - delayed(one, round, no, ro) - equipment(c)
}

// Listening is R without what delay does to a conversation: of what is heard only.
func Listening(c Conditions) float64 {
	c.OneWay, c.RoundTrip = 0, 0
	return Rating(c)
}

// MOS is the mean opinion score of a rating, 1 to 4.5 (G.107 annex B). The curve
// falls below 1 near the bottom, where it means 1.
func MOS(r float64) float64 {
	switch {
	case !(r > 0):
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}

func milliseconds(d time.Duration) float64 {
	return float64(max(0, d)) / float64(time.Millisecond)
}

// noise is No, the sum of all noise in dBm0p (section 7.2).
func noise() float64 {
	nos := ps - slr - ds - 100 + 0.004*square(ps-olr-ds-14)
	pre := pr + 10*math.Log10(1+power((10-lstr)/10))
	nor := rlr - 121 + pre + 0.008*square(pre-35)
	nfo := nfor + rlr
	return 10 * math.Log10(power(nc/10)+power(nos/10)+power(nor/10)+power(nfo/10))
}

// simultaneous is Is: what disturbs at the same time as the voice (section 7.3).
func simultaneous(t, no, ro float64) float64 {
	xolr := olr + 0.2*(64+no-rlr)
	iolr := 20 * (root(8, 1+math.Pow(xolr/8, 8)) - xolr/8)

	s := -10 * math.Log10(power(-stmr/10)+math.Exp(-t/4)*power(-telr/10))
	ist := 12*root(8, 1+math.Pow((s-13)/6, 8)) - 28*root(35, 1+math.Pow((s+1)/19.4, 35)) -
		13*root(13, 1+math.Pow((s-3)/33, 13)) + 29

	q := 37 - 15*math.Log10(qdu)
	g := 1.07 + 0.258*q + 0.0602*q*q
	y := (ro-100)/15 + 46/8.4 - g/9
	z := 46.0/30 - g/40
	return iolr + ist + 15*math.Log10(1+power(y)+power(z))
}

// delayed is Id: echo to the talker and to the listener, and delay itself
// (section 7.4). STMR is within the range in which side tone neither hides nor
// makes echo.
func delayed(t, round, no, ro float64) float64 {
	roe := -1.5 * (no - rlr)
	terv := telr - 40*math.Log10((1+t/10)/(1+t/150)) + 6*math.Exp(-0.3*t*t)
	re := 80 + 2.5*(terv-14)
	talker := 0.0
	if t >= 1 {
		talker = ((roe-re)/2 + math.Sqrt(square(roe-re)/4+100) - 1) * (1 - math.Exp(-t))
	}
	rle := 10.5 * (wepl + 7) * math.Pow(round+1, -0.25)
	listener := (ro-rle)/2 + math.Sqrt(square(ro-rle)/4+169)
	return talker + listener + absolute(t)
}

// absolute is Idd: delay even where echo is perfectly cancelled.
func absolute(t float64) float64 {
	if t <= 100 {
		return 0
	}
	x := math.Log2(t / 100)
	return 25 * (root(6, 1+math.Pow(x, 6)) - 3*root(6, 1+math.Pow(x/3, 6)) + 2)
}

// equipment is Ie,eff: the codec under loss (section 7.5).
func equipment(c Conditions) float64 {
	loss := min(max(c.Loss, 0), 100)
	if loss == 0 {
		return c.Ie
	}
	return c.Ie + (95-c.Ie)*loss/(loss/max(c.BurstRatio, 1)+max(c.Bpl, 1))
}

func square(x float64) float64  { return x * x }
func power(x float64) float64   { return math.Pow(10, x) }
func root(n, x float64) float64 { return math.Pow(x, 1/n) }
