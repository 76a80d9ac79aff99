package mix

import (
	"math"
	"testing"
)

// drive lets a card put and another take, of which one runs by a clock that is
// wrong by so much, for so many seconds; it gives what came out.
func drive(c *Crossing, wrong float64, putBlock, takeBlock int, seconds int, say func(n int) float32) []float32 {
	var heard []float32
	put, due := 0, 0.0
	src, dst := make([]float32, putBlock), make([]float32, takeBlock)
	for taken := 0; taken < seconds*Rate; taken += takeBlock {
		due += float64(takeBlock) * (1 + wrong)
		for ; float64(put) < due; put += putBlock {
			for i := range src {
				src[i] = say(put + i)
			}
			c.Put(src)
		}
		c.Take(dst)
		heard = append(heard, dst...)
	}
	return heard
}

func sound(hz float64) func(int) float32 {
	return func(n int) float32 { return float32(0.5 * math.Sin(2*math.Pi*hz*float64(n)/Rate)) }
}

// roughest is the largest step between two samples: more than the sine's own is
// a click.
func roughest(block []float32) (most float64) {
	for i := 1; i < len(block); i++ {
		most = max(most, math.Abs(float64(block[i]-block[i-1])))
	}
	return most
}

func TestCrossingKeepsUpWithClocksThatDiffer(t *testing.T) {
	for _, wrong := range []float64{0, 300e-6, -300e-6} {
		for _, blocks := range [][2]int{{240, 240}, {480, 240}, {240, 480}, {960, 480}, {441, 480}} {
			var c Crossing
			heard := drive(&c, wrong, blocks[0], blocks[1], 40, sound(1000))
			steady := heard[2*Rate:]
			if step, own := roughest(steady), 0.5*2*math.Pi*1000/Rate; step > 1.05*own {
				t.Errorf("clock wrong by %g, blocks %v: a step of %.4f where the sine has %.4f", wrong, blocks, step, own)
			}
			if waits := int(c.in.Load() - c.out.Load()); waits > Rate/20 {
				t.Errorf("clock wrong by %g, blocks %v: %d samples wait in the end", wrong, blocks, waits)
			}
		}
	}
}

func TestCrossingIsSilentUntilSomethingComesAndAfterwards(t *testing.T) {
	var c Crossing
	dst := []float32{1, 1, 1}
	c.Take(dst)
	if dst[0] != 0 || dst[2] != 0 {
		t.Error("something out of nothing")
	}
	drive(&c, 0, 240, 240, 1, sound(500))
	for range 100 {
		dst = make([]float32, 240)
		c.Take(dst)
	}
	if roughest(dst) != 0 {
		t.Error("it goes on although nothing came")
	}
	// A card that nobody takes from does no harm, and afterwards little waits.
	for range 1000 {
		c.Put(dst)
	}
	heard := drive(&c, 0, 240, 240, 3, sound(500))
	if roughest(heard[2*Rate:]) == 0 {
		t.Error("it does not begin again")
	}
	if waits := int(c.in.Load() - c.out.Load()); waits > Rate/5 {
		t.Errorf("%d samples wait", waits)
	}
}

func TestCrossingAllocatesNothing(t *testing.T) {
	c := &Crossing{bend: 1}
	block := make([]float32, 480)
	if n := testing.AllocsPerRun(1000, func() { c.Put(block); c.Take(block) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
