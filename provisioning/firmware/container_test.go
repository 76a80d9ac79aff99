package firmware

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

var someManifest = Manifest{Name: "DS79-0-2-0", Generation: "8", Description: "For the training room, März", Created: when}

// container builds an image with a payload.
func container(t testing.TB, m Manifest, payload string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteContainer(&b, m, strings.NewReader(payload), int64(len(payload))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// The format is public: what was written once must be read for ever.
func TestContainerOfTheFirstVersionIsStillRead(t *testing.T) {
	golden := filepath.Join("testdata", "container1.img")
	fresh := container(t, someManifest, "some payload")
	if *update {
		if err := os.WriteFile(golden, fresh, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, fresh) {
		t.Errorf("the same input gives other bytes than before: %q", fresh)
	}
	c, err := Scan(bytes.NewReader(data))
	want := Contents{Layout: ContainerLayout, Name: "DS79-0-2-0", Manifest: someManifest, Payload: 12, Size: int64(len(data)), Digest: digestOf(data)}
	if err != nil || c != want {
		t.Errorf("got %+v, %v\nwant %+v", c, err, want)
	}
}

func TestScannerDoesNotCareHowTheFileComes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 31, 32, 33, headSize - 200, headSize, headSize + 1, 3 * headSize} {
		payload := strings.Repeat("p", size)
		signed := append(AppendHeader(nil, "P0S3-8-12-00.sbn", when), payload...)
		for name, data := range map[string][]byte{"DS79-0-2-0": container(t, someManifest, payload), "P0S3-8-12-00": signed} {
			for _, piece := range []int{1, 7, 512, 1 << 20} {
				s := NewScanner()
				for rest := data; len(rest) > 0; {
					n := min(len(rest), 1+random.IntN(piece))
					s.Write(rest[:n])
					rest = rest[n:]
				}
				c, err := s.Finish()
				if err != nil || c.Name != name || c.Digest != digestOf(data) || c.Payload != int64(size) || c.Size != int64(len(data)) {
					t.Fatalf("%s with %d bytes in pieces of %d: %+v, %v", name, size, piece, c, err)
				}
			}
		}
	}
}

func TestNameIsKnownBeforeTheFileIsThere(t *testing.T) {
	data := container(t, someManifest, strings.Repeat("p", 1<<20))
	s := NewScanner()
	s.Write(data[:headSize-1])
	if s.Recognised() {
		t.Error("recognised too soon")
	}
	s.Write(data[headSize-1 : headSize])
	if !s.Recognised() || s.Contents().Name != "DS79-0-2-0" || s.Err() != nil {
		t.Errorf("%+v, %v", s.Contents(), s.Err())
	}
	s = NewScanner()
	s.Write(bytes.Repeat([]byte("<html>"), 2000))
	if s.Recognised() || !errors.Is(s.Err(), ErrNoHeader) {
		t.Errorf("%+v, %v", s.Contents(), s.Err())
	}
}

func TestEveryDamageOfAContainerIsFound(t *testing.T) {
	for _, size := range []int{0, 20, headSize} {
		data := container(t, someManifest, strings.Repeat("p", size))
		step := max(1, len(data)/500)
		for at := 0; at < len(data); at += step {
			for _, damaged := range [][]byte{data[:at], flip(data, at)} {
				if c, err := Scan(bytes.NewReader(damaged)); err == nil || c.Digest != digestOf(damaged) {
					t.Fatalf("payload of %d, damage at %d: %+v, %v", size, at, c, err)
				}
			}
		}
	}
}

func flip(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 0x10
	return data
}

func TestDamageIsNamed(t *testing.T) {
	sound := container(t, someManifest, "some payload")
	manifestAt := bytes.IndexByte(sound, '{')
	// resealed has a new digest, as one would write it who means harm.
	resealed := func(change func(b []byte) []byte) []byte {
		b := change(bytes.Clone(sound[:len(sound)-sha256.Size]))
		sum := sha256.Sum256(b)
		return append(b, sum[:]...)
	}
	manifest := func(json string) []byte {
		return resealed(func(b []byte) []byte {
			binary.BigEndian.PutUint32(b[len(magic)+2:], uint32(len(json)))
			return append(append(b[:manifestAt:manifestAt], json...), "some payload"...)
		})
	}
	number := func(at int, value ...byte) []byte {
		return resealed(func(b []byte) []byte { copy(b[at:], value); return b })
	}
	tests := []struct {
		name string
		data []byte
		err  error
		text string
	}{
		{"empty", nil, ErrNoHeader, ""},
		{"text transfer", bytes.ReplaceAll(sound, []byte("\r\n"), []byte("\n")), ErrNoHeader, ""},
		{"in the head", sound[:15], ErrCutOff, "15 of 22 bytes"},
		{"in the manifest", sound[:40], ErrCutOff, "40 of"},
		{"in the payload", sound[:len(sound)-40], ErrCutOff, "cut off: "},
		{"in the digest", sound[:len(sound)-1], ErrCutOff, "cut off: "},
		{"more behind", append(bytes.Clone(sound), 0), ErrDigest, "1 bytes follow"},
		{"bit of the payload", flip(sound, len(sound)-33), ErrDigest, ""},
		{"bit of the digest", flip(sound, len(sound)-1), ErrDigest, ""},
		{"later version", number(len(magic), 0, 2), ErrContainer, "version 2"},
		{"huge manifest", number(len(magic)+2, 0xff, 0xff, 0xff, 0xff), ErrContainer, "4294967295"},
		{"huge payload", number(len(magic)+6, 0xff, 0xff, 0xff, 0xff), ErrTooLarge, ""},
		{"large payload", number(len(magic)+6, 0, 0, 0, 0, 3), ErrCutOff, "cut off: "},
		{"payload of 64 MiB", number(len(magic)+6, 0, 0, 0, 0, 4), ErrTooLarge, ""},
		{"no JSON", manifest("secret"), ErrContainer, "not JSON"},
		{"two of them", manifest(`{"name":"A"}{}`), ErrContainer, "not JSON"},
		{"deep", manifest(strings.Repeat("[", maxManifest)), ErrContainer, "not JSON"},
		{"number for a name", manifest(`{"name":79}`), ErrContainer, "not JSON"},
		{"no name", manifest(`{}`), ErrContainer, "name"},
		{"path for a name", manifest(`{"name":"../../etc/passwd"}`), ErrContainer, "name"},
		{"extension", manifest(`{"name":"DS79-0-2-0.img"}`), ErrContainer, "extension"},
		{"escape in the description", manifest(`{"name":"A","description":"\u001b[2J"}`), ErrContainer, "description"},
		{"not UTF-8", manifest("{\"name\":\"A\",\"description\":\"\xff\"}"), ErrContainer, "description"},
		{"generation", manifest(`{"name":"A","generation":"a b"}`), ErrContainer, "generation"},
		{"long ago", manifest(`{"name":"A","created":"0000-01-01T00:00:00Z"}`), ErrContainer, "year"},
		{"no time", manifest(`{"name":"A","created":"yesterday"}`), ErrContainer, "not JSON"},
	}
	for _, tt := range tests {
		_, err := Scan(bytes.NewReader(tt.data))
		if !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.text) || strings.ContainsAny(err.Error(), "\x1b\n") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if c, err := Scan(bytes.NewReader(manifest(`{"name":"A","keys":[1,{"later":null}]}`))); err != nil || c.Name != "A" {
		t.Errorf("unknown members are not passed over: %+v, %v", c, err)
	}
}

func TestWriterRefusesWhatTheReaderWould(t *testing.T) {
	for text, m := range map[string]Manifest{
		"name":        {Name: "a b"},
		"extension":   {Name: "P0S3-8-12-00.sbn"},
		"generation":  {Name: "A", Generation: strings.Repeat("x", 33)},
		"description": {Name: "A", Description: "two\nlines"},
		"year":        {Name: "A", Created: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if err := WriteContainer(io.Discard, m, nil, 0); !errors.Is(err, ErrContainer) || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, size := range []int64{-1, MaxImage, 1 << 62} {
		if err := WriteContainer(io.Discard, someManifest, strings.NewReader(""), size); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if err := WriteContainer(io.Discard, someManifest, strings.NewReader("short"), 9); !errors.Is(err, ErrCutOff) {
		t.Errorf("payload that ends early: %v", err)
	}
	longest := Manifest{strings.Repeat("n", maxName), strings.Repeat("g", 32), strings.Repeat(`"<`, 500), when}
	if c, err := Scan(bytes.NewReader(container(t, longest, ""))); err != nil || c.Manifest != longest {
		t.Errorf("the longest manifest: %v", err)
	}
}

// endless gives the same bytes for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestEndlessFileEnds(t *testing.T) {
	head := AppendHeader(nil, "P0S3-8-12-00.sbn", when)
	c, err := Scan(io.MultiReader(bytes.NewReader(head), endless{}))
	if !errors.Is(err, ErrTooLarge) || c.Size != MaxImage+1 {
		t.Errorf("%d bytes, %v", c.Size, err)
	}
}

func TestGenerationFollowsTheRelease(t *testing.T) {
	for load, want := range map[string]string{
		"P0S30100": "guide", "P0S30202": "2", "P0S3-03-1-00": "3", "P0S3-3-2-00": "3", "P0S3-07-4-00": "3", "P0S3-08-12-00": "8", "p0s3-8-12-00": "8", "P0S30800": "8",
		"P0S3-0-1-00": "", "P0S3-": "", "P0S3-x-1": "", "P0S3-123456-1": "", "P0S30": "", "P0S3-+1": "",
		"P003-8-12-00": "", "P0M3-8-12-00": "", "DS79-0-1-0": "", "SIP41.8-5-2": "", "": "",
	} {
		if got := GenerationOf(load); got != want {
			t.Errorf("%q: %q, want %q", load, got, want)
		}
	}
	if got := (Contents{Name: "P0S3-8-12-00", Manifest: Manifest{Generation: "guide"}}).Generation(); got != "guide" {
		t.Errorf("the manifest says guide: %q", got)
	}
}

func TestFileNamesAreTriedInOrder(t *testing.T) {
	want := "[P0S3-8-12-00.img P0S3-8-12-00.sbn P0S3-8-12-00.loads P0S3-8-12-00.sb2 P0S3-8-12-00.bin]"
	for _, load := range []string{"P0S3-8-12-00", "P0S3-8-12-00.bin"} {
		if got := fmt.Sprint(FileNames(load)); got != want {
			t.Errorf("%s: %s", load, got)
		}
	}
	for _, load := range []string{"", "../x", "P0S3 xxyy", ".sbn"} {
		if got := FileNames(load); got != nil {
			t.Errorf("%q: %q", load, got)
		}
	}
}

func FuzzScan(f *testing.F) {
	sound := container(f, someManifest, "some payload")
	for _, at := range []int{0, 9, 13, 21, 30, len(sound) - 1} {
		f.Add(flip(sound, at))
	}
	f.Add(sound)
	f.Add(sound[:len(sound)/2])
	f.Add(container(f, Manifest{Name: "A"}, strings.Repeat("p", headSize)))
	f.Add(append(AppendHeader(nil, "P0S3-8-12-00.loads", when), "P003-8-12-00.sbn\n"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Scan(bytes.NewReader(data))
		if c.Size != int64(len(data)) || c.Digest != digestOf(data) {
			t.Errorf("size %d, digest %s", c.Size, c.Digest)
		}
		if err != nil {
			if strings.ContainsFunc(err.Error(), unprintable) {
				t.Errorf("error %q", err)
			}
			return
		}
		if !isName(c.Name) || c.Payload < 0 || c.Payload > c.Size {
			t.Errorf("%+v", c)
		}
		if c.Layout != ContainerLayout {
			return
		}
		// What is read can be written, and says the same.
		payload := string(data[int64(len(data))-sha256.Size-c.Payload : len(data)-sha256.Size])
		again, err := Scan(bytes.NewReader(container(t, c.Manifest, payload)))
		if err != nil || !sameManifest(again.Manifest, c.Manifest) || again.Payload != c.Payload {
			t.Errorf("%+v, %v, was %+v", again, err, c)
		}
	})
}

func sameManifest(a, b Manifest) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}
