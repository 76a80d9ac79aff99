package echo

import (
	"runtime"
	"testing"

	"deskset/audio/mix"
	"deskset/audio/oracle"
)

// BenchmarkCanceller is all that the two callbacks do with 10 ms of 48 kHz, and
// beside it what speexdsp takes at 16 kHz alone.
func BenchmarkCanceller(b *testing.B) {
	sig := scenes[1].play(b, coreRate)
	far, mic := upsampled(sig.far), upsampled(sig.mic)
	b.Run("deskset", func(b *testing.B) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		c := New()
		c.Set(Settings{Echo: true, Noise: true})
		b.ReportAllocs()
		began, at, n := oracle.ThreadTime(), 0, 0
		block := make([]float32, mix.Rate/100)
		for b.Loop() {
			at = (at + len(block)) % (len(far) - len(block))
			c.Far(far[at : at+len(block)])
			copy(block, mic[at:])
			c.Near(block)
			n++
		}
		b.ReportMetric(float64((oracle.ThreadTime()-began).Microseconds())/float64(n), "cpu-us/10ms")
	})
	b.Run("speexdsp", func(b *testing.B) {
		program := oracle.Build(b, "testdata/speexdsp.c", "speexdsp")
		_, us := sig.speex(b, program, 256, 1)
		for b.Loop() {
		}
		b.ReportMetric(us, "cpu-us/10ms")
	})
}
