package g729

import (
	"math"
	"math/rand/v2"
	"testing"

	"deskset/audio/oracle"
	"deskset/audio/quality"
	voice "deskset/audio/quality/speech"
)

// paused is speech with a pause of 1.5 s after every 3 s, over noise of the
// given level (RMS of samples); clean is the speech alone.
func paused(said []float64, level float64) (clean, noisy []int16) {
	dice := rand.New(rand.NewPCG(72, 9))
	spoken := voice.Int16(said)
	for i := 0; i < len(spoken); i += 24000 {
		clean = append(clean, make([]int16, 12000)...)
		clean = append(clean, spoken[i:min(i+24000, len(spoken))]...)
	}
	clean = clean[:len(clean)/frameSamples*frameSamples]
	last := 0.0
	for _, s := range clean {
		last = 0.8*last + 0.6*dice.NormFloat64()*level
		noisy = append(noisy, int16(max(-1<<15, min(1<<15-1, float64(s)+last))))
	}
	return clean, noisy
}

// encodeFrames gives the frames of a stream in packets of one: of 10, 2 or no
// bytes.
func encodeFrames(e *Encoder, pcm []int16) (frames [][]byte) {
	for ; len(pcm) >= frameSamples; pcm = pcm[frameSamples:] {
		frames = append(frames, e.Encode(nil, pcm[:frameSamples]))
	}
	return frames
}

// oracleFrames has bcg729 encode with silence compression.
func oracleFrames(t testing.TB, program string, pcm []int16) (frames [][]byte) {
	coded := oracle.Run(t, toBytes(pcm), program, "encode", "1")
	for len(coded) > 0 {
		end := 1 + int(coded[0])
		frames = append(frames, coded[1:end])
		coded = coded[end:]
	}
	return frames
}

func decodeFrames(t testing.TB, frames [][]byte) (pcm []int16) {
	d := NewDecoder()
	for _, frame := range frames {
		if len(frame) == 0 {
			pcm = d.Conceal(pcm, frameSamples)
			continue
		}
		var err error
		if pcm, err = d.Decode(pcm, frame); err != nil {
			t.Fatal(err)
		}
	}
	return pcm
}

func oracleDecode(t testing.TB, program string, frames [][]byte) []int16 {
	var stream []byte
	for _, frame := range frames {
		stream = append(append(stream, byte(len(frame))), frame...)
	}
	return toSamples(oracle.Run(t, stream, program, "decode"))
}

func withDTX() *Encoder {
	e := NewEncoder()
	e.SetDTX(true)
	return e
}

// sentShare is the share of frames of speech, and of descriptions.
func sentShare(frames [][]byte) (speech, described float64) {
	for _, frame := range frames {
		switch len(frame) {
		case speechBytes:
			speech++
		case sidBytes:
			described++
		}
	}
	n := float64(len(frames))
	return speech / n, described / n
}

// voices are the speech there is, over noise at three levels.
func voices(t *testing.T, do func(t *testing.T, clean, noisy []int16)) {
	for name, source := range map[string]func(testing.TB, int) []float64{"lab": voice.Lab, "person": voice.Person, "espeak": voice.Espeak} {
		for level, noise := range map[string]float64{"quiet": 3, "office": 30, "street": 300} {
			if name+level != "laboffice" && longest < 1000 {
				continue // it takes long under the race detector
			}
			t.Run(name+"/"+level, func(t *testing.T) {
				said := source(t, 8000)
				clean, noisy := paused(said[:min(len(said), min(longest, 700)*frameSamples)], noise)
				do(t, clean, noisy)
			})
		}
	}
}

// TestSilenceCompressionKeepsSpeech: it sends no more than bcg729 does, loses
// none of the speech that stands out of the noise, and is as intelligible as the
// full stream.
func TestSilenceCompressionKeepsSpeech(t *testing.T) {
	program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
	voices(t, func(t *testing.T, clean, noisy []int16) {
		frames := encodeFrames(withDTX(), noisy)
		share, described := sentShare(frames)
		oracleShare, oracleDescribed := sentShare(oracleFrames(t, program, noisy))
		missed := missedSpeech(clean, noisy, frames)
		x, with, _ := quality.Align(heard(floats(clean)), floats(decodeFrames(t, frames)), 160)
		y, without, _ := quality.Align(heard(floats(clean)), floats(decodePayload(t, NewEncoder().Encode(nil, noisy))), 160)
		stoi, full := quality.STOI(x, with, 8000), quality.STOI(y, without, 8000)
		t.Logf("speech %.3f of frames, bcg729 %.3f; descriptions %.3f and %.3f; missed %.4f; STOI %.4f, all frames %.4f",
			share, oracleShare, described, oracleDescribed, missed, stoi, full)
		if share > oracleShare+0.05 {
			t.Errorf("%.3f of the frames are speech, of bcg729's %.3f", share, oracleShare)
		}
		if missed > 0.01 {
			t.Errorf("%.3f of the speech is missing", missed)
		}
		if stoi < full-0.01 {
			t.Errorf("STOI %.4f, of all frames %.4f", stoi, full)
		}
	})
}

// missedSpeech is the share not sent of the frames whose speech is within 30 dB
// of the loudest and 3 dB above the noise. A frame is 5 ms later than its input.
func missedSpeech(clean, noisy []int16, frames [][]byte) float64 {
	const late = lookAhead
	var levels []float64
	loudest, noise := 0.0, 0.0
	for i := range len(frames) - 1 {
		level := 0.0
		for n := i*frameSamples - late; n < (i+1)*frameSamples-late; n++ {
			if n >= 0 {
				level += float64(clean[n]) * float64(clean[n])
				d := float64(noisy[n]) - float64(clean[n])
				noise += d * d / float64(len(frames))
			}
		}
		levels = append(levels, level)
		loudest = max(loudest, level)
	}
	said, missed := 0.0, 0.0
	for i, level := range levels {
		if level > loudest/1000 && level > 2*noise {
			said++
			if len(frames[i]) != speechBytes {
				missed++
			}
		}
	}
	return missed / said
}

// TestComfortNoiseIsTheSameEverywhere: bcg729 makes of our stream what our
// decoder makes of it, and neither loses step with the encoder.
func TestComfortNoiseIsTheSameEverywhere(t *testing.T) {
	program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
	_, noisy := paused(voice.Lab(t, 8000)[:min(longest, 1000)*frameSamples], 60)
	frames := encodeFrames(withDTX(), noisy)
	ours, theirs := decodeFrames(t, frames), oracleDecode(t, program, frames)
	var silence difference
	agree, silent := 0, 0
	for i, frame := range frames {
		if len(frame) == speechBytes {
			continue
		}
		at := i * frameSamples
		var d difference
		d.add(ours[at:][:frameSamples], theirs[at:][:frameSamples])
		silence.add(ours[at:][:frameSamples], noisy[at:][:frameSamples])
		silent++
		if d.snr() > 15 {
			agree++
		}
	}
	// Where both signs of the random pulses would do, rounding decides.
	t.Logf("%d of %d silent frames are those of bcg729", agree, silent)
	if agree*10 < silent*9 {
		t.Errorf("only %d of %d silent frames are those of bcg729", agree, silent)
	}
	t.Logf("comfort noise is %+.1f dB from the noise", silence.level())
	if math.Abs(silence.level()) > 2 {
		t.Errorf("comfort noise is %+.1f dB from the noise", silence.level())
	}
}

// TestDescriptionKeepsTheSpectrum: the decoder's frequencies of noise are those
// that were described, once the prediction has settled.
func TestDescriptionKeepsTheSpectrum(t *testing.T) {
	memory := newLSFMemory()
	lsf := [order]float64{0.3, 0.5, 0.85, 1.1, 1.4, 1.7, 2.0, 2.2, 2.5, 2.8}
	worst := 0.0
	for n := range 20 {
		s := quantizeNoise(&memory, &lsf, 10)
		decoded := memory.silence(&s)
		worst = 0
		for i, f := range decoded {
			worst = max(worst, math.Abs(float64(f)/(1<<13)-lsf[i]))
		}
		t.Logf("description %d: up to %.0f Hz off", n, worst*4000/math.Pi)
	}
	if worst > 0.15 {
		t.Errorf("%.0f Hz off", worst*4000/math.Pi)
	}
}

// checkPayload says what is wrong with the payload of a packet (RFC 3551 section
// 4.5.6). described says whether the other side knows the silence: an unsent
// frame right after speech would count as lost.
func checkPayload(payload []byte, frames int, described *bool) string {
	speech, rest := len(payload)/speechBytes, len(payload)%speechBytes
	if rest != 0 && rest != sidBytes {
		return "bytes left over"
	}
	sent := speech
	if rest != 0 {
		sent++
	}
	if sent > frames {
		return "more frames than there were"
	}
	*described = rest != 0 || *described && speech == 0
	if sent < frames && !*described {
		return "silence that was never described"
	}
	return ""
}

// TestEveryPayloadIsLegal, whatever comes in packets of any length.
func TestEveryPayloadIsLegal(t *testing.T) {
	dice := rand.New(rand.NewPCG(35, 51))
	e, described := withDTX(), false
	mixed, nothing, speaking := 0, 0, false
	for packet := range min(3000, 2*longest) {
		if dice.IntN(400) == 0 {
			e.SetDTX(packet%2 == 0)
		}
		frames := 1 + dice.IntN(6)
		pcm := make([]int16, frames*frameSamples+dice.IntN(frameSamples))
		for i := range pcm {
			if i%frameSamples == 0 && dice.IntN(8) == 0 {
				speaking = !speaking
			}
			level := 30.0
			if speaking {
				level = 3000
			}
			pcm[i] = int16(dice.NormFloat64() * level)
		}
		prefix := []byte{1, 2, 3}
		payload := e.Encode(prefix, pcm)[len(prefix):]
		if wrong := checkPayload(payload, frames, &described); wrong != "" {
			t.Fatalf("packet %d of %d frames, %d bytes: %s", packet, frames, len(payload), wrong)
		}
		if len(payload) > sidBytes && len(payload)%speechBytes != 0 {
			mixed++
		}
		if len(payload) == 0 {
			nothing++
		}
	}
	t.Logf("%d payloads of speech and a description, %d packets not sent", mixed, nothing)
	if mixed == 0 || nothing == 0 {
		t.Error("the test does not see all kinds of packets")
	}
}

// TestMuteIsNotSent: of a muted microphone there is one description.
func TestMuteIsNotSent(t *testing.T) {
	speech, described := sentShare(encodeFrames(withDTX(), make([]int16, 300*frameSamples)))
	if speech != 0 || described*300 > 3 {
		t.Errorf("%.0f frames of speech, %.0f descriptions", speech*300, described*300)
	}
}

// TestNoiseFromTheStart: steady noise is silence after the time to learn it, and
// again after it grew.
func TestNoiseFromTheStart(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	pcm := make([]int16, 1000*frameSamples)
	for i := range pcm {
		level := 100.0
		if i >= len(pcm)/2 {
			level = 1000
		}
		pcm[i] = int16(dice.NormFloat64() * level)
	}
	frames := encodeFrames(withDTX(), pcm)
	for _, part := range [][][]byte{frames[250:500], frames[750:]} {
		if speech, described := sentShare(part); speech > 0.02 || described > 0.15 {
			t.Errorf("%.2f of the frames of noise are sent as speech, %.2f described", speech, described)
		}
	}
}

func TestEncoderWithDTXAllocatesNothing(t *testing.T) {
	e, pcm, dst := withDTX(), hardSignals()["bursts"], make([]byte, 0, 64)
	at := 0
	if n := testing.AllocsPerRun(200, func() {
		dst = e.Encode(dst[:0], pcm[at:at+240])
		at = (at + 240) % (len(pcm) - 240)
	}); n != 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

// FuzzEncoder: any samples give legal payloads that decode.
func FuzzEncoder(f *testing.F) {
	for _, pcm := range hardSignals() {
		f.Add(toBytes(pcm[:480]), uint8(2), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, frames uint8, dtx bool) {
		pcm := toSamples(raw[:min(len(raw), 2*800)])
		e, d, described := NewEncoder(), NewDecoder(), false
		e.SetDTX(dtx)
		size := max(int(frames%7), 1) * frameSamples
		for ; len(pcm) >= size; pcm = pcm[size:] {
			payload := e.Encode(nil, pcm[:size])
			if wrong := checkPayload(payload, size/frameSamples, &described); wrong != "" {
				t.Fatal(wrong)
			}
			if len(payload) > 0 {
				if _, err := d.Decode(nil, payload); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
