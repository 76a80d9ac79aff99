package phonecore

import (
	"fmt"
	"slices"
	"time"

	"deskset/phonecore/boot"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// timeline is the start-up as a person sees it: the record of what each stage
// did, the gate at which it can be paused, and the replay of the record. It
// belongs to the loop; the start-up's goroutine touches the gate alone.
type timeline struct {
	stages []view.TimelineStage
	// last is the index of the last stage of the start-up itself.
	last    int
	clock   stopwatch
	running bool
	took    time.Duration
	gate    *gate
	// keepPause carries a pause over to the start-up that Restart begins.
	keepPause bool
	frames    []frame
	replay    replay
	// shown is the last composed view, nil when something has changed.
	shown *view.Timeline

	// settled is true once the registration has come to an end, good or bad:
	// what follows is no part of the start-up.
	settled bool

	// startupLimited says why the phone runs on what it had stored, empty if
	// it does not; the idle screen shows it.
	startupLimited string
	// restart begins the start-up anew; nil if there is no way to.
	restart func()
}

// stageInfo is a stage of the table before it has run.
type stageInfo struct {
	name        string
	explanation text.ID
	// later is true for a stage that goes on after the start-up.
	later bool
}

// bootStages are those of the start-up, and the registration of the lines.
func bootStages() []stageInfo {
	var all []stageInfo
	for _, s := range boot.Stages() {
		all = append(all, stageInfo{text.Get(s.Name), s.Explanation, s.Name == text.StageRegistration})
	}
	return all
}

// timelineBegin is told at power-up which stages there will be.
func (p *Phone) timelineBegin(stages []stageInfo) {
	t := &p.timeline
	paused := t.keepPause && t.gate != nil && t.gate.paused
	t.end()
	*t = timeline{running: true, restart: t.restart, clock: stopwatch{began: time.Now()}}
	t.gate = newGate(p.post, func(waiting bool) {
		if t.running {
			t.clock.hold(waiting)
		}
		t.touch()
	})
	t.gate.paused = paused
	for i, s := range stages {
		t.stages = append(t.stages, view.TimelineStage{
			Name: s.name, Time: text.Get(text.StagePending), Explanation: text.Get(s.explanation),
		})
		if !s.later {
			t.last = i
		}
	}
	t.record(false)
}

// timelineProgress takes what the start-up tells of a stage.
func (p *Phone) timelineProgress(pr boot.Progress) {
	t := &p.timeline
	i := pr.Stage
	if !t.running || i < 0 || i >= len(t.stages) {
		return
	}
	s := &t.stages[i]
	switch {
	case pr.Report != nil:
		t.finish(s, pr.Report)
	case s.State == view.StagePending:
		t.skipBefore(i)
		s.State, s.Began = view.StageRunning, t.clock.elapsed()
		s.Time, s.Detail = text.Get(text.StageRunning), plain(pr.Detail, maxStatusText)
		t.record(true)
		return
	default:
		s.Detail = plain(pr.Detail, maxStatusText)
	}
	t.record(false)
}

func (t *timeline) finish(s *view.TimelineStage, rep *boot.Report) {
	s.State, s.Detail = view.StageDone, ""
	switch {
	case rep.Failed:
		s.State = view.StageFailed
	case rep.Provenance == boot.Skipped:
		s.State = view.StageSkipped
	}
	s.Took = rep.Took
	s.Time = tookText(rep.Took)
	s.Badge = rep.Provenance.Label()
	s.Real = realness[rep.Provenance]
	for _, l := range rep.Learned {
		s.Learned = append(s.Learned, plain(l, maxStatusText))
	}
	for _, m := range rep.Messages {
		s.Messages = append(s.Messages, plain(m.Text(), maxStatusText))
	}
	for _, packet := range rep.Packets {
		s.Packets = append(s.Packets, plain(packetText(packet), maxStatusText))
	}
}

var realness = map[boot.Provenance]view.Realness{
	boot.Real: view.RealnessReal, boot.FromHost: view.RealnessHost, boot.Simulated: view.RealnessSimulated,
}

// packetText is a packet in a line: when, which way, what.
func packetText(p boot.Packet) string {
	way := "<"
	if p.Out {
		way = ">"
	}
	return fmt.Sprintf("%4d ms %s %s", p.At.Milliseconds(), way, p.What)
}

// timelineLines shows the last stage, registration, as the lines have it. It
// goes on after the start-up, which does not wait for it.
func (p *Phone) timelineLines() {
	t := &p.timeline
	if t.running || len(t.stages) <= t.last+1 {
		return
	}
	s := &t.stages[t.last+1]
	s.Began = t.took
	lines, registered, asked := 0, 0, 0
	s.Messages = nil
	for i := range p.lines {
		l := &p.lines[i]
		if !l.configured() || !l.account.Register {
			continue
		}
		lines++
		switch l.reg.State {
		case sipua.RegOK:
			registered++
		case sipua.RegNone, sipua.RegTrying:
			asked++
		}
		if id, args := p.registrationText(l.reg); id != text.None {
			s.Messages = append(s.Messages, text.Get(id, args...))
		}
	}
	s.Badge, s.Real = text.Get(text.ProvenanceReal), view.RealnessReal
	s.Learned = []string{text.Get(text.LearnedLines, registered, lines)}
	s.State, s.Time = view.StageDone, ""
	switch {
	case lines == 0:
		s.State, s.Time, s.Badge, s.Learned = view.StageSkipped, text.Get(text.StageSkipped), "", nil
	case asked > 0:
		s.State, s.Time = view.StageRunning, text.Get(text.StageRunning)
	case registered < lines:
		s.State, s.Time = view.StageFailed, text.Get(text.StageFailed)
	case s.Took == 0:
		s.Took = t.clock.elapsed() - s.Began
		fallthrough
	default:
		s.Time = tookText(s.Took)
	}
	if t.settled {
		t.touch()
		return
	}
	t.settled = asked == 0
	t.record(false)
}

// skipBefore marks the stages that the start-up came past without them.
func (t *timeline) skipBefore(i int) {
	for j := range t.stages[:i] {
		if s := &t.stages[j]; s.State == view.StagePending {
			s.State, s.Time = view.StageSkipped, text.Get(text.StageSkipped)
		}
	}
}

// timelineDone is told when the last stage has ended.
func (p *Phone) timelineDone() {
	t := &p.timeline
	if !t.running {
		return
	}
	t.skipBefore(t.last + 1)
	for i := range t.stages[:t.last+1] {
		if s := &t.stages[i]; s.State == view.StageRunning {
			s.State, s.Time, s.Detail = view.StageFailed, text.Get(text.StageFailed), ""
		}
	}
	t.running = false
	t.took = t.clock.elapsed()
	t.gate.open()
	t.record(false)
}

// end stops what is under way, for a power-off or a new start-up.
func (t *timeline) end() {
	t.replay.stop()
	if t.gate != nil {
		t.gate.close()
	}
}

// touch makes the next view be composed anew.
func (t *timeline) touch() { t.shown = nil }

// limited says on the idle screen that the phone runs on stored values and
// why; an empty reason says that all is well again.
func (p *Phone) limited(reason string) { p.timeline.startupLimited = plain(reason, maxStatusText) }

// view gives the timeline as faces show it; it is composed once for each
// change, so that a face can tell by the pointer that nothing is new.
func (t *timeline) view() *view.Timeline {
	if t.gate == nil {
		return nil // never switched on
	}
	if t.shown != nil {
		return t.shown
	}
	v := &view.Timeline{
		Title: text.Get(text.MenuStartUp), Stages: slices.Clone(t.stages), Running: t.running,
		Paused: t.gate.paused, Took: t.took, Replaying: t.replay.on,
	}
	switch {
	case v.Replaying:
		now := t.frames[t.replay.at]
		v.Stages, v.Took = now.stages, now.at
	case v.Running:
		v.Took = t.clock.elapsed()
	}
	v.Next = slices.IndexFunc(v.Stages, func(s view.TimelineStage) bool { return s.State == view.StagePending })
	if v.Next < 0 {
		v.Next = len(v.Stages)
	}
	v.Status = t.status(v)
	v.Controls = t.buttons()
	t.shown = v
	return v
}

// status is how the timeline stands, in one line.
func (t *timeline) status(v *view.Timeline) string {
	var s string
	switch {
	case !v.Running && !v.Replaying && v.Paused:
		return text.Get(text.TimelineArmed)
	case !v.Running && !v.Replaying:
		return text.Get(text.StatusStarted, secondsText(v.Took))
	case !v.Paused || v.Next == len(v.Stages):
		s = text.Get(text.TimelineRunning)
	case t.gate.waiting():
		s = text.Get(text.TimelinePaused, v.Stages[v.Next].Name)
	default:
		s = text.Get(text.TimelinePausing, v.Stages[v.Next].Name)
	}
	if v.Replaying {
		return text.Get(text.TimelineReplay, s)
	}
	return s
}

// tookText is how long a stage lasted: many last a few milliseconds.
func tookText(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return secondsText(d)
}

func secondsText(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// stopwatch counts time without the pauses.
type stopwatch struct {
	began, stopped time.Time // stopped is zero while it runs
}

func (s *stopwatch) elapsed() time.Duration {
	if !s.stopped.IsZero() {
		return s.stopped.Sub(s.began)
	}
	return time.Since(s.began)
}

func (s *stopwatch) hold(on bool) {
	switch {
	case on && s.stopped.IsZero():
		s.stopped = time.Now()
	case !on && !s.stopped.IsZero():
		s.began = s.began.Add(time.Since(s.stopped))
		s.stopped = time.Time{}
	}
}
