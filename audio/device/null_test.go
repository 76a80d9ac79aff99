package device

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestNullDeviceKeepsTimeAtTheExactRate(t *testing.T) {
	for _, period := range []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 7 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			var heard atomic.Int64
			d, err := Null{}.Open(Config{Kind: Playback, Period: period, Data: func(b []float32) { heard.Add(int64(len(b))) }})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			if got, want := heard.Load(), int64(60*Rate); got < want-int64(samples(period)) || got > want {
				t.Errorf("period %v: %d samples in a minute, want %d less one period at most", period, got, want)
			}
			after := heard.Load()
			time.Sleep(time.Second)
			if heard.Load() != after {
				t.Error("samples after Close")
			}
		})
	}
}

func TestNullMicrophoneIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := Null{}.Open(Config{Kind: Capture, Data: func(b []float32) {
			for i := range b {
				if b[i] != 0 {
					t.Error("sound from nowhere")
				}
				b[i] = 1 // the next block must be silent all the same
			}
		}})
		time.Sleep(100 * time.Millisecond)
		d.Close()
	})
}

func TestNullDeviceSaysThatThereIsNoSound(t *testing.T) {
	d, _ := Null{}.Open(Config{Data: func([]float32) {}})
	defer d.Close()
	if d.Name() != "no sound" {
		t.Errorf("name %q", d.Name())
	}
}

func TestFindPrefersIDThenNameThenDefault(t *testing.T) {
	list := []Info{
		{Kind: Playback, ID: "a", Name: "Speaker"},
		{Kind: Playback, ID: "Speaker", Name: "Odd"},
		{Kind: Playback, ID: "c", Name: "Headset", Default: true},
		{Kind: Capture, ID: "d", Name: "Headset"},
	}
	tests := []struct {
		kind     Kind
		name, id string
		found    bool
	}{
		{Playback, "a", "a", true},
		{Playback, "Speaker", "Speaker", true},
		{Playback, "Headset", "c", true},
		{Capture, "Headset", "d", true},
		{Playback, "", "c", true},
		{Capture, "", "d", true}, // none is marked: the first
		{Capture, "a", "", false},
		{Playback, "gone", "", false},
	}
	for _, test := range tests {
		got, ok := find(list, test.kind, test.name)
		if ok != test.found || got.ID != test.id {
			t.Errorf("find %v %q: %q %v, want %q %v", test.kind, test.name, got.ID, ok, test.id, test.found)
		}
	}
}
