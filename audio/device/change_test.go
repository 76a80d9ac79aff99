package device

import (
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// steepest is the largest difference of two samples in a row.
func steepest(block []float32) (step float64) {
	for i := 1; i < len(block); i++ {
		step = max(step, math.Abs(float64(block[i]-block[i-1])))
	}
	return step
}

// TestLeftLoudspeakerDiesAwayAndIsToldOfTheChange: a device that is cut off in
// the middle of a wave clicks, and so does one that begins there.
func TestLeftLoudspeakerDiesAwayAndIsToldOfTheChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewManual()
		m.Plug(headset)
		begun := 0
		p := NewPort(PortConfig{
			Backend: m, Kind: Playback,
			Begin: func() { begun++ },
			Data: func(block []float32) {
				for i := range block {
					block[i] = 0.5
				}
			},
		})
		defer p.Close()
		p.Want("")
		synctest.Wait()
		m.Run(100 * time.Millisecond)
		m.Heard(ManualSpeaker)
		p.Want("usb")
		synctest.Wait()
		m.Run(200 * time.Millisecond)
		left := m.Heard(ManualSpeaker)
		if n := len(left); n < samples(fadeTime) || n > samples(2*watchTick+10*time.Millisecond) {
			t.Errorf("the left device was heard for %d samples more", n)
		}
		if step := steepest(left); step > 0.01 {
			t.Errorf("step of %.3f", step)
		}
		if left[len(left)-1] != 0 {
			t.Error("the left device still sounds")
		}
		if got := m.Running(); len(got) != 1 || got[0] != "usb" {
			t.Errorf("open: %v", got)
		}
		if begun != 2 {
			t.Errorf("told of %d devices, want 2", begun)
		}
		p.Substitute(make([]float32, 10)) // does nothing beside a device
		m.Unplug("usb")
		synctest.Wait()
		p.Release()
		synctest.Wait()
		p.Substitute(make([]float32, 10))
		p.Substitute(make([]float32, 10))
		if begun != 3 {
			t.Errorf("told of %d changes, want one for no device", begun-2)
		}
	})
}

// TestDeviceThatBlocksOnOpenIsReplacedWithinTwoSeconds: a headset that its
// driver hangs on must not keep the loudspeaker away.
func TestDeviceThatBlocksOnOpenIsReplacedWithinTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		r.Plug(headset)
		r.Hang("usb", true)
		r.port.Want("USB Headset")
		r.Run(2 * time.Second)
		r.want(t, "Manual Speaker", true)
		r.drove = 0
		r.Run(10 * time.Second)
		if want := samples(10 * time.Second); r.drove < want-manualBlock {
			t.Errorf("%d samples in 10 s of new attempts, want %d", r.drove, want)
		}
		r.Hang("usb", false)
		r.Run(7 * time.Second)
		r.want(t, "USB Headset", false)
	})
}

// TestRunningDeviceThatIsLostAndThenHangsFallsBackWithinTwoSeconds: the longest
// way there is, watchdog and hanging open.
func TestRunningDeviceThatIsLostAndThenHangsFallsBackWithinTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "usb", headset)
		r.Run(time.Second)
		r.Silence("usb", true)
		r.Hang("usb", true)
		r.Run(2 * time.Second)
		r.want(t, "Manual Speaker", true)
	})
}

func TestPortTellsWhereTheSystemsDefaultHasTakenIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "", headset)
		r.Run(100 * time.Millisecond)
		r.want(t, "Manual Speaker", false)
		r.SetDefault("usb")
		r.Run(100 * time.Millisecond)
		r.want(t, "USB Headset", false)
		if s := r.state(); s.ID != "usb" || r.Opened() != 1 {
			t.Errorf("ID %q, opened %d times", s.ID, r.Opened())
		}
	})
}

// TestMachineThatSleptGoesOn: after suspend the devices may be the same ones, or
// come back some time after the clock has gone on.
func TestMachineThatSleptGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "usb", headset)
		r.Run(time.Second)
		r.want(t, "USB Headset", false)

		time.Sleep(8 * time.Hour) // no card moves
		r.Run(2 * time.Second)
		r.want(t, "USB Headset", false)

		list, _ := r.List()
		for _, info := range list {
			r.Unplug(info.ID)
		}
		time.Sleep(8 * time.Hour)
		r.Run(time.Second)
		r.want(t, "", true)
		r.Plug(list[0])
		r.Run(2 * time.Second)
		r.want(t, "Manual Speaker", true)
		r.Plug(headset)
		r.Run(5 * time.Second)
		r.want(t, "USB Headset", false)
	})
}

func TestDevicesOfOneNameAreOpenedByTheirID(t *testing.T) {
	list := []Info{{ID: "a", Name: "USB"}, {ID: "b", Name: "USB"}, {ID: "c", Name: "USB", Kind: Capture}}
	for name, want := range map[string]string{"USB": "a", "a": "a", "b": "b"} {
		if got, ok := find(list, Playback, name); !ok || got.ID != want {
			t.Errorf("%q opens %q, want %q", name, got.ID, want)
		}
	}
}

func TestNameMayHoldTheMarkThatPartsTwo(t *testing.T) {
	list := []Info{
		{ID: "h", Name: "HDMI / DisplayPort 1"}, {ID: "u", Name: "USB"},
		{ID: "m", Name: "Mic", Kind: Capture}, {ID: "d", Name: "Default", Kind: Capture, Default: true},
	}
	for name, want := range map[string][2]string{
		"HDMI / DisplayPort 1": {"h", ""}, "USB / Mic": {"u", "m"}, "USB / ": {"u", "d"}, " / Mic": {"h", "m"}, "USB": {"u", ""},
	} {
		playback, _ := find(list, Playback, name)
		capture, _ := find(list, Capture, name)
		if got := [2]string{playback.ID, capture.ID}; got != want {
			t.Errorf("%q opens %q, want %q", name, got, want)
		}
	}
}
