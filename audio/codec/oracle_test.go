package codec_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"deskset/audio/codec"
	"deskset/audio/oracle"
	"deskset/audio/quality"
	"deskset/audio/quality/speech"
)

func raw(pcm []int16) []byte {
	b := make([]byte, 0, 2*len(pcm))
	for _, s := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func samples(raw []byte) []int16 {
	pcm := make([]int16, len(raw)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return pcm
}

// ffmpeg converts between formats of its own naming.
func ffmpeg(t *testing.T, in []byte, from, to []string) []byte {
	t.Helper()
	oracle.Need(t, "ffmpeg")
	args := append([]string{"-loglevel", "error"}, from...)
	args = append(append(append(args, "-i", "-"), to...), "-")
	return oracle.Run(t, in, "ffmpeg", args...)
}

var wholeVoice []float64 // it takes a while to make

// fullBand is so many seconds of speech at 48 kHz.
func fullBand(t *testing.T, seconds int) []float64 {
	t.Helper()
	if raced {
		t.Skip("one goroutine that computes for long: nothing to race")
	}
	if wholeVoice == nil {
		pcm := speech.Int16(speech.Espeak(t, 16000)[:8*16000])
		wholeVoice = speech.Floats(samples(ffmpeg(t, raw(pcm), []string{"-f", "s16le", "-ar", "16000", "-ac", "1"}, []string{"-ar", "48000", "-f", "s16le"})))
	}
	return wholeVoice[:min(len(wholeVoice), seconds*48000)]
}

// packets encodes a voice piece by piece.
func packets(t *testing.T, c codec.Codec, pcm []int16, size int) (list [][]byte) {
	t.Helper()
	for ; len(pcm) >= size; pcm = pcm[size:] {
		list = append(list, c.Encode(nil, pcm[:size]))
	}
	return list
}

// TestG722IsFFmpegs: both directions are the same to the bit, in packets of
// every size.
func TestG722IsFFmpegs(t *testing.T) {
	if raced {
		t.Skip("one goroutine that computes for long: nothing to race")
	}
	pcm := speech.Int16(speech.Espeak(t, 16000))
	linear := []string{"-f", "s16le", "-ar", "16000", "-ac", "1"}
	g722 := []string{"-f", "g722"}
	theirs := ffmpeg(t, raw(pcm), linear, append([]string{"-c:a", "g722"}, g722...))
	info, _ := codec.Lookup(codec.G722)
	for _, size := range []int{160, 320, 480, 962} {
		encoded := bytes.Join(packets(t, info.New(), pcm, size), nil)
		if !bytes.Equal(encoded, theirs[:len(encoded)]) {
			t.Errorf("packets of %d samples are not encoded as ffmpeg does", size)
		}
	}
	want := samples(ffmpeg(t, theirs, g722, linear))
	decoder := info.New()
	var got []int16
	for part := theirs; len(part) > 0; {
		n := min(len(part), 160)
		got, _ = decoder.Decode(got, part[:n])
		part = part[n:]
	}
	if n := min(len(got), len(want)); n < len(pcm)-64 || !bytes.Equal(raw(got[:n]), raw(want[:n])) {
		t.Errorf("%d samples are not decoded as ffmpeg does (%d)", len(got), len(want))
	}
}

const lost = 1<<16 - 1

// framed writes packets as the oracle reads them; nil is a lost one.
func framed(list [][]byte) (b []byte) {
	for _, p := range list {
		if p == nil {
			b = binary.BigEndian.AppendUint16(b, lost)
			continue
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(p))), p...)
	}
	return b
}

func unframed(b []byte) (list [][]byte) {
	for len(b) > 2 {
		n := 2 + int(binary.BigEndian.Uint16(b))
		list = append(list, b[2:n])
		b = b[n:]
	}
	return list
}

// snr of got against want in dB, both of one decoder's kind.
func snr(want, got []int16) float64 {
	var signal, noise float64
	for i, v := range want[:min(len(want), len(got))] {
		d := float64(v) - float64(got[i])
		signal, noise = signal+float64(v)*float64(v), noise+d*d
	}
	return 10 * math.Log10(signal/max(noise, 1e-9))
}

// heard is how much of a voice is understood, and how far its spectrum is off.
func heard(clean []float64, pcm []int16) (stoi, distance float64) {
	x, y, _ := quality.Align(clean, speech.Floats(pcm), 1000)
	return quality.STOI(x, y, 48000), quality.SpectralDistance(x, y, 48000)
}

func opusSize(ms int) (samples int, text string) { return 48 * ms, strconv.Itoa(48 * ms) }

// TestOpusOfLibopusDecodes: what libopus encodes we decode within 40 dB of what
// libopus makes of it, for narrow and full band, with and without redundancy.
func TestOpusOfLibopusDecodes(t *testing.T) {
	program := oracle.Build(t, "testdata/opus.c", "opus")
	voice := fullBand(t, 4)
	info, _ := codec.Lookup(codec.Opus)
	for _, c := range []struct {
		ms        int
		bits, fec string
	}{{10, "40000", "0"}, {20, "40000", "1"}, {20, "12000", "1"}, {20, "96000", "0"}, {40, "24000", "1"}, {60, "16000", "0"}} {
		_, size := opusSize(c.ms)
		coded := oracle.Run(t, raw(speech.Int16(voice)), program, "encode", size, c.bits, c.fec, "0")
		want := samples(oracle.Run(t, coded, program, "decode", size, "0"))
		var got []int16
		decoder := info.New()
		for _, p := range unframed(coded) {
			var err error
			if got, err = decoder.Decode(got, p); err != nil {
				t.Fatal(err)
			}
		}
		ratio := snr(want, got)
		t.Logf("%d ms %s bit/s: %.1f dB", c.ms, c.bits, ratio)
		if len(got) != len(want) || ratio < 40 {
			t.Errorf("%d ms, %s bit/s: %d samples of %d, %.1f dB", c.ms, c.bits, len(got), len(want), ratio)
		}
	}
}

// TestOpusIsAsGoodAsLibopus: our packets, decoded by libopus, are within 0.015
// STOI and 0.75 dB of spectral distance of libopus' own at the same bit rate.
func TestOpusIsAsGoodAsLibopus(t *testing.T) {
	program := oracle.Build(t, "testdata/opus.c", "opus")
	voice := fullBand(t, 4)
	pcm := speech.Int16(voice)
	info, _ := codec.Lookup(codec.Opus)
	for _, c := range []struct {
		ms   int
		bits string
		fec  int
	}{{10, "40000", 0}, {20, "24000", 1}, {40, "24000", 0}} {
		n, size := opusSize(c.ms)
		encoder := info.New()
		encoder.(codec.Tunable).Tune(codec.Fmtp("maxaveragebitrate=" + c.bits + ";useinbandfec=" + strconv.Itoa(c.fec)))
		ours := framed(packets(t, encoder, pcm, n))
		theirs := oracle.Run(t, raw(pcm), program, "encode", size, c.bits, strconv.Itoa(c.fec), "0")
		stoi, distance := heard(voice, samples(oracle.Run(t, ours, program, "decode", size, "0")))
		stoi2, distance2 := heard(voice, samples(oracle.Run(t, theirs, program, "decode", size, "0")))
		t.Logf("%d ms %s bit/s: STOI %.3f (libopus %.3f), distance %.2f dB (%.2f), %d bytes (%d)", c.ms, c.bits, stoi, stoi2, distance, distance2, len(ours), len(theirs))
		if stoi < stoi2-0.015 || distance > distance2+0.75 || len(ours) > len(theirs)*11/10 {
			t.Errorf("%d ms, %s bit/s: STOI %.3f, libopus %.3f; distance %.2f dB, %.2f; %d bytes, %d", c.ms, c.bits, stoi, stoi2, distance, distance2, len(ours), len(theirs))
		}
	}
}

// TestOpusRecoversAsLibopusDoes: at 10 % loss our concealment and the
// redundancy of the next packet leave no less than libopus' decoder does, and
// more than concealment alone.
func TestOpusRecoversAsLibopusDoes(t *testing.T) {
	program := oracle.Build(t, "testdata/opus.c", "opus")
	voice := fullBand(t, 8)
	info, _ := codec.Lookup(codec.Opus)
	n, size := opusSize(20)
	encoder := info.New()
	encoder.(codec.Tunable).Tune("useinbandfec=1")
	list := packets(t, encoder, speech.Int16(voice), n)
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range list {
		if i > 5 && dice.IntN(10) == 0 {
			list[i] = nil
		}
	}
	if list[len(list)-1] == nil {
		list[len(list)-1] = encoder.Encode(nil, make([]int16, n))
	}
	theirs, _ := heard(voice, samples(oracle.Run(t, framed(list), program, "decode", size, "1")))
	ours, _ := heard(voice, play(info.New(), list, n, true))
	plain, _ := heard(voice, play(info.New(), list, n, false))
	t.Logf("STOI at 10 %% loss: %.3f with redundancy, %.3f without; libopus %.3f", ours, plain, theirs)
	if ours < theirs-0.01 || ours < plain+0.002 {
		t.Errorf("STOI at 10 %% loss: %.3f with redundancy, %.3f without; libopus %.3f", ours, plain, theirs)
	}
}

// play decodes with losses, as the playout buffer does.
func play(decoder codec.Codec, list [][]byte, size int, recover bool) (out []int16) {
	missing := 0
	for _, p := range list {
		if p == nil {
			missing++
			continue
		}
		for ; missing > 0; missing-- {
			ok := false
			if recover && missing == 1 {
				out, ok = decoder.(codec.Recoverer).Recover(out, p, size)
			}
			if !ok {
				out = decoder.(codec.Concealer).Conceal(out, size)
			}
		}
		out, _ = decoder.Decode(out, p)
	}
	return out
}
