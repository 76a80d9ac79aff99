package terminal

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"deskset/phonecore/view"
)

func sampleTimeline() *view.Timeline {
	return &view.Timeline{
		Title: "Start-up", Status: "Paused before Registration", Running: true, Paused: true, Next: 5,
		Stages: []view.TimelineStage{
			{Name: "Stored image", State: view.StageDone, Badge: "SIMULATED", Real: view.RealnessSimulated, Time: "610 ms", Learned: []string{"DS79-0-1-0"}},
			{Name: "Voice VLAN", State: view.StageDone, Badge: "REAL", Real: view.RealnessReal, Time: "1.02 s",
				Learned: []string{"Voice VLAN 110 by CDP from switch lab-sw port Gi0/1", "MED \x1b[31mevil"}, Messages: []string{"VLAN 110 set by the switch"}},
			{Name: "IP", State: view.StageDone, Badge: "FROM HOST", Real: view.RealnessHost, Time: "20 ms", Learned: []string{"192.0.2.44/24 on eth0"}},
			{Name: "Configuration", State: view.StageFailed, Badge: "REAL", Real: view.RealnessReal, Time: "24.00 s",
				Messages:    []string{"TFTP Timeout: 192.0.2.10 does not answer for OS79XX.TXT", "Using the values stored in flash"},
				Explanation: "The phone asks the TFTP server for its files, the default one first."},
			{Name: "Image check", State: view.StageSkipped, Time: "Skipped"},
			{Name: "Registration", Time: "Not yet"},
		},
	}
}

func TestTimelineLooksAsDrawn(t *testing.T) {
	var b strings.Builder
	for _, width := range []int{60, 30} {
		fmt.Fprintf(&b, "%d columns\n%s\n", width, strings.Join(Timeline(sampleTimeline(), width, false), "\n"))
	}
	fmt.Fprintf(&b, "ASCII\n%s\n", strings.Join(style{ascii: true}.written(Timeline(sampleTimeline(), 60, false)), "\n"))
	golden(t, "timeline.txt", b.String())
}

func TestNoTimelineLineIsWiderThanTheTerminal(t *testing.T) {
	for width := range 100 {
		for _, l := range Timeline(sampleTimeline(), width, false) {
			if cells(l) > width || strings.Contains(l, "\x1b") {
				t.Fatalf("%d columns: %q", width, l)
			}
		}
	}
	if Timeline(nil, 60, false) != nil {
		t.Error("a phone without a start-up has none to show")
	}
}

func TestScriptControlsTheStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		v := samples["idle"]
		v.Timeline = sampleTimeline()
		phone.views <- v
		out, err := runLines(t, phone, "stage done Voice VLAN", "stage failed Configuration", "stage pending Registration",
			"pause", ":step", "continue", "replay", "restart", ":startup")
		if err != nil {
			t.Fatal(err)
		}
		phone.check(t, "control pause", "control step", "control continue", "control replay", "control restart")
		if !strings.Contains(out, "Paused before Registration") || !strings.Contains(out, "SIMULATED") {
			t.Errorf("printed:\n%s", out)
		}
	})
}

func TestScriptRefusesNonsenseAboutTheStartUp(t *testing.T) {
	for _, command := range []string{"startup", "pause now", "stage", "stage done", "stage ready IP", "step 2"} {
		synctest.Test(t, func(t *testing.T) {
			if _, err := runLines(t, newFakePhone(), command); err == nil || !strings.HasPrefix(err.Error(), "script:1: ") {
				t.Errorf("%s: error %v", command, err)
			}
		})
	}
}

func TestPromptTakesCommands(t *testing.T) {
	phone := newFakePhone()
	f := &screen{phone: phone, keys: newHolder(phone), view: samples["idle"]}
	typing := func(text string) {
		for _, r := range text {
			f.input(input{key: keyText, text: string(r)})
		}
	}
	typing(":pausx")
	f.input(input{key: keyBackspace})
	typing("e")
	f.input(input{key: keyEnter})
	phone.check(t, "control pause")
	typing(":startup")
	f.input(input{key: keyEnter})
	if !f.showTimeline {
		t.Error(":startup does not show the start-up")
	}
	typing(":jump")
	f.input(input{key: keyEnter})
	if !strings.Contains(f.prompt.error, "no command jump") || f.prompt.open {
		t.Errorf("a wrong command says %q", f.prompt.error)
	}
	typing(":st")
	f.input(input{key: keyEscape})
	if f.prompt.open || f.prompt.error != "" {
		t.Errorf("Escape leaves %+v", f.prompt)
	}
	typing(":")
	f.input(input{key: keyBackspace})
	if f.prompt.open {
		t.Error("Backspace on an empty line does not close it")
	}
	f.view = samples["editor"]
	typing(":")
	if f.prompt.open {
		t.Error("while a value is edited the colon belongs to it")
	}
}

func TestPromptIsBounded(t *testing.T) {
	var p prompt
	for range 1000 {
		p.take(input{key: keyText, text: "x"})
	}
	if len(p.text) != maxPrompt {
		t.Errorf("%d characters", len(p.text))
	}
}
