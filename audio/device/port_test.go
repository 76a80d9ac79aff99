package device

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var headset = Info{Kind: Playback, ID: "usb", Name: "USB Headset"}

// portRig is a playback port on a manual backend.
type portRig struct {
	*Manual
	port  *Port
	drove int

	mu     sync.Mutex
	states []PortState
}

func newPortRig(t *testing.T) *portRig {
	r := &portRig{Manual: NewManual()}
	r.port = NewPort(PortConfig{
		Backend: r.Manual,
		Kind:    Playback,
		Data: func(block []float32) {
			for i := range block {
				block[i] = 0.5
			}
		},
		Drive: func(n int) { r.drove += n },
		Notify: func(s PortState) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.states = append(r.states, s)
		},
	})
	t.Cleanup(r.port.Close)
	return r
}

// portWanting has a port that wants a device; plugged are there beside the
// machine's own.
func portWanting(t *testing.T, name string, plugged ...Info) *portRig {
	r := newPortRig(t)
	for _, i := range plugged {
		r.Plug(i)
	}
	r.port.Want(name)
	synctest.Wait()
	return r
}

func (r *portRig) state() PortState {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.states) == 0 {
		return PortState{}
	}
	return r.states[len(r.states)-1]
}

// want asserts which device is in use, and whether there is something to
// complain of.
func (r *portRig) want(t *testing.T, device string, trouble bool) {
	t.Helper()
	s := r.state()
	if s.Device != device || (s.Err != nil) != trouble {
		t.Errorf("using %q, error %v; want %q, error %v", s.Device, s.Err, device, trouble)
	}
}

func TestPortOpensNothingUntilWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		r.Run(time.Second)
		if r.Opened() != 0 || r.port.Live() {
			t.Error("a device is open on hook")
		}
		r.port.Want("")
		r.Run(20 * time.Millisecond)
		r.want(t, "Manual Speaker", false)
		r.port.Release()
		synctest.Wait()
		if len(r.Running()) != 0 || r.port.Live() {
			t.Errorf("%v after Release", r.Running())
		}
		r.want(t, "", false)
	})
}

func TestPortUsesTheDefaultForAMissingDeviceAndChangesOverWhenItComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "USB Headset")
		r.Run(20 * time.Millisecond)
		r.want(t, "Manual Speaker", true)
		if s := r.state(); !errors.Is(s.Err, ErrNoDevice) || s.Wanted != "USB Headset" {
			t.Errorf("state %+v", s)
		}
		r.Run(10 * time.Second)
		r.Plug(headset)
		r.Run(5 * time.Second)
		r.want(t, "USB Headset", false)
		if got := r.Running(); len(got) != 1 || got[0] != "usb" {
			t.Errorf("open: %v", got)
		}
	})
}

func TestPortFallsBackWithinTwoSecondsOfUnpluggingAndReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "usb", headset)
		r.Run(time.Second)
		r.want(t, "USB Headset", false)

		r.Unplug("usb")
		r.Run(400 * time.Millisecond)
		r.want(t, "Manual Speaker", true)
		r.Run(7 * time.Second)

		r.Plug(headset)
		r.Run(5 * time.Second)
		r.want(t, "USB Headset", false)
	})
}

func TestPortReplacesADeviceWhoseCallbacksJustStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "")
		r.Run(time.Second)
		r.Silence(ManualSpeaker, true)
		r.Run(190 * time.Millisecond)
		if r.Opened() != 1 {
			t.Error("gave the device up before 200 ms of silence")
		}
		r.Run(110 * time.Millisecond)
		if r.Opened() != 2 || r.port.Live() {
			t.Errorf("opened %d times, live %v", r.Opened(), r.port.Live())
		}
		r.want(t, "", false) // it opens again: we wait whether it starts
		r.Silence(ManualSpeaker, false)
		r.Run(100 * time.Millisecond)
		r.want(t, "Manual Speaker", false)
	})
}

// TestPortGoesOnWithADeviceThatWasOnlyHeldUp: on a machine with too much to do a
// card's callbacks may stop for longer than the watchdog waits, and to open it
// anew takes longer still.
func TestPortGoesOnWithADeviceThatWasOnlyHeldUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := portWanting(t, "")
		r.Run(time.Second)
		r.Fail(errors.New("busy"))
		r.Silence(ManualSpeaker, true)
		r.Run(300 * time.Millisecond)
		r.want(t, "", true)
		r.drove = 0
		r.Silence(ManualSpeaker, false)
		r.Run(5 * time.Millisecond)
		if r.drove == 0 {
			t.Error("the device is back but not heard")
		}
		r.want(t, "Manual Speaker", false)
		r.Run(10 * time.Second)
		if got := r.Running(); len(got) != 1 || r.Opened() != 1 {
			t.Errorf("open: %v, opened %d times", got, r.Opened())
		}

		r.Silence(ManualSpeaker, true)
		r.Run(3 * time.Second)
		if got := r.Running(); len(got) != 0 {
			t.Errorf("open: %v, after 3 s of silence", got)
		}
		r.Fail(nil)
		r.Silence(ManualSpeaker, false)
		r.Run(5 * time.Second)
		r.want(t, "Manual Speaker", false)
	})
}

func TestPortTriesADeviceThatNeverStartsAtGrowingIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		r.Plug(headset)
		r.Silence("usb", true)
		r.port.Want("usb")
		synctest.Wait()
		r.Run(3 * time.Second)
		r.want(t, "Manual Speaker", true)
		before := r.Opened()
		r.Run(time.Minute)
		if n := r.Opened() - before; n < 4 || n > 30 {
			t.Errorf("%d attempts in a minute", n)
		}
		r.want(t, "Manual Speaker", true)
	})
}

func TestPortChangesDevicesWithoutAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		r.Plug(headset)
		r.Plug(Info{Kind: Playback, ID: "slow", Name: "Slow"})
		r.port.Want("")
		synctest.Wait()
		r.Run(100 * time.Millisecond)
		r.drove = 0
		r.port.Want("usb")
		synctest.Wait()
		r.Run(100 * time.Millisecond)
		r.want(t, "USB Headset", false)

		r.Silence("slow", true) // opens, but takes a second to start
		r.port.Want("slow")
		synctest.Wait()
		r.Run(time.Second)
		r.want(t, "USB Headset", false)
		r.Silence("slow", false)
		r.Run(100 * time.Millisecond)
		r.want(t, "Slow", false)

		if want := samples(1200 * time.Millisecond); r.drove < want || r.drove > want+3*manualBlock {
			t.Errorf("%d samples in 1.2 s, want %d: neither a gap nor two devices at once", r.drove, want)
		}
		if got := r.Running(); len(got) != 1 || got[0] != "slow" {
			t.Errorf("open: %v", got)
		}
	})
}

func TestPortWithNoDeviceAtAllKeepsTrying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		r.Fail(ErrNoSound)
		r.port.Want("usb")
		r.Run(10 * time.Second)
		r.want(t, "", true)
		r.Fail(nil)
		r.Run(5 * time.Second)
		r.want(t, "Manual Speaker", true)
		r.Fail(ErrStuck)
		r.Unplug(ManualSpeaker)
		r.Run(time.Second)
		r.want(t, "", true)
	})
}

func TestSubstituteRunsOnlyWhileNoDeviceDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newPortRig(t)
		block := make([]float32, 10)
		if !r.port.Substitute(block) || block[9] != 0.5 {
			t.Error("closed: want Data to be called")
		}
		r.port.Want("")
		synctest.Wait()
		if !r.port.Substitute(block) {
			t.Error("opened, no callback yet: want Data to be called")
		}
		r.Run(20 * time.Millisecond)
		if r.port.Substitute(block) {
			t.Error("running: Data called beside the device")
		}
		r.Silence(ManualSpeaker, true)
		r.Run(300 * time.Millisecond)
		if !r.port.Substitute(block) {
			t.Error("device dead: want Data to be called")
		}
		r.port.Close()
		if !r.port.Substitute(block) {
			t.Error("after Close: want Data to be called")
		}
	})
}

func TestPortClosesWhileItsDeviceComesAndGoes(t *testing.T) {
	// Not in virtual time: for the race detector.
	for range 50 {
		m := NewManual()
		m.Plug(headset)
		p := NewPort(PortConfig{Backend: m, Kind: Playback, Data: func([]float32) {}})
		var stepping sync.WaitGroup
		stop := make(chan struct{})
		stepping.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					m.Step(manualBlock)
				}
			}
		})
		for range 10 {
			p.Want("")
			p.Want("usb")
			p.Release()
		}
		p.Want("usb")
		p.Close()
		if p.Live() || len(m.Running()) != 0 {
			t.Errorf("live %v, open %v after Close", p.Live(), m.Running())
		}
		close(stop)
		stepping.Wait()
	}
}

func TestCallbackThroughThePortDoesNotAllocate(t *testing.T) {
	p := NewPort(PortConfig{Backend: NewManual(), Kind: Playback, Data: func([]float32) {}})
	defer p.Close()
	other := &tap{port: p}
	mine := &tap{port: p}
	p.active.Store(mine)
	block := make([]float32, 240)
	if n := testing.AllocsPerRun(100, func() {
		mine.data(block)
		other.data(block)
		p.Substitute(block)
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
	p.active.Store(nil)
}
