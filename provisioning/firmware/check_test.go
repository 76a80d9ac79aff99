package firmware

import (
	"fmt"
	"strings"
	"testing"
)

func TestCheckLoadNameTellsWhatInstrumentsDoNotWant(t *testing.T) {
	tests := []struct{ text, load, want string }{
		{"P0S3-8-12-00\r\n", "P0S3-8-12-00", "[]"},
		{"P003-8-12-00 ", "P003-8-12-00", "[]"},
		{"\n P0S3-8-12-00.sbn\n", "P0S3-8-12-00", `[OS79XX.TXT:2: "P0S3-8-12-00.sbn": want the load's name without extension; using P0S3-8-12-00]`},
		{"P0S3-8-12-00\nmore", "P0S3-8-12-00", "[OS79XX.TXT:2: want one line; the rest is not read]"},
		{"SIP41.8-5-2\n", "SIP41.8-5-2", "whose names begin with P0S3"},
		{"", "", "want the name of a load"},
		{"two words", "", "want the name of a load"},
		{"P0S3\x00\xff", "", "want the name of a load"},
	}
	for _, tt := range tests {
		load, problems := CheckLoadName("OS79XX.TXT", []byte(tt.text))
		if got := fmt.Sprint(problems); load != tt.load || !strings.Contains(got, tt.want) {
			t.Errorf("%q: load %q, %s", tt.text, load, got)
		}
	}
}

func TestUniversalLoaderBelongsToItsSIPLoad(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"P0S3-8-12-00", "p0s3-8-12-00"}: true,
		{"P003-8-12-00", "P0S3-8-12-00"}: true,
		{"P0S3-8-12-00", "P003-8-12-00"}: true,
		{"P003-8-12-00", "P0S3-8-11-00"}: false,
		{"P0M3-8-12-00", "P0S3-8-12-00"}: false,
		{"", "P0S3-8-12-00"}:             false,
		{"P003", "P0S3"}:                 false,
	} {
		if got := SameRelease(pair[0], pair[1]); got != want {
			t.Errorf("%v: %v", pair, got)
		}
	}
}

func TestImageUnderAnotherNameIsRefused(t *testing.T) {
	image := AppendHeader(nil, "P0S3-8-12-00.sbn", when)
	for file, want := range map[string]string{"P0S3-8-12-00.sbn": "", "P0S3-8-11-00.sbn": "names another file"} {
		err := CheckImage(file, image)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) && want != "" {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := CheckImage("P0S3-8-12-00.sbn", []byte("short")); err == nil {
		t.Error("a file without header passes")
	}
}

func FuzzCheckLoadName(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfP0S3-8-12-00.bin\r\nx"))
	f.Fuzz(func(t *testing.T, data []byte) {
		load, problems := CheckLoadName("f", data)
		if load == "" && len(problems) == 0 {
			t.Error("neither a load nor a problem")
		}
	})
}
