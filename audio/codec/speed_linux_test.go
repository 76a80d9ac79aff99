package codec

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"deskset/audio/oracle"
)

// speedVoice is what the speed of coding is measured with: something like speech.
func speedVoice() []int16 { return syllables(opusRate) }

// BenchmarkEncode, BenchmarkDecode and BenchmarkLibrary: 20 ms of the same voice
// by us and by what others use, spandsp for G.711 and G.722, bcg729, libopus.
func BenchmarkEncode(b *testing.B) { bench(b, true) }
func BenchmarkDecode(b *testing.B) { bench(b, false) }

// bench reports how many times faster than real time packets of 20 ms are coded,
// by the processor's time.
func bench(b *testing.B, encode bool) {
	for _, name := range Names() {
		b.Run(string(name), func(b *testing.B) {
			info, _ := Lookup(name)
			c := info.New()
			size, voice := info.SampleRate/50, speedVoice()
			payload, out := make([]byte, 0, 2000), make([]int16, 0, 2000)
			var packets [][]byte
			for at := 0; at+size <= len(voice); at += size {
				packets = append(packets, c.Encode(nil, voice[at:at+size]))
			}
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			b.ReportAllocs()
			i, began := 0, oracle.ThreadTime()
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
			b.ReportMetric(0.020*float64(b.N)/(oracle.ThreadTime()-began).Seconds(), "x-real-time")
		})
	}
}

// BenchmarkLibrary is a process of its own for each codec.
func BenchmarkLibrary(b *testing.B) {
	program := oracle.Build(b, "testdata/speed.c", "bcg729", "spandsp", "opus")
	var voice []byte
	for _, s := range speedVoice() {
		voice = binary.LittleEndian.AppendUint16(voice, uint16(s))
	}
	for _, name := range Names() {
		b.Run(string(name), func(b *testing.B) {
			var encode, decode float64
			for b.Loop() {
				said := oracle.Run(b, voice, program, string(name), fmt.Sprint(opusBits))
				if _, err := fmt.Sscan(string(said), &encode, &decode); err != nil {
					b.Fatalf("%q: %v", said, err)
				}
			}
			b.ReportMetric(encode, "encode-x-real-time")
			b.ReportMetric(decode, "decode-x-real-time")
			b.ReportMetric(0, "ns/op")
		})
	}
}
