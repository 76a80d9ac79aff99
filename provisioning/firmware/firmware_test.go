package firmware

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestParseLoadName(t *testing.T) {
	for text, want := range map[string]string{
		"P0S3-8-12-00":                       "P0S3-8-12-00",
		"P0S3-8-12-00 \r\n":                  "P0S3-8-12-00",
		"\xef\xbb\xbf\r\n\r\nP003-8-12-00\n": "P003-8-12-00",
		"P0S30202.bin\n":                     "P0S30202",
		"P0S3-07-4-00.loads":                 "P0S3-07-4-00",
		"SIP45.9-4-2\nsecond line":           "SIP45.9-4-2",
	} {
		if got, err := ParseLoadName([]byte(text)); err != nil || got != want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "\r\n", "two words", "../etc", ".bin", "a\x00b", strings.Repeat("x", 65), "<html>"} {
		if got, err := ParseLoadName([]byte(text)); !errors.Is(err, ErrLoadName) {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

var when = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func TestHeaderOf404BytesNamesTheFile(t *testing.T) {
	data := AppendHeader([]byte{}, "P0S3-8-12-00.sb2", when)
	if len(data) != 404 {
		t.Errorf("header of %d bytes", len(data))
	}
	h, err := ReadHeader(append(data, "payload"...))
	if err != nil {
		t.Fatal(err)
	}
	want := Header{Major: 1, Minor: 1, Length: 404, FileName: "P0S3-8-12-00.sb2", Subject: "CN=Deskset lab", Issuer: "CN=Deskset lab", Time: when, Signed: true}
	if h != want {
		t.Errorf("got %+v\nwant %+v", h, want)
	}
}

func TestRenamedImageFails(t *testing.T) {
	h, err := ReadHeader(AppendHeader(nil, "P0S3-8-12-00.sb2", when))
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"P0S3-8-12-00.sb2", "P0S3-8-12-00", "p0s3-8-12-00.LOADS"} {
		if err := h.Check(same); err != nil {
			t.Errorf("%s: %v", same, err)
		}
	}
	if err := h.Check("P0S3-8-13-00.sb2"); !errors.Is(err, ErrOtherName) || !strings.Contains(err.Error(), "P0S3-8-13-00.sb2") {
		t.Errorf("error %v", err)
	}
}

func TestHeadersThatMakeNoSense(t *testing.T) {
	sound := AppendHeader(nil, "P0S3-8-12-00.sb2", when)
	for _, data := range [][]byte{nil, {1}, []byte("MZ, an old image"), []byte("P0S3"), make([]byte, 500)} {
		if _, err := ReadHeader(data); !errors.Is(err, ErrNoHeader) {
			t.Errorf("%.10q: %v", data, err)
		}
	}
	with := func(at int, b byte) []byte {
		data := bytes.Clone(sound)
		data[at] = b
		return data
	}
	for name, data := range map[string][]byte{
		"cut off":              sound[:100],
		"longer than the file": with(8, 0xff),
		"no length":            with(5, 99),
		"length within itself": append(with(8, 0)[:9], append([]byte{5}, sound[10:]...)...),
		"no file name":         appendElement(sound[:5:5], tagLength, []byte{0, 10}),
		"element too long":     with(11, 0xff),
	} {
		if h, err := ReadHeader(data); !errors.Is(err, ErrHeader) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

func TestLoadsFileListsTheParts(t *testing.T) {
	list := "P003-8-12-00.sbn\r\nP0S3-8-12-00.sb2\nLA_VERSION=PAS30830\n\x00"
	for _, data := range [][]byte{[]byte(list), append(AppendHeader(nil, "P0S3-8-12-00.loads", when), list...)} {
		l, err := ParseLoads(data)
		if err != nil || strings.Join(l.Files, " ") != "P003-8-12-00.sbn P0S3-8-12-00.sb2" || l.Versions["LA_VERSION"] != "PAS30830" {
			t.Errorf("%+v, %v", l, err)
		}
	}
	for _, text := range []string{"", "LA_VERSION=1", "../a.sbn", "a b", strings.Repeat("a.sbn\n", 50), strings.Repeat("\n", 70_000)} {
		if l, err := ParseLoads([]byte(text)); err == nil {
			t.Errorf("%.20q: %+v", text, l)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	sound := AppendHeader(nil, "P0S3-8-12-00.sb2", when)
	f.Add(sound)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		damaged := bytes.Clone(sound)
		damaged[random.IntN(60)] = byte(random.Uint32())
		f.Add(damaged)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadHeader(data)
		if err == nil && (h.Length > len(data) || h.Length < 10 || h.FileName == "") {
			t.Errorf("%+v of %d bytes", h, len(data))
		}
		ParseLoads(data)
		if name, err := ParseLoadName(data); err == nil && !isName(name) {
			t.Errorf("name %q", name)
		}
	})
}
