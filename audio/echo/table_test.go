package echo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"testing"

	"deskset/audio/mix"
	"deskset/audio/oracle"
	"deskset/audio/quality"
	"deskset/audio/quality/speech"
)

// scenes are those of the table: delays, reverberation, noise, a loudspeaker
// that clips, clocks that drift, gaps, a path that changes.
var scenes = func() []scene {
	base := room{delay: 50, reverb: 250, gain: -6, seed: 3}
	with := func(name string, change func(*scene)) scene {
		s := scene{name: name, room: base, noise: -70}
		change(&s)
		return s
	}
	second := room{delay: 53, reverb: 300, gain: -5, seed: 11}
	return []scene{
		with("delay 20 ms", func(s *scene) { s.room.delay = 20 }),
		with("delay 50 ms", func(s *scene) {}),
		with("delay 100 ms", func(s *scene) { s.room.delay = 100 }),
		with("delay 150 ms", func(s *scene) { s.room.delay = 150 }),
		with("reverb 100 ms", func(s *scene) { s.room.reverb = 100 }),
		with("reverb 400 ms", func(s *scene) { s.room.reverb = 400 }),
		with("loud echo", func(s *scene) { s.room.gain = 3 }),
		with("noise -50 dB", func(s *scene) { s.noise = -50 }),
		with("soft clipping", func(s *scene) { s.clip = 2.5 }),
		with("drift 50 ppm", func(s *scene) { s.drift = 50 }),
		with("gaps", func(s *scene) { s.gaps = true }),
		with("another room", func(s *scene) { s.then = &second; s.change = 8 }),
	}
}()

// score of one canceller in one scene.
type score struct {
	erle      float64 // dB from the 4th second on, but for double talk and 2 s after a change
	worst     float64 // of those seconds
	stoi, snr float64
}

func (s scene) score(sig signals, out []float64) score {
	var r score
	r.worst = 99
	echo, left := 0.0, 0.0
	for sec := 3; sec < int(sceneLength)-1; sec++ {
		at := float64(sec)
		if at >= talkFrom-1 && at < talkTo+1 || s.change > 0 && at >= s.change && at < s.change+2 {
			continue
		}
		a, b := sec*sig.rate, (sec+1)*sig.rate
		e, l := power(sig.echo[a:b]), power(out[a:b])
		echo, left = echo+e, left+l
		r.worst = min(r.worst, 10*math.Log10(e/l))
	}
	r.erle = 10 * math.Log10(echo/left)
	a, b := int(talkFrom)*sig.rate, int(talkTo)*sig.rate
	clean, kept, _ := quality.Align(sig.voice[a:b], out[a:b], sig.rate/20)
	r.stoi, r.snr = quality.STOI(clean, kept, sig.rate), quality.SegmentalSNR(clean, kept, sig.rate)
	return r
}

const (
	goalERLE, goalSTOI = 30, 0.95
	// indistinct is a difference in intelligibility that nobody hears.
	indistinct = 0.02
)

// judge holds a score to the goals. A loudspeaker that clips leaves what no
// linear filter can take away, and a card that runs dry is a path that changes.
func (s scene) judge(t *testing.T, r score) {
	t.Helper()
	want := float64(goalERLE)
	switch {
	case s.clip > 0:
		want = 25
	case s.gaps:
		want = 12
	}
	if r.erle < want {
		t.Errorf("%s: the echo is %.1f dB down, want %g", s.name, r.erle, want)
	}
	if r.stoi < goalSTOI {
		t.Errorf("%s: STOI of the near end %.3f in double talk, want %g", s.name, r.stoi, goalSTOI)
	}
}

// speex runs speexdsp over a scene and tells its processor time per 10 ms.
func (sig signals) speex(t testing.TB, program string, tail, denoise int) (out []float64, micros float64) {
	t.Helper()
	mic, far := speech.Int16(sig.mic), speech.Int16(sig.far)
	var in bytes.Buffer
	pair := make([]int16, 2*len(mic))
	for i := range mic {
		pair[2*i], pair[2*i+1] = mic[i], far[i]
	}
	if err := binary.Write(&in, binary.LittleEndian, pair); err != nil {
		t.Fatal(err)
	}
	raw := oracle.Run(t, in.Bytes(), program, fmt.Sprint(sig.rate), fmt.Sprint(tail), fmt.Sprint(denoise))
	took := math.Float64frombits(binary.LittleEndian.Uint64(raw))
	pcm := make([]int16, (len(raw)-8)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(raw[8+2*i:]))
	}
	out = speech.Floats(pcm)
	out = append(out, make([]float64, len(mic)-len(out))...)
	return out, took * 1e6 / (float64(len(pcm)) / float64(sig.rate) * 100)
}

// canceller runs ours over a scene as an engine does: at the cards' rate, in
// blocks of 5 ms. What comes out is brought to the scene's rate, and its delay is
// taken off.
func (sig signals) canceller(c *Canceller) []float64 {
	far, mic := upsampled(sig.far), upsampled(sig.mic)
	const block = mix.Rate / 200
	for i := 0; i+block <= len(mic); i += block {
		c.Near(mic[i : i+block])
		c.Far(far[i : i+block])
	}
	down := rate(mix.Rate, coreRate)
	// All filters together are late by whole samples then.
	const late, pad = 88, 88*factor - 2*bandDelay - hopCard
	mic = append(make([]float32, pad), mic...)
	low := make([]float32, down.Outputs(len(mic)))
	down.Process(low, mic)
	out := make([]float64, len(sig.mic))
	for i, v := range low[late:min(len(low), late+len(out))] {
		out[i] = float64(v)
	}
	return out
}

// upsampled is a signal at the card's rate.
func upsampled(x []float64) []float32 {
	up := rate(coreRate, mix.Rate)
	in := make([]float32, len(x))
	for i, v := range x {
		in[i] = float32(v)
	}
	out := make([]float32, up.Outputs(len(in)))
	up.Process(out, in)
	return out
}

// cleaning is a canceller at work.
func cleaning(noise bool) *Canceller {
	c := New()
	c.Set(Settings{Echo: true, Noise: noise})
	return c
}

// TestTable prints how both fare in every scene, and holds ours to the goals.
func TestTable(t *testing.T) {
	if os.Getenv("DESKSET_ECHO_TABLE") == "" {
		t.Skip("minutes of arithmetic: DESKSET_ECHO_TABLE=1 prints the table")
	}
	program := oracle.Build(t, "testdata/speexdsp.c", "speexdsp")
	columns := " ERLE dB | worst second | STOI | SNR dB |"
	fmt.Println("| scene |" + columns + " speexdsp 256 ms:" + columns + " us | 512 ms:" + columns + " us |")
	for _, s := range scenes {
		sig := s.play(t, coreRate)
		line := fmt.Sprintf("| %-14s ", s.name)
		show := func(r score) {
			line += fmt.Sprintf("| %5.1f | %5.1f | %.3f | %4.1f ", r.erle, r.worst, r.stoi, r.snr)
		}
		ours := s.score(sig, sig.canceller(cleaning(true)))
		show(ours)
		for _, tail := range []int{256, 512} {
			out, us := sig.speex(t, program, tail, 1)
			theirs := s.score(sig, out)
			show(theirs)
			line += fmt.Sprintf("| %3.0f ", us)
			if theirs.erle > ours.erle || theirs.snr > ours.snr || theirs.stoi > ours.stoi+indistinct {
				t.Errorf("%s: speexdsp with a tail of %d ms is better", s.name, tail)
			}
		}
		fmt.Println(line + "|")
		s.judge(t, ours)
	}
}

// BenchmarkScene has the figures of the table, ours and those of speexdsp with a
// tail of 256 ms.
func BenchmarkScene(b *testing.B) {
	program := oracle.Build(b, "testdata/speexdsp.c", "speexdsp")
	for _, s := range scenes {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				sig := s.play(b, coreRate)
				ours := s.score(sig, sig.canceller(cleaning(true)))
				out, _ := sig.speex(b, program, 256, 1)
				theirs := s.score(sig, out)
				b.ReportMetric(ours.erle, "ERLE-dB")
				b.ReportMetric(ours.stoi, "STOI")
				b.ReportMetric(theirs.erle, "speexdsp-ERLE-dB")
				b.ReportMetric(theirs.stoi, "speexdsp-STOI")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
