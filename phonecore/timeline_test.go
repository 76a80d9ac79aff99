package phonecore

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/boot"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// stagesOfATrainer are what the tests' start-up goes through; each lasts as
// many tenths of a second as its place.
var stagesOfATrainer = []string{"Stored image", "Voice VLAN", "IP", "Configuration"}

// trainer is a desk whose start-up is made by the test, so that it can be held
// at its gate.
type trainer struct {
	*desk
	runs     int          // how often the start-up was begun
	finished int          // and how often it came to its end
	ended    []int        // stages that each run has carried out
	alive    atomic.Int32 // start-ups whose goroutine has not ended
	silent   bool         // the start-up tells nothing of stage 3
}

func onTrainer(t *testing.T, test func(*trainer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tr := &trainer{desk: newDesk(t)}
		defer tr.switchOff()
		tr.on(func() { tr.phone.timeline.restart = tr.start })
		test(tr)
	})
}

// start begins a start-up; call it on the loop.
func (tr *trainer) start() {
	p := tr.phone
	p.menuExit()
	p.mode = modeStarting
	var infos []stageInfo
	for _, name := range stagesOfATrainer {
		infos = append(infos, stageInfo{name: name, explanation: text.LicenceLine})
	}
	p.timelineBegin(infos)
	run, gate := tr.runs, p.timeline.gate
	tr.runs++
	tr.ended = append(tr.ended, 0)
	tr.alive.Add(1)
	p.work(func(ctx context.Context) {
		defer tr.alive.Add(-1)
		for i, name := range stagesOfATrainer {
			if gate.wait(ctx) != nil {
				return
			}
			tr.stage(ctx, run, i, name)
		}
		p.post(func() {
			if run == tr.runs-1 && p.mode == modeStarting {
				tr.finished++
				p.timelineDone()
				p.mode = modeRunning
			}
		})
	})
}

func (tr *trainer) stage(ctx context.Context, run, i int, name string) {
	tell := func(pr boot.Progress) {
		tr.phone.post(func() {
			if run == tr.runs-1 {
				tr.phone.startup.progress = pr
				tr.phone.timelineProgress(pr)
			}
		})
	}
	length := time.Duration(i+1) * 100 * time.Millisecond
	if !tr.silent || i != 2 {
		tell(boot.Progress{Stage: i, Message: text.ConfiguringIP, Step: i, Steps: 4})
		tell(boot.Progress{Stage: i, Message: text.ConfiguringIP, Detail: "file " + name, Step: i, Steps: 4})
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	rep := &boot.Report{Stage: name, Provenance: boot.Provenance(i % 3), Took: length, Learned: []string{"learned by " + name + "\x1b[31m"}}
	if name == "Configuration" {
		rep.Failed, rep.Learned = true, nil
		rep.Messages = []boot.Message{{ID: text.StatusNoNetwork, Args: []any{"cable"}, Err: errors.New("cable")}}
	}
	if !tr.silent || i != 2 {
		tell(boot.Progress{Stage: i, Step: i + 1, Steps: 4, Report: rep})
	}
	tr.phone.post(func() { tr.ended[run]++ })
}

func (tr *trainer) begin() {
	tr.on(tr.start)
	synctest.Wait()
}

func (tr *trainer) control(c view.Control) {
	tr.phone.Control(c)
	synctest.Wait()
}

func (tr *trainer) timeline() *view.Timeline { return tr.view().Timeline }

// states are the stages' states in short: d for done and so on.
func (tr *trainer) states() string {
	var s string
	for _, st := range tr.timeline().Stages {
		s += st.State.String()[:1]
	}
	return s
}

func (tr *trainer) expectStates(want string) {
	tr.t.Helper()
	if got := tr.states(); got != want {
		tr.t.Errorf("stages %q, want %q; %q", got, want, tr.timeline().Status)
	}
}

func TestTimelineTellsWhatEachStageDid(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(150 * time.Millisecond)
		tr.expectStates("drpp")
		now := tr.timeline()
		if !now.Running || now.Next != 2 || now.Stages[1].Detail != "file Voice VLAN" || now.Stages[1].Began != 100*time.Millisecond {
			t.Errorf("%+v", now)
		}
		tr.wait(time.Minute)
		tr.expectStates("dddf")
		now = tr.timeline()
		if now.Running || now.Took != time.Second || now.Status != "Started in 1.00 s" || now.Next != 4 {
			t.Errorf("%+v", now)
		}
		for i, badge := range []string{"REAL", "FROM HOST", "SIMULATED", "REAL"} {
			s := now.Stages[i]
			if s.Badge != badge || s.Real == view.RealnessUnknown || s.Detail != "" || s.Explanation != text.Get(text.LicenceLine) {
				t.Errorf("stage %d: %+v", i, s)
			}
		}
		if s := now.Stages[1]; s.Took != 200*time.Millisecond || s.Time != "200 ms" || len(s.Learned) != 1 || strings.Contains(s.Learned[0], "\x1b") {
			t.Errorf("%+v", s)
		}
		if s := now.Stages[3]; !slices.Equal(s.Messages, []string{"No network: cable"}) {
			t.Errorf("%+v", s)
		}
	})
}

func TestAStageThatWasPassedOverIsSkipped(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.silent = true
		tr.begin()
		tr.wait(time.Minute)
		tr.expectStates("ddsf")
	})
}

func TestNothingIsComposedAnewWhileNothingChanges(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(150 * time.Millisecond)
		before := tr.timeline()
		if tr.timeline() != before {
			t.Error("the same timeline is another value: faces would draw it again")
		}
		stages := slices.Clone(before.Stages)
		tr.wait(time.Minute)
		if tr.timeline() == before || !slices.EqualFunc(stages, before.Stages, func(a, b view.TimelineStage) bool { return a.State == b.State }) {
			t.Error("a published timeline has changed")
		}
	})
}

func TestPauseHoldsTheNextStageStepLetsOneThrough(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(50 * time.Millisecond)
		tr.control(view.ControlPause)
		if got := tr.timeline().Status; got != "Will pause before Voice VLAN" {
			t.Errorf("status %q", got)
		}
		tr.wait(time.Hour)
		tr.expectStates("dppp")
		v := tr.view()
		if got := v.Timeline.Status; got != "Paused before Voice VLAN" || v.Screen.Prompt != got {
			t.Errorf("status %q, LCD %q", got, v.Screen.Prompt)
		}
		tr.control(view.ControlStep)
		tr.wait(time.Hour)
		tr.expectStates("ddpp")
		tr.control(view.ControlContinue)
		tr.wait(time.Second)
		tr.expectStates("dddf")
		if now := tr.timeline(); now.Took != time.Second || now.Paused {
			t.Errorf("took %v, paused %v: pauses must not count", now.Took, now.Paused)
		}
	})
}

func TestPowerOffEndsAPauseAtOnce(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.control(view.ControlPause)
		tr.wait(time.Hour)
		// switchOff, deferred, fails the test if it takes longer than the
		// phone's farewell.
	})
}

// TestRandomControlsNeverHangTheStartUp lets a person press all there is, in
// any order, while the phone starts: the start-up always comes to its end once
// nobody holds it, and the screen always says something.
func TestRandomControlsNeverHangTheStartUp(t *testing.T) {
	for seed := range uint64(20) {
		onTrainer(t, func(tr *trainer) {
			r := rand.New(rand.NewPCG(seed, 4))
			tr.begin()
			for step := range 300 {
				switch n := r.IntN(10); {
				case n < 5:
					tr.control(pick(r, view.Controls()))
				case n < 7:
					tr.press(pick(r, view.Keys()))
				case n < 8:
					tr.phone.Type(pick(r, monkeyTexts))
				default:
					tr.wait(time.Duration(r.IntN(400)) * time.Millisecond)
				}
				if r.IntN(60) == 0 {
					tr.begin()
				}
				tr.check(step)
			}
			if seed%4 == 3 { // switched off, perhaps in the middle of a pause
				tr.control(view.ControlPause)
				tr.wait(time.Hour)
				return
			}
			tr.control(view.ControlContinue)
			tr.wait(time.Minute)
			tr.control(view.ControlContinue)
			tr.wait(time.Minute)
			if now := tr.timeline(); now.Running || now.Replaying || now.Paused {
				t.Fatalf("seed %d: the start-up hangs: %+v", seed, now)
			}
			tr.expectStates("dddf")
		})
	}
}

// check is what must hold whatever a person does.
func (tr *trainer) check(step int) {
	tr.t.Helper()
	v := tr.view()
	if v.Screen.Name == "" || strings.Trim(screenText(v.Screen), "|\n ") == "" {
		tr.t.Fatalf("step %d: the screen %q is empty", step, v.Screen.Name)
	}
	now := v.Timeline
	if now.Running && now.Replaying || len(now.Stages) != len(stagesOfATrainer) || now.Status == "" {
		tr.t.Fatalf("step %d: %+v", step, now)
	}
	running := 0
	for i, s := range now.Stages {
		if s.State == view.StageRunning {
			running++
		}
		if s.State == view.StagePending && i < now.Next || s.Time == "" {
			tr.t.Fatalf("step %d: next is %d: %+v", step, now.Next, now.Stages)
		}
	}
	if running > 1 {
		tr.t.Fatalf("step %d: %d stages run at once", step, running)
	}
}
