package samples

import (
	"time"

	"deskset/phonecore/view"
)

// stages is a start-up as a trainer meets it: one stage of every kind.
var stages = []view.TimelineStage{
	{Name: "Stored image", State: view.StageDone, Badge: "SIMULATED", Real: view.RealnessSimulated,
		Began: 1050 * time.Millisecond, Took: 610 * time.Millisecond, Time: "610 ms",
		Learned: []string{"Slot A holds DS79-0-1-0, its digest is right"}},
	{Name: "Voice VLAN", State: view.StageDone, Badge: "REAL", Real: view.RealnessReal,
		Began: 1660 * time.Millisecond, Took: 1020 * time.Millisecond, Time: "1.02 s",
		Learned:     []string{"Voice VLAN 110 by CDP from switch lab-sw port Gi0/1"},
		Messages:    []string{"VLAN 110 set by the switch"},
		Explanation: "The switch tells the phone in which VLAN voice travels, so that a PC behind the phone stays out of it."},
	{Name: "IP", State: view.StageDone, Badge: "FROM HOST", Real: view.RealnessHost,
		Began: 2680 * time.Millisecond, Took: 20 * time.Millisecond, Time: "20 ms",
		Learned: []string{"192.0.2.44/24 on eth0", "Router 192.0.2.1"}},
	{Name: "Configuration", State: view.StageRunning, Began: 2700 * time.Millisecond, Time: "Now",
		Detail:      "SIP00503EFFD842.cnf from 192.0.2.10",
		Explanation: "The phone asks the TFTP server for its files, the default one first: what the phone's own file says wins."},
	{Name: "Image check", Time: "Not yet"},
	{Name: "Registration", Time: "Not yet"},
}

var startUpButtons = []view.ControlButton{
	{Control: view.ControlPause, Label: "Pause", Enabled: true},
	{Control: view.ControlStep, Label: "Step", Enabled: true},
	{Control: view.ControlContinue, Label: "Continue"},
	{Control: view.ControlReplay, Label: "Replay"},
	{Control: view.ControlRestart, Label: "Restart"},
}

func timeline() []Sample {
	running := sample("startup-panel", view.Screen{
		Layout: view.LayoutStartUp, Title: "Deskset", Text: append(copyright[:2:2], "SIP00503EFFD842.cnf from 192.0.2.10"),
		Message: "Requesting Configuration", Progress: view.Progress{Shown: true, Done: 500},
	})
	running.View.Timeline = &view.Timeline{
		Title: "Start-up", Status: "Starting", Stages: stages, Running: true, Next: 4,
		Took: 3100 * time.Millisecond, Controls: startUpButtons,
	}
	return []Sample{running, failedPanel(), startUpList(), startUpStage(), upgrading(), limitedIdle()}
}

// failedPanel is a start-up that met no server, paused for the explanation.
func failedPanel() Sample {
	s := limitedIdle()
	s.Name = "startup-panel-failed"
	done := append(stages[:3:3], view.TimelineStage{
		Name: "Configuration", State: view.StageFailed, Badge: "REAL", Real: view.RealnessReal,
		Began: 2700 * time.Millisecond, Took: 24 * time.Second, Time: "24.00 s", Explanation: stages[3].Explanation,
		Messages: []string{"TFTP Timeout: 192.0.2.10 does not answer for OS79XX.TXT", "Using the values stored in flash"},
	}, view.TimelineStage{Name: "Image check", State: view.StageSkipped, Time: "Skipped"},
		view.TimelineStage{Name: "Registration", State: view.StageDone, Badge: "REAL", Real: view.RealnessReal,
			Began: 26700 * time.Millisecond, Took: 140 * time.Millisecond, Time: "140 ms",
			Learned: []string{"Line 1 registered at 192.0.2.20"}})
	buttons := append([]view.ControlButton(nil), startUpButtons...)
	buttons[1].Enabled, buttons[3].Enabled, buttons[4].Enabled = false, true, true
	s.View.Timeline = &view.Timeline{
		Title: "Start-up", Status: "Started in 26.84 s", Stages: done, Next: 6,
		Took: 26840 * time.Millisecond, Controls: buttons,
	}
	return s
}

func startUpList() Sample {
	icons := []view.Icon{view.IconDone, view.IconDone, view.IconDone, view.IconFailed, view.IconSkipped, view.IconDone}
	var items []view.Item
	for i, name := range []string{"Stored image", "Voice VLAN", "IP", "Configuration", "Image check", "Registration"} {
		times := []string{"SIMULATED  610 ms", "REAL  1.02 s", "FROM HOST  20 ms", "REAL  24.00 s", "Skipped", "REAL  140 ms"}
		items = append(items, view.Item{Number: i + 1, Icon: icons[i], Label: name, Value: times[i]})
	}
	return menu("startup-page", "Start-up", items, 3, "Started in 26.84 s", soft("Select", "", "", "Back"))
}

func startUpStage() Sample {
	return sample("startup-stage", view.Screen{
		Layout: view.LayoutText, Title: "Voice VLAN", Prompt: "Started in 26.84 s", Soft: soft("", "", "", "Back"), Selected: -1,
		Text: append(append([]string{"REAL  1.02 s"}, stages[1].Learned...), "VLAN 110 set by the switch", "", stages[1].Explanation),
	})
}

func upgrading() Sample {
	return sample("upgrading", view.Screen{
		Layout: view.LayoutStartUp, Title: "Deskset", Text: append(copyright[:2:2], "DS79-0-2-0.bin from 192.0.2.10"),
		Message: "Upgrading Software 69 %", Progress: view.Progress{Shown: true, Done: 693}, Selected: -1,
	})
}

func limitedIdle() Sample {
	s := phone("idle-limited", view.LineLabel{Icon: view.IconNotRegistered}, "Your current options", soft("Redial", "NewCall", "CFwdAll", "more"),
		view.Row{Text: "Deskset", Style: view.StyleLarge}, view.Row{Text: "No TFTP server"},
		view.Row{Text: "Stored settings; trying again"}, view.Row{Text: "2 missed calls"})
	return s
}
