package g729

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"deskset/audio/oracle"
	voice "deskset/audio/quality/speech"
)

// lost is the length of an erased frame in the oracle's stream.
const lost = 255

func toBytes(pcm []int16) (raw []byte) {
	for _, s := range pcm {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(s))
	}
	return raw
}

func toSamples(raw []byte) (pcm []int16) {
	for ; len(raw) >= 2; raw = raw[2:] {
		pcm = append(pcm, int16(binary.LittleEndian.Uint16(raw)))
	}
	return pcm
}

// talk is speech with pauses of 1.5 s over noise.
func talk(t testing.TB) (pcm []int16) {
	noise := rand.New(rand.NewPCG(7, 29))
	said := voice.Lab(t, 8000)
	last := 0.0
	for i := range len(said) * 3 / 2 {
		last = 0.7*last + noise.NormFloat64()*40
		x := last
		if i%24000 < 12000 {
			x += 20000 * said[i%len(said)]
		}
		pcm = append(pcm, int16(math.Max(-1<<15, math.Min(1<<15-1, x))))
	}
	return pcm
}

// difference compares frames of one kind.
type difference struct{ ours, theirs, error float64 }

func (d *difference) add(ours, theirs []int16) {
	for i := range ours {
		a, b := float64(ours[i]), float64(theirs[i])
		d.ours += a * a
		d.theirs += b * b
		d.error += (a - b) * (a - b)
	}
}

// snr and level are in dB.
func (d *difference) snr() float64   { return 10 * math.Log10(d.theirs/d.error) }
func (d *difference) level() float64 { return 10 * math.Log10(d.ours/d.theirs) }

// compareWithOracle decodes the oracle's stream, with a share of its frames
// erased, and compares frame by frame: keys are the lengths of frames.
func compareWithOracle(t *testing.T, program string, coded []byte, erased float64) map[int]*difference {
	dice := rand.New(rand.NewPCG(1, uint64(1000*erased)))
	var stream []byte
	var ours []int16
	var kinds []int
	d := NewDecoder()
	for len(coded) > 0 {
		n := int(coded[0])
		frame := coded[:1+n]
		coded = coded[1+n:]
		if dice.Float64() < erased {
			n, frame = lost, []byte{lost}
		}
		stream = append(stream, frame...)
		kinds = append(kinds, n)
		if n == 0 || n == lost {
			ours = d.Conceal(ours, frameSamples)
			continue
		}
		var err error
		if ours, err = d.Decode(ours, frame[1:]); err != nil {
			t.Fatal(err)
		}
	}
	theirs := toSamples(oracle.Run(t, stream, program, "decode"))
	if len(ours) != len(theirs) {
		t.Fatalf("%d samples, the oracle has %d", len(ours), len(theirs))
	}
	result := map[int]*difference{0: {}, sidBytes: {}, speechBytes: {}, lost: {}}
	for i, kind := range kinds {
		at := i * frameSamples
		result[kind].add(ours[at:at+frameSamples], theirs[at:at+frameSamples])
	}
	return result
}

// TestStreamsWithSilenceDecodeLikeTheOracles: bcg729 is not bit-exact either, but
// it draws the same random excitation. What was erased differs for longer, for
// each decoder goes on with its own past.
func TestStreamsWithSilenceDecodeLikeTheOracles(t *testing.T) {
	program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
	coded := oracle.Run(t, toBytes(talk(t)), program, "encode", "1")
	names := map[int]string{0: "unsent", sidBytes: "SID", speechBytes: "speech", lost: "erased"}
	for _, c := range []struct {
		erased float64
		least  map[int]float64 // SNR against the oracle, dB
	}{
		{0, map[int]float64{speechBytes: 30, sidBytes: 24, 0: 26}},
		{0.05, map[int]float64{speechBytes: 22, sidBytes: 24, 0: 26, lost: 15}},
		{0.2, map[int]float64{speechBytes: 16, sidBytes: 24, 0: 26, lost: 12}},
	} {
		differences := compareWithOracle(t, program, coded, c.erased)
		for kind, least := range c.least {
			d := differences[kind]
			t.Logf("%2.0f %% erased, %s: SNR %.1f dB, level %+.2f dB", 100*c.erased, names[kind], d.snr(), d.level())
			if !(d.snr() >= least) {
				t.Errorf("%.0f %% erased: %s agrees to %.1f dB only, want %.0f", 100*c.erased, names[kind], d.snr(), least)
			}
			if !(math.Abs(d.level()) < 1) {
				t.Errorf("%.0f %% erased: the level of %s is off by %.2f dB", 100*c.erased, names[kind], d.level())
			}
		}
	}
}
