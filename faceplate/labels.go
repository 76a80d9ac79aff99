package faceplate

import (
	"fmt"
	"strings"

	"deskset/phonecore/view"
)

// keyNames are what a person calls the keys, in tool tips and for assistive
// technology. Keys with a number in their name are named by keyLabel.
var keyNames = map[view.Key]string{
	view.KeyStar: "Star", view.KeyPound: "Pound",
	view.KeyScrollUp: "Scroll up", view.KeyScrollDown: "Scroll down",
	view.KeyMessages: "Messages", view.KeyDirectories: "Directories",
	view.KeyServices: "Services", view.KeySettings: "Settings", view.KeyInfo: "Help",
	view.KeyVolumeDown: "Volume down", view.KeyVolumeUp: "Volume up",
	view.KeyHeadset: "Headset", view.KeyMute: "Mute", view.KeySpeaker: "Speaker",
}

// lampOf gives the lamp of a key.
var lampOf = map[view.Key]view.Lamp{
	view.KeyHeadset: view.LampHeadset, view.KeyMute: view.LampMute, view.KeySpeaker: view.LampSpeaker,
}

// keyLabel names a key with what it stands for at the moment.
func keyLabel(k view.Key, v *view.View) string {
	switch {
	case k.Digit() >= '0':
		return string(rune(k.Digit()))
	case k.Line() != 0:
		return withDetail(fmt.Sprintf("Line %d", k.Line()), v.Screen.Lines[k.Line()-1].Text)
	case k.Soft() != 0:
		return withDetail(fmt.Sprintf("Soft key %d", k.Soft()), v.Screen.Soft[k.Soft()-1])
	case k == view.KeyHandset && v.HandsetLifted:
		return "Put the handset down"
	case k == view.KeyHandset:
		return "Lift the handset"
	}
	if lamp, ok := lampOf[k]; ok && v.Lamps[lamp] != view.LampOff {
		return withDetail(keyNames[k], "on")
	}
	return keyNames[k]
}

func withDetail(name, detail string) string {
	if detail == "" {
		return name
	}
	return name + ": " + detail
}

// screenText is the LCD's content as running text, from top to bottom.
func screenText(v *view.View) string {
	s := &v.Screen
	parts := []string{s.Title, s.Status.Left, s.Status.Right}
	for _, r := range s.Rows {
		parts = append(parts, r.Text, r.Right)
	}
	parts = append(parts, s.Text...)
	for i, it := range s.Items {
		mark := ""
		if i == s.Selected {
			mark = "selected"
		}
		parts = append(parts, mark, it.Label, it.Value)
	}
	parts = append(parts, s.Edit.Text, s.Message, s.Prompt)
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
