package echo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"testing"

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

func TestTable(t *testing.T) {
	if os.Getenv("DESKSET_ECHO_TABLE") == "" {
		t.Skip("a minute of arithmetic: DESKSET_ECHO_TABLE=1 prints the table")
	}
	program := oracle.Build(t, "testdata/speexdsp.c", "speexdsp")
	fmt.Println("| scene | ERLE dB | worst s | STOI | SNR | speexdsp 256: ERLE | worst | STOI | SNR | 512: ERLE | worst | STOI | SNR |")
	for _, s := range scenes {
		sig := s.play(t, coreRate)
		line := fmt.Sprintf("| %-14s ", s.name)
		show := func(out []float64) {
			r := s.score(sig, out)
			line += fmt.Sprintf("| %5.1f | %5.1f | %.3f | %4.1f ", r.erle, r.worst, r.stoi, r.snr)
		}
		show(sig.core(t, true))
		for _, tail := range []int{256, 512} {
			out, us := sig.speex(t, program, tail, 1)
			show(out)
			line += fmt.Sprintf("| %.0f us", us)
		}
		fmt.Println(line)
	}
}
