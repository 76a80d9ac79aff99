package terminal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskset/phonecore/view"
)

// stageSigns mark how far a stage is.
var stageSigns = map[view.StageState]view.Icon{
	view.StagePending: view.IconPending, view.StageRunning: view.IconRunning, view.StageDone: view.IconDone,
	view.StageFailed: view.IconFailed, view.StageSkipped: view.IconSkipped,
}

// Timeline draws the start-up for a terminal of the given width in columns, as
// [Text] does the phone: a line for each stage, what it learned and said below
// it. It is nil for a phone that has none.
func Timeline(t *view.Timeline, width int, colour bool) []string {
	if t == nil {
		return nil
	}
	return drawn(timelineLines(t, max(min(width, maxWidth), minWidth)), width, colour)
}

func timelineLines(t *view.Timeline, width int) []line {
	lines := []line{join(line{{clean(t.Title), bold}}, plain(clean(t.Status)), width)}
	for i := range t.Stages {
		lines = append(lines, stageLines(&t.Stages[i], width)...)
	}
	return lines
}

// stageBadges are the provenances in a colour each; the word says the same.
var stageBadges = map[view.Realness]attr{
	view.RealnessReal: green | bold, view.RealnessHost: bold, view.RealnessSimulated: faint,
}

func stageLines(s *view.TimelineStage, width int) []line {
	setting := map[view.StageState]attr{
		view.StageRunning: bold, view.StageFailed: red, view.StagePending: faint, view.StageSkipped: faint,
	}[s.State]
	name := line{{" " + icon(stageSigns[s.State]) + " " + clean(s.Name), setting}}
	right := line{{clean(s.Badge), stageBadges[s.Real]}, {fmt.Sprintf("%9s", clean(s.Time)), 0}}
	lines := []line{join(name, right, width)}
	add := func(mark string, a attr, texts ...string) {
		for _, text := range texts {
			if text == "" {
				continue
			}
			head := mark
			for _, part := range wrap(clean(text), width-7) {
				lines = append(lines, line{{"     " + head + " " + part, a}})
				head = " "
			}
		}
	}
	add(">", 0, s.Detail)
	add("-", 0, s.Learned...)
	add("!", 0, s.Messages...)
	if s.State == view.StageRunning || s.State == view.StageFailed {
		add(" ", faint, s.Explanation)
	}
	return lines
}

// showTimeline prints the start-up.
func (s *script) showTimeline(string) error {
	lines := Timeline(s.view.Timeline, s.style.width, s.style.colour)
	if lines == nil {
		return errors.New("the phone tells of no start-up yet; :restart begins one")
	}
	return printLines(s.out, s.style.written(lines))
}

// control is the command of that name.
func control(c view.Control) func(*script, string) error {
	return func(s *script, args string) error {
		if args != "" {
			return fmt.Errorf("%s takes nothing behind it, not %q", c, clean(args))
		}
		clear(s.past)
		s.phone.Control(c)
		return nil
	}
}

// stage waits until a stage of the start-up is in a state.
func (s *script) stage(args string) error {
	want, name, _ := strings.Cut(args, " ")
	name = strings.TrimSpace(name)
	if !slices.ContainsFunc(stageStates, func(st view.StageState) bool { return st.String() == want }) {
		return fmt.Errorf("a stage is %s, not %q", strings.Join(stateNames(), ", "), clean(want))
	}
	if name == "" {
		return errors.New("stage: want a state and the name of a stage")
	}
	return s.until(func() bool {
		t := s.view.Timeline
		return t != nil && slices.ContainsFunc(t.Stages, func(st view.TimelineStage) bool {
			return st.Name == name && st.State.String() == want
		})
	}, "stage %s %s", name, want)
}

var stageStates = []view.StageState{view.StagePending, view.StageRunning, view.StageDone, view.StageFailed, view.StageSkipped}

func stateNames() []string {
	var names []string
	for _, s := range stageStates {
		names = append(names, s.String())
	}
	return names
}
