package flash

import (
	"errors"
	"strings"
	"testing"
)

var someImages = Images{Active: 1, Slots: [2]Image{
	{Name: "DS79-0-1-0", Digest: strings.Repeat("0a", 32), Size: 10, BuiltIn: true},
	{Name: "P0S3-8-12-00", Generation: "8", Digest: strings.Repeat("0b", 32), Size: 1 << 30},
}}

func TestImageSlotsAreRecordedTogether(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		want := func(want Images) {
			t.Helper()
			if got, err := f.Images(); got != want || err != nil {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		}
		want(Images{})
		if err := f.SetImages(someImages); err != nil {
			t.Fatal(err)
		}
		want(someImages)
		for _, active := range []int{-1, 2} {
			if err := f.SetImages(Images{Active: active}); err == nil {
				t.Errorf("slot %d may be active", active)
			}
		}
		if err := f.SetImages(Images{Slots: [2]Image{{Name: strings.Repeat("x", maxValue)}}}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("error %v", err)
		}
		// A factory reset leaves the phone its firmware.
		if err := f.Erase(); err != nil {
			t.Fatal(err)
		}
		want(someImages)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := f.Images()
		for _, err := range []error{err, f.SetImages(someImages)} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("error %v", err)
			}
		}
	})
}

func TestRecordOfImagesThatMakesNoSense(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		for _, data := range []string{"", "x", "[]", `{"active":2}`, `{"active":-1}`, `{"slots":{}}`, `{"slots":[{"size":"1"}]}`} {
			if err := f.store.apply([]change{{images, slotsRecord, []byte(data)}}); err != nil {
				t.Fatal(err)
			}
			if got, err := f.Images(); !errors.Is(err, ErrDamaged) || got != (Images{}) {
				t.Errorf("%q: %+v, %v", data, got, err)
			}
		}
	})
}

func TestDirectoryIsKnownToWhoKeepsFilesThere(t *testing.T) {
	dir := t.TempDir()
	if f := open(t, dir); f.Dir() != dir {
		t.Errorf("directory %q, want %q", f.Dir(), dir)
	}
	if got := Memory().Dir(); got != "" {
		t.Errorf("directory %q of a flash in memory", got)
	}
}
