package wav

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "voice.wav")
	w, err := NewWriter(path, 8000)
	if err != nil {
		t.Fatal(err)
	}
	want := []int16{0, 1, -1, 32767, -32768, 12345}
	for _, part := range [][]int16{want[:2], nil, want[2:]} {
		if err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, rate, err := Read(path)
	if err != nil || rate != 8000 || !slices.Equal(got, want) {
		t.Errorf("read %v at %d Hz, %v", got, rate, err)
	}
	// The header that other programs see.
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 44+12 || binary.LittleEndian.Uint32(b[4:]) != uint32(len(b)-8) || binary.LittleEndian.Uint32(b[40:]) != 12 {
		t.Errorf("lengths in the header are wrong: % x", b[:44])
	}
}

// file builds a WAV file of chunks.
func file(chunks ...string) string {
	return "RIFF\x00\x00\x00\x00WAVE" + strings.Join(chunks, "")
}

func chunk(id, body string) string {
	s := id + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		s += "\x00"
	}
	return s
}

const (
	mono16k  = "\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00"
	stereo8k = "\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00"
	eightBit = "\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00"
	noRate   = "\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x10\x00"
)

func TestFilesOfOtherPrograms(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       []int16
		rate       int
	}{
		{"chunks we do not know, odd ones padded", file(chunk("LIST", "abc"), chunk("fmt ", mono16k), chunk("fact", "1234"), chunk("data", "\x01\x00\x02\x00")), []int16{1, 2}, 16000},
		{"stereo is mixed down", file(chunk("fmt ", stereo8k), chunk("data", "\x0a\x00\x14\x00\xf6\xff\xec\xff")), []int16{15, -15}, 8000},
		{"cut short", file(chunk("fmt ", mono16k), "data\xff\xff\xff\xff\x05\x00\x06"), []int16{5}, 16000},
		{"a longer fmt chunk", file(chunk("fmt ", mono16k+"\x00\x00"), chunk("data", "\x07\x00")), []int16{7}, 16000},
	} {
		got, rate, err := Decode(strings.NewReader(c.file))
		if err != nil || rate != c.rate || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v at %d Hz, %v, want %v at %d", c.name, got, rate, err, c.want, c.rate)
		}
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	for name, bad := range map[string]string{
		"empty":          "",
		"not RIFF":       "RIFX\x00\x00\x00\x00WAVE",
		"no data":        file(chunk("fmt ", mono16k)),
		"data first":     file(chunk("data", "\x01\x00"), chunk("fmt ", mono16k)),
		"8 bits":         file(chunk("fmt ", eightBit), chunk("data", "\x01\x00")),
		"no rate":        file(chunk("fmt ", noRate), chunk("data", "\x01\x00")),
		"fmt cut":        file(chunk("fmt ", mono16k[:10])),
		"compressed":     file(chunk("fmt ", "\x07"+mono16k[1:]), chunk("data", "\x01\x00")),
		"no such chunks": file("junk\xff\xff\xff\x7f"),
	} {
		if got, rate, err := Decode(strings.NewReader(bad)); err == nil {
			t.Errorf("%s: read as %v at %d Hz", name, got, rate)
		}
	}
	path := filepath.Join(t.TempDir(), "bad.wav")
	if err := os.WriteFile(path, []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(path); err == nil || !strings.Contains(err.Error(), "bad.wav") {
		t.Errorf("error %v does not name the file", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(file(chunk("fmt ", stereo8k), chunk("data", "\x01\x00\x02\x00"))))
	f.Fuzz(func(t *testing.T, b []byte) {
		samples, rate, err := Decode(bytes.NewReader(b))
		if err == nil && (rate <= 0 || 2*len(samples) > len(b)) {
			t.Errorf("%d samples at %d Hz from %d bytes", len(samples), rate, len(b))
		}
	})
}
