package codec

import (
	"bytes"
	"testing"
)

func TestCodecsAppendAndAllocateNothing(t *testing.T) {
	for _, name := range Names() {
		info, _ := Lookup(name)
		c := info.New()
		pcm := make([]int16, info.SampleRate/50)
		payload, out := make([]byte, 0, maxOpusFrame), make([]int16, 0, len(pcm))
		if n := testing.AllocsPerRun(100, func() {
			payload = c.Encode(payload[:0], pcm)
			out, _ = c.Decode(out[:0], payload)
		}); n != 0 {
			t.Errorf("%s: %v allocations per frame, want 0", name, n)
		}
		if got := c.Encode([]byte{1, 2}, pcm); !bytes.HasPrefix(got, []byte{1, 2}) {
			t.Errorf("%s: Encode does not append", name)
		}
	}
}

func BenchmarkEncode(b *testing.B) { bench(b, true) }
func BenchmarkDecode(b *testing.B) { bench(b, false) }

// bench reports the time for 20 ms of something like speech, and how many times
// faster than it lasts that is.
func bench(b *testing.B, encode bool) {
	for _, name := range Names() {
		b.Run(string(name), func(b *testing.B) {
			info, _ := Lookup(name)
			c := info.New()
			size, voice := info.SampleRate/50, syllables(opusRate)
			payload, out := make([]byte, 0, 2000), make([]int16, 0, 2000)
			var packets [][]byte
			for at := 0; at+size <= len(voice); at += size {
				packets = append(packets, c.Encode(nil, voice[at:at+size]))
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if i++; i == len(packets) {
					i = 0
				}
				if encode {
					payload = c.Encode(payload[:0], voice[i*size:(i+1)*size])
				} else {
					out, _ = c.Decode(out[:0], packets[i])
				}
			}
			b.ReportMetric(0.020*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
		})
	}
}
