package g729

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskset/audio/oracle"
	"deskset/audio/quality"
	voice "deskset/audio/quality/speech"
)

// vectorFolder is where vectorPairs looks too.
func vectorFolder() string {
	if folder := os.Getenv("DESKSET_G729_VECTORS"); folder != "" {
		return folder
	}
	return filepath.FromSlash("../../../../shared/data/g729a")
}

// vectorInputs finds the vectors that have an input: their samples, and the
// frames that the ITU's encoder made of them.
func vectorInputs(t testing.TB) map[string]vectorInput {
	t.Helper()
	inputs := map[string]vectorInput{}
	for stem, pair := range vectorPairs(t) {
		entries, err := os.ReadDir(vectorFolder())
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if strings.ToUpper(entry.Name()) == stem+".IN" {
				w := words(t, filepath.Join(vectorFolder(), entry.Name()))
				frames := serialFrames(t, words(t, pair[0]))
				count := min(len(w)/frameSamples, len(frames), longest)
				inputs[stem] = vectorInput{signed(w[:count*frameSamples]), frames[:count]}
			}
		}
	}
	return inputs
}

type vectorInput struct {
	pcm    []int16
	frames []serialFrame
}

func signed(w []uint16) []int16 {
	pcm := make([]int16, len(w))
	for i, x := range w {
		pcm[i] = int16(x)
	}
	return pcm
}

func floats(pcm []int16) []float64 {
	x := make([]float64, len(pcm))
	for i, s := range pcm {
		x[i] = float64(s) / (1 << 15)
	}
	return x
}

// heard is the input behind the high-pass filters of sections 3.1 and 4.2.5:
// they turn the phase of what every implementation codes.
func heard(x []float64) []float64 {
	y := biquad(x, [3]float64{2 * 0.46363718, 2 * -0.92724705, 2 * 0.46363718}, [2]float64{-1.9059465, 0.9114024})
	return biquad(y, [3]float64{0.93980581, -1.8795834, 0.93980581}, [2]float64{-1.9330735, 0.93589199})
}

func biquad(x []float64, b [3]float64, a [2]float64) []float64 {
	y := make([]float64, len(x))
	for n := range x {
		y[n] = b[0] * x[n]
		for i := 1; i <= min(2, n); i++ {
			y[n] += b[i]*x[n-i] - a[i-1]*y[n-i]
		}
	}
	return y
}

// score gives segmental SNR and STOI of decoded speech against its input.
func score(pcm, decoded []int16) (snr, stoi float64) {
	x, y, _ := quality.Align(heard(floats(pcm)), floats(decoded), 160)
	return quality.SegmentalSNR(x, y, 8000), quality.STOI(x, y, 8000)
}

// decodePayload decodes frames of speech.
func decodePayload(t testing.TB, payload []byte) []int16 {
	t.Helper()
	pcm, err := NewDecoder().Decode(nil, payload)
	if err != nil {
		t.Fatal(err)
	}
	return pcm
}

// TestEncoderIsAsGoodAsTheVectors: what the reference decoder makes of our
// frames is as near to the input as what it makes of the ITU encoder's.
func TestEncoderIsAsGoodAsTheVectors(t *testing.T) {
	for stem, vector := range vectorInputs(t) {
		t.Run(stem, func(t *testing.T) {
			ours := decodePayload(t, NewEncoder().Encode(nil, vector.pcm))
			theirs := decodeSerial(t, NewDecoder(), vector.frames)
			snr, stoi := score(vector.pcm, ours)
			wantSNR, wantSTOI := score(vector.pcm, theirs)
			t.Logf("segmental SNR %.2f dB, of the vector %.2f; STOI %.4f and %.4f", snr, wantSNR, stoi, wantSTOI)
			if snr < wantSNR-0.3 {
				t.Errorf("segmental SNR %.2f dB, want %.2f at least within 0.3", snr, wantSNR)
			}
		})
	}
}

// TestEncoderIsAsGoodAsTheOracles on speech that is nobody's test vector.
func TestEncoderIsAsGoodAsTheOracles(t *testing.T) {
	program := oracle.Build(t, "testdata/bcg729.c", "bcg729")
	for name, source := range map[string]func(testing.TB, int) []float64{"lab": voice.Lab, "person": voice.Person, "espeak": voice.Espeak} {
		t.Run(name, func(t *testing.T) {
			pcm := voice.Int16(source(t, 8000))
			pcm = pcm[:min(len(pcm)/frameSamples, longest, 1000)*frameSamples]
			var theirs [][]byte
			for coded := oracle.Run(t, toBytes(pcm), program, "encode", "0"); len(coded) > speechBytes; coded = coded[1+speechBytes:] {
				theirs = append(theirs, coded[1:1+speechBytes])
			}
			snr, stoi := score(pcm, decodePayload(t, NewEncoder().Encode(nil, pcm)))
			wantSNR, wantSTOI := score(pcm, decodeFrames(t, theirs))
			t.Logf("segmental SNR %.2f dB, bcg729 %.2f; STOI %.4f and %.4f", snr, wantSNR, stoi, wantSTOI)
			if snr < wantSNR-0.3 || stoi < wantSTOI-0.01 {
				t.Errorf("segmental SNR %.2f dB, STOI %.4f; of bcg729's frames %.2f and %.4f", snr, stoi, wantSNR, wantSTOI)
			}
		})
	}
}

// hardSignals are what a microphone never gives, and a broken one may.
func hardSignals() map[string][]int16 {
	n := min(100, longest/5) * frameSamples
	signals := map[string][]int16{}
	add := func(name string, sample func(i int) float64) {
		pcm := make([]int16, n)
		for i := range pcm {
			pcm[i] = int16(max(-32768, min(32767, math.Round(sample(i)))))
		}
		signals[name] = pcm
	}
	r := rand.New(rand.NewSource(729))
	add("full noise", func(int) float64 { return (2*r.Float64() - 1) * 32768 })
	add("extremes", func(int) float64 { return float64(r.Intn(2)*65535 - 32768) })
	add("silence", func(int) float64 { return 0 })
	add("least bit", func(i int) float64 { return float64(i & 1) })
	add("DC", func(int) float64 { return 32767 })
	add("negative DC", func(int) float64 { return -32768 })
	add("steps", func(i int) float64 { return float64(i/800&1) * 32767 })
	add("bursts", func(i int) float64 { return float64(i/800&1) * r.NormFloat64() * 20000 })
	add("impulses", func(i int) float64 { return map[bool]float64{true: 32767}[i%57 == 0] })
	for _, period := range []int{2, 8, 25, 57, 160} {
		add(fmt.Sprint("square of ", period), func(i int) float64 { return float64(i/(period/2)&1)*65535 - 32768 })
		add(fmt.Sprint("sine of ", period), func(i int) float64 { return 32767 * math.Sin(2*math.Pi*float64(i)/float64(period)) })
	}
	add("sweep", func(i int) float64 { x := float64(i) / float64(n); return 32767 * math.Sin(math.Pi*x*x*float64(n)/2) })
	return signals
}

// TestEncoderStandsHardSignals: nothing wraps around, what comes out has the
// level of what went in.
func TestEncoderStandsHardSignals(t *testing.T) {
	for name, pcm := range hardSignals() {
		out := decodePayload(t, NewEncoder().Encode(nil, pcm))
		in := heard(floats(pcm))
		before, after := rms(in[400:]), rms(floats(out)[400:])
		t.Logf("%-12s level %.5f in, %.5f out", name, before, after)
		// Where the decoder's sums overflow it lowers the level (bcg729's frames
		// come out lower still).
		if after > 1.3*before+0.002 || after < 0.05*before-0.002 {
			t.Errorf("%s: level %.5f became %.5f", name, before, after)
		}
	}
}

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)))
}

// TestEncoderAllocatesNothing in a callback.
func TestEncoderAllocatesNothing(t *testing.T) {
	e, pcm, dst := NewEncoder(), hardSignals()["bursts"][:240], make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { dst = e.Encode(dst[:0], pcm) }); n != 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

// TestEncoderLeavesTheRest: what is over after whole frames is not taken.
func TestEncoderLeavesTheRest(t *testing.T) {
	if got := len(NewEncoder().Encode(make([]byte, 3), make([]int16, 199))); got != 3+2*speechBytes {
		t.Errorf("%d bytes", got)
	}
}

func BenchmarkEncode(b *testing.B) {
	pcm := hardSignals()["bursts"]
	e, dst := NewEncoder(), make([]byte, 0, len(pcm)/8)
	b.ReportAllocs()
	for b.Loop() {
		dst = e.Encode(dst[:0], pcm)
	}
	b.ReportMetric(float64(b.N)*float64(len(pcm))/8000/b.Elapsed().Seconds(), "x-real-time")
}
