package g729

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// words reads 16-bit words as the ITU's files have them.
func words(t testing.TB, path string) []uint16 {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w := make([]uint16, len(raw)/2)
	for i := range w {
		w[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return w
}

// serialFrame is one frame of the ITU's serial format.
type serialFrame struct {
	payload []byte // of 10 or 2 bytes; none: not transmitted
	erased  bool
}

// serialFrames reads the ITU's serial format: a word of synchronization, the
// number of bits, then a word for each bit: 0x7F is 0, 0x81 is 1, and any 0
// says that the frame was erased.
func serialFrames(t testing.TB, w []uint16) (frames []serialFrame) {
	t.Helper()
	const syncWord, syncErased, one = 0x6B21, 0x6B20, 0x81
	for len(w) >= 2 {
		if w[0] != syncWord && w[0] != syncErased || len(w) < 2+int(w[1]) {
			t.Fatalf("no frame where %#x starts", w[0])
		}
		bits := w[2:][:w[1]]
		frame := serialFrame{
			payload: make([]byte, (len(bits)+7)/8),
			erased:  w[0] == syncErased || slices.Contains(bits, 0),
		}
		for i, bit := range bits {
			if bit == one {
				frame.payload[i/8] |= 0x80 >> (i % 8)
			}
		}
		frames = append(frames, frame)
		w = w[2+len(bits):]
	}
	return frames
}

// decodeSerial decodes frames as the ITU's decoder program does.
func decodeSerial(t testing.TB, d *Decoder, frames []serialFrame) (pcm []int16) {
	t.Helper()
	var err error
	for _, frame := range frames {
		if frame.erased || len(frame.payload) == 0 {
			pcm = d.Conceal(pcm, frameSamples)
		} else if pcm, err = d.Decode(pcm, frame.payload); err != nil {
			t.Fatal(err)
		}
	}
	return pcm
}

// vectorPairs finds bit streams and the speech that belongs to them, whatever
// the case of their names.
func vectorPairs(t testing.TB) map[string][2]string {
	t.Helper()
	folder := os.Getenv("DESKSET_G729_VECTORS")
	if folder == "" {
		folder = filepath.FromSlash("../../../../shared/data/g729a")
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Skipf("no ITU vectors (set DESKSET_G729_VECTORS): %v", err)
	}
	pairs := map[string][2]string{}
	for _, file := range files {
		name := strings.ToUpper(file.Name())
		kind := filepath.Ext(name)
		which := slices.IndexFunc([]string{".BIT", ".PST", ".OUT"}, func(e string) bool { return e == kind })
		if which < 0 {
			continue
		}
		stem := strings.TrimSuffix(name, kind)
		pair := pairs[stem]
		pair[min(which, 1)] = filepath.Join(folder, file.Name())
		pairs[stem] = pair
	}
	for stem, pair := range pairs {
		if pair[0] == "" || pair[1] == "" {
			delete(pairs, stem)
		}
	}
	if len(pairs) == 0 {
		t.Skipf("no pairs of vectors in %s", folder)
	}
	return pairs
}

// TestDecoderIsBitExactOnTheVectors is the gate of section A.5.
func TestDecoderIsBitExactOnTheVectors(t *testing.T) {
	for stem, pair := range vectorPairs(t) {
		t.Run(stem, func(t *testing.T) {
			frames := serialFrames(t, words(t, pair[0]))
			want := words(t, pair[1])
			got := decodeSerial(t, NewDecoder(), frames)
			if len(got) != len(want) {
				t.Errorf("%d samples, want %d", len(got), len(want))
			}
			differ, first := 0, -1
			for i := range min(len(got), len(want)) {
				if uint16(got[i]) != want[i] {
					differ++
					if first < 0 {
						first = i
					}
				}
			}
			if differ > 0 {
				t.Errorf("%d of %d samples differ, the first in frame %d, sample %d: %d, want %d",
					differ, len(want), first/frameSamples, first%frameSamples, got[first], int16(want[first]))
			}
			t.Logf("%d frames", len(frames))
		})
	}
}
