package phonecore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/mix"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// taped is a voice whose calls can be recorded; each second of virtual time it
// gives what the test asks for.
type taped struct {
	*voice
	tapes map[audio.Stream]audio.Tape
	warn  bool
}

func (v *taped) Tape(s audio.Stream, t audio.Tape, warn bool) {
	if v.warn = warn; t == nil {
		delete(v.tapes, s)
		return
	}
	v.tapes[s] = t
}

// run gives every tape a second of a call.
func (v *taped) run() {
	block := make([]float32, mix.Rate/10)
	for _, t := range v.tapes {
		for range 10 {
			t.Take(block, block)
		}
	}
}

// recording has a desk that may record, with a call up.
func recordingDesk(t *testing.T, folder string, test func(d *desk, v *taped), flags ...string) {
	t.Helper()
	v := &taped{tapes: map[audio.Stream]audio.Tape{}}
	onDesk(t, func(d *desk) { test(d, v) }, func(c *Config) {
		inner := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := inner(notify)
			if inside, ok := e.(*voice); ok {
				v.voice = inside
			}
			return v, err
		}
		c.Recordings = folder
	}, withFlags(flags...))
}

func filesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestRecordOnDemand(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "recordings")
	recordingDesk(t, folder, func(d *desk, v *taped) {
		d.calling()
		d.soft("Record")
		d.expect("connected", "Recording")
		if len(v.tapes) != 1 || !v.warn {
			t.Errorf("%d tapes, warning %v", len(v.tapes), v.warn)
		}
		for range 3 {
			d.on(v.run)
			d.wait(time.Second)
		}
		d.soft("StopRec")
		d.expect("connected", "Recorded: ")
		d.wait(5 * time.Second)
		d.expect("connected", "Connected")
		if len(v.tapes) != 0 {
			t.Error("the tape runs on")
		}
		d.soft("EndCall")
		d.press(view.KeySettings, view.Key5, view.Key8)
		d.wait(time.Second)
		d.expect("menu.status.recordings", "In "+folder[:8], "_to_ada", "192 kB")
	}, "record_calls", "on_demand")
	names := filesIn(t, folder)
	if len(names) != 1 || !strings.HasSuffix(names[0], ".wav") {
		t.Fatalf("%q", names)
	}
	// 3 s of 16 kHz, two channels of 16 bits.
	if info, err := os.Stat(filepath.Join(folder, names[0])); err != nil || info.Size() < 191000 || info.Size() > 193000 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestNobodyRecordsUnlessItIsAllowed(t *testing.T) {
	recordingDesk(t, t.TempDir(), func(d *desk, v *taped) {
		d.calling()
		for range 4 {
			for _, label := range d.view().Screen.Soft {
				if strings.Contains(label, "Rec") {
					t.Errorf("soft key %q", label)
				}
			}
			d.soft("more")
		}
		if len(v.tapes) != 0 {
			t.Error("recorded")
		}
		d.press(view.KeySettings, view.Key5, view.Key8)
		d.wait(time.Second)
		d.expect("menu.status.recordings", "Off (record_calls)", "No recordings")
	})
}

// TestAllCallsAreRecorded from their first second to their last, through hold;
// nobody can stop it.
func TestAllCallsAreRecorded(t *testing.T) {
	folder := t.TempDir()
	recordingDesk(t, folder, func(d *desk, v *taped) {
		d.calling()
		d.expect("connected", "Recording")
		if v.warn {
			t.Error("a tone that was switched off")
		}
		d.soft("Hold")
		ada := d.peer()
		ada.Reply(ada.Await("INVITE"), 200, siptest.SDP(peerSDP))
		d.wait(time.Second)
		d.expect("held", "Recording")
		if len(v.tapes) != 1 {
			t.Errorf("%d tapes on hold", len(v.tapes))
		}
		d.on(func() { d.phone.endAllCalls() })
		d.wait(time.Second)
		if len(v.tapes) != 0 {
			t.Error("a tape outlives its call")
		}
	}, "record_calls", "all", "record_tone", "0")
	if names := filesIn(t, folder); len(names) != 1 {
		t.Errorf("%q", names)
	}
}

// TestADiskThatFailsIsToldAndTheCallGoesOn.
func TestADiskThatFailsIsToldAndTheCallGoesOn(t *testing.T) {
	recordingDesk(t, "/dev/null/recordings", func(d *desk, v *taped) {
		d.calling()
		d.soft("Record")
		d.wait(time.Second)
		d.expect("connected", "Not recording: not a directory")
		if len(v.tapes) != 0 {
			t.Error("the tape runs on")
		}
		d.wait(10 * time.Second)
		d.expect("connected", "Connected")
	}, "record_calls", "on_demand")
}
