package phonecore

import (
	"slices"
	"time"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// maxFrames bounds the record of a start-up. Beyond it only the begin and the
// end of stages are kept: a long download tells much of itself.
const maxFrames = 500

// frame is the timeline at one moment of the start-up.
type frame struct {
	at time.Duration // since power-up, without pauses
	// begins is true if a stage begins here: a replay can be paused before it.
	begins bool
	stages []view.TimelineStage
}

// record keeps the present state for a replay.
func (t *timeline) record(begins bool) {
	t.touch()
	if len(t.frames) >= maxFrames && !begins && !t.turned() {
		return
	}
	t.frames = append(t.frames, frame{t.clock.elapsed(), begins, slices.Clone(t.stages)})
}

// turned tells whether a stage is in another state than in the last frame.
func (t *timeline) turned() bool {
	last := t.frames[len(t.frames)-1].stages
	return !slices.EqualFunc(last, t.stages, func(a, b view.TimelineStage) bool { return a.State == b.State })
}

// replay shows the frames again at their own pace. Nothing is done.
type replay struct {
	on bool
	at int // index of the frame that is shown
	t  *timer
}

func (r *replay) stop() {
	r.t.stop()
	*r = replay{}
}

// replayFrom shows a frame and arranges for the next.
func (p *Phone) replayFrom(i int) {
	t := &p.timeline
	t.replay.on, t.replay.at = true, i
	t.touch()
	if i+1 == len(t.frames) {
		t.replay.stop()
		t.gate.open()
		return
	}
	next := t.frames[i+1]
	t.replay.t = p.after(next.at-t.frames[i].at, func() {
		if !next.begins {
			p.replayFrom(i + 1)
			return
		}
		t.gate.arrive(func(err error) {
			if err == nil {
				p.replayFrom(i + 1)
			}
		})
	})
}

// Control reports a wish about the start-up from the panel beside a face.
func (p *Phone) Control(c view.Control) { p.put(p.keys, func() { p.timelineControl(c) }) }

func (p *Phone) timelineControl(c view.Control) {
	t := &p.timeline
	if p.mode == modeOff || !t.allows(c) {
		return
	}
	p.log.Info("start-up control", "control", c.String())
	t.touch()
	switch c {
	case view.ControlPause:
		t.gate.pause()
	case view.ControlStep:
		t.gate.step()
	case view.ControlContinue:
		t.gate.open()
	case view.ControlReplay:
		t.replay.stop()
		t.gate.release(errGateClosed) // of a replay that was under way
		p.replayFrom(0)
	case view.ControlRestart:
		if p.calls.Len() > 0 || p.entry.open {
			p.notActive() // a call would be lost
			return
		}
		t.keepPause = true
		t.restart()
	}
}

// allows tells whether a control would do anything now.
func (t *timeline) allows(c view.Control) bool {
	if t.gate == nil {
		return false
	}
	switch c {
	case view.ControlPause:
		return !t.gate.paused
	case view.ControlStep:
		return t.running || t.replay.on
	case view.ControlContinue:
		return t.gate.paused
	case view.ControlReplay:
		return !t.running && len(t.frames) > 1
	case view.ControlRestart:
		return t.restart != nil && !t.running
	}
	return false
}

var controlLabels = map[view.Control]text.ID{
	view.ControlPause: text.ControlPause, view.ControlStep: text.ControlStep, view.ControlContinue: text.ControlContinue,
	view.ControlReplay: text.ControlReplay, view.ControlRestart: text.ControlRestart,
}

func (t *timeline) buttons() []view.ControlButton {
	var all []view.ControlButton
	for _, c := range view.Controls() {
		all = append(all, view.ControlButton{Control: c, Label: text.Get(controlLabels[c]), Enabled: t.allows(c)})
	}
	return all
}
