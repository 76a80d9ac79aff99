package phonecore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/boot"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// seen follows the timeline for a while and notes when it changes.
func (tr *trainer) seen(d time.Duration) (times []time.Duration, marks []string) {
	const step = 10 * time.Millisecond
	for at := time.Duration(0); at <= d; at += step {
		mark := tr.states()
		for _, s := range tr.timeline().Stages {
			mark += "|" + s.Detail + strings.Join(s.Learned, "")
		}
		if len(marks) == 0 || marks[len(marks)-1] != mark {
			times, marks = append(times, at), append(marks, mark)
		}
		tr.wait(step)
	}
	return times, marks
}

func TestReplayShowsTheStartUpAgainAndDoesNothing(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		times, marks := tr.seen(1500 * time.Millisecond)
		status := len(tr.statusTexts())
		tr.control(view.ControlReplay)
		now := tr.timeline()
		if !now.Replaying || now.Running || !strings.HasPrefix(now.Status, "REPLAY") {
			t.Errorf("%+v", now)
		}
		if s := tr.view().Screen.Name; s != "idle" {
			t.Errorf("the phone shows %q", s)
		}
		again, same := tr.seen(1500 * time.Millisecond)
		if !slices.Equal(times, again) || !slices.Equal(marks, same) {
			t.Errorf("replayed\n%v %q\nwant\n%v %q", again, same, times, marks)
		}
		if tr.timeline().Replaying || tr.runs != 1 || len(tr.statusTexts()) != status {
			t.Errorf("replaying %v, %d runs, messages %q", tr.timeline().Replaying, tr.runs, tr.statusTexts())
		}
	})
}

func TestAReplayCanBePausedAndStepped(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(2 * time.Second)
		tr.control(view.ControlPause)
		if got := tr.timeline().Status; got != "The next start-up or replay will pause" {
			t.Errorf("status %q", got)
		}
		tr.control(view.ControlReplay)
		for _, want := range []string{"pppp", "dppp", "ddpp", "dddp"} {
			tr.wait(time.Minute)
			tr.expectStates(want)
			tr.control(view.ControlStep)
		}
		tr.wait(time.Minute)
		tr.expectStates("dddf")
		if now := tr.timeline(); now.Replaying || now.Paused {
			t.Errorf("%+v", now)
		}
	})
}

func TestAReplayThatIsBegunAnewForgetsTheOldOne(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(2 * time.Second)
		tr.control(view.ControlPause)
		tr.control(view.ControlReplay)
		tr.wait(time.Minute)
		tr.on(func() { // at once: nothing of the new one waits yet
			tr.phone.timelineControl(view.ControlReplay)
			tr.phone.timelineControl(view.ControlStep)
		})
		tr.wait(time.Minute)
		tr.expectStates("pppp")
	})
}

func TestRestartKeepsThePauseAnotherRestartDoesNot(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(2 * time.Second)
		tr.control(view.ControlPause)
		tr.control(view.ControlRestart)
		tr.wait(time.Minute)
		tr.expectStates("pppp")
		if tr.runs != 2 || !tr.timeline().Paused {
			t.Errorf("%d runs, paused %v", tr.runs, tr.timeline().Paused)
		}
		tr.begin() // the network asks for it
		tr.wait(time.Minute)
		tr.expectStates("dddf")
		if n := tr.alive.Load(); tr.ended[1] != 0 || tr.finished != 2 || n != 0 {
			t.Errorf("stages carried out %v, %d came to their end, %d still wait", tr.ended, tr.finished, n)
		}
	})
}

func TestRestartDoesNotCutACall(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(time.Minute)
		tr.press(view.KeySpeaker)
		tr.control(view.ControlRestart)
		if s := tr.view().Screen; tr.runs != 1 || s.Prompt != text.Get(text.KeyNotActive) {
			t.Errorf("%d runs, prompt %q", tr.runs, s.Prompt)
		}
		tr.press(view.KeySpeaker)
		tr.control(view.ControlRestart)
		if tr.runs != 2 {
			t.Errorf("%d runs", tr.runs)
		}
	})
}

func TestControlsThatWouldDoNothingAreNotOffered(t *testing.T) {
	offered := func(tr *trainer) string {
		var all []string
		for _, b := range tr.timeline().Controls {
			if b.Enabled {
				all = append(all, b.Label)
			}
		}
		return strings.Join(all, " ")
	}
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		if got := offered(tr); got != "Pause Step" {
			t.Errorf("running: %s", got)
		}
		tr.control(view.ControlPause)
		if got := offered(tr); got != "Step Continue" {
			t.Errorf("paused: %s", got)
		}
		tr.control(view.ControlContinue)
		tr.wait(time.Minute)
		if got := offered(tr); got != "Pause Replay Restart" {
			t.Errorf("done: %s", got)
		}
		tr.control(view.ControlStep) // not offered: nothing happens
		tr.control(view.Control(99))
		if now := tr.timeline(); now.Paused || now.Replaying {
			t.Errorf("%+v", now)
		}
	})
}

func TestARecordIsBounded(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.on(func() {
			for i := range 10 * maxFrames {
				tr.phone.timelineProgress(boot.Progress{Detail: fmt.Sprint(i)})
			}
		})
		tr.wait(time.Minute)
		tr.on(func() {
			if n := len(tr.phone.timeline.frames); n > maxFrames+2*len(stagesOfATrainer)+1 {
				t.Errorf("%d frames", n)
			}
		})
		tr.expectStates("dddf")
		tr.control(view.ControlReplay)
		tr.wait(time.Minute)
		tr.expectStates("dddf")
	})
}
