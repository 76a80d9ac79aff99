package pace

import (
	"math/rand/v2"
	"testing"
	"time"
)

// card is a sound card: it asks for a period each time that as much has been
// played, late by chance, and what comes too late leaves a hole.
type card struct {
	Pace
	at     time.Duration // when the card needs the next block
	period int
	drift  float64 // parts
	random *rand.Rand
	lost   int
	steps  int
}

func newCard(period int) *card {
	return &card{period: period, random: rand.New(rand.NewPCG(1, uint64(period)))}
}

// run lets callbacks be late by up to a time.
func (c *card) run(length, late time.Duration) {
	for end := c.at + length; c.at < end; {
		c.at += time.Duration(float64(c.period) / Rate * (1 + c.drift) * float64(time.Second))
		at := c.at
		if late > 0 {
			at += time.Duration(c.random.Int64N(int64(late)))
		}
		if lost := c.Moved(at, c.period); lost != 0 {
			c.lost += lost
			c.steps++
		}
	}
}

func TestLateCallbacksAreNoLoss(t *testing.T) {
	for _, drift := range []float64{0, 200e-6, -200e-6} {
		c := newCard(240)
		c.drift = drift
		c.run(10*time.Minute, 8*time.Millisecond)
		if c.steps != 0 {
			t.Errorf("drift %g: %d steps, %d samples although nothing was lost", drift, c.steps, c.lost)
		}
	}
}

func TestHolesAreMeasured(t *testing.T) {
	for _, period := range []int{60, 240, 480} {
		c := newCard(period)
		c.run(time.Second, time.Millisecond)
		for _, hole := range []time.Duration{3 * time.Millisecond, 7 * time.Millisecond, 90 * time.Millisecond} {
			c.lost, c.steps = 0, 0
			c.at += hole
			c.run(time.Second, time.Millisecond)
			want := int(samples(hole))
			if c.steps == 0 || c.lost < want-60 || c.lost > want+60 {
				t.Errorf("period %d: %d samples lost in %d steps, want %d in one", period, c.lost, c.steps, want)
			}
		}
	}
}

// A deeper buffer is filled at once: the device leaps ahead.
func TestLeapIsMeasured(t *testing.T) {
	c := newCard(240)
	c.run(time.Second, time.Millisecond)
	for range 2 {
		if lost := c.Moved(c.at+time.Millisecond, 240); lost != 0 {
			t.Errorf("%d samples lost at once", lost)
		}
	}
	c.run(time.Second, time.Millisecond)
	if c.lost > -420 || c.lost < -540 {
		t.Errorf("%d samples lost, want -480", c.lost)
	}
}

func TestPauseIsNoLoss(t *testing.T) {
	c := newCard(240)
	c.run(time.Second, time.Millisecond)
	c.at += time.Minute
	c.run(time.Second, time.Millisecond)
	if c.steps != 0 {
		t.Errorf("%d samples lost in a pause", c.lost)
	}
}

func TestMovedDoesNotAllocate(t *testing.T) {
	c := newCard(240)
	if n := testing.AllocsPerRun(1000, func() { c.run(5*time.Millisecond, 0) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
