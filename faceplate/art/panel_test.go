package art

import (
	"strings"
	"testing"
	"unicode/utf8"

	"deskset/phonecore/view"
)

func TestWrappedLinesFitAndLoseNothing(t *testing.T) {
	for _, s := range []string{
		"", " ", "one", "Voice VLAN 110 by CDP from switch lab-sw port Gi0/1",
		strings.Repeat("x", 300), "ein " + strings.Repeat("ß", 200) + " langes Wort", "日本語の長い長い表示",
	} {
		for _, room := range []float64{-10, 0, 5, 60, 320} {
			lines := medium.wrap(s, 13, room)
			for _, l := range lines {
				if medium.width(l, 13) > room && utf8.RuneCountInString(l) > 1 {
					t.Errorf("room %v: %q is too wide", room, l)
				}
			}
			bare := strings.Join(strings.Fields(s), "")
			if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != bare {
				t.Errorf("room %v: %q became %q", room, s, got)
			}
			if got := medium.shorten(s, 13, room); medium.width(got, 13) > max(room, 0) && got != s {
				t.Errorf("room %v: shortened to %q", room, got)
			}
		}
	}
}

// Whatever a timeline holds and however small the window is, drawing ends.
func TestStrangePanelsAreDrawn(t *testing.T) {
	long := strings.Repeat("long words and averylongwordwithoutanyblank ", 50)
	many := &view.Timeline{Title: long, Status: long, Paused: true, Controls: make([]view.ControlButton, 9)}
	for i := range 40 {
		many.Stages = append(many.Stages, view.TimelineStage{
			Name: long, State: view.StageState(i), Badge: "B", Real: view.Realness(i), Time: "1000000.00 s",
			Detail: long, Learned: []string{long, ""}, Messages: []string{long}, Explanation: long,
		})
	}
	for _, timeline := range []*view.Timeline{{}, many} {
		for _, size := range [][2]float64{{PanelWidth, 840}, {PanelWidth, 100}, {1, 1}, {30, 2000}, {0, 0}} {
			for _, selected := range []int{-5, 0, 39, 400} {
				p := Panel{Width: size[0], Height: size[1], Timeline: timeline, Selected: selected, Scroll: 1e9}
				if img := p.Draw(1, desk); img.Rect.Empty() {
					t.Errorf("%v: no picture", size)
				}
			}
		}
	}
}

func TestEachBadgeDiffersInMoreThanColour(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range []view.Realness{view.RealnessReal, view.RealnessHost, view.RealnessSimulated} {
		look := badges[r]
		if seen[look.fill] || look.fill == "" {
			t.Errorf("badge %d has no colour of its own", r)
		}
		seen[look.fill] = true
	}
	if badges[view.RealnessReal].hollow == badges[view.RealnessSimulated].hollow {
		t.Error("what was simulated must not be filled as what was real")
	}
}

func TestNoTwoSpotsOverlap(t *testing.T) {
	timeline := &view.Timeline{Stages: make([]view.TimelineStage, 9), Controls: make([]view.ControlButton, 5)}
	for _, height := range []float64{380, 840} {
		p := Panel{Width: PanelWidth, Height: height, Timeline: timeline}
		var boxes []Rect
		for i := range timeline.Stages {
			boxes = append(boxes, p.Box(Spot(i)))
		}
		boxes = append(boxes, p.text())
		for i := range timeline.Controls {
			boxes = append(boxes, p.Box(ButtonSpot(i)))
		}
		for i, a := range boxes {
			for _, b := range boxes[:i] {
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					t.Errorf("height %v: %v lies over %v", height, a, b)
				}
			}
		}
	}
}
