package faceplate

import (
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// keyNames are what a person calls the keys, in tool tips and for assistive
// technology. Keys with a number in their name are named by keyLabel.
var keyNames = map[view.Key]text.ID{
	view.KeyStar: text.KeyStar, view.KeyPound: text.KeyPound,
	view.KeyScrollUp: text.KeyScrollUp, view.KeyScrollDown: text.KeyScrollDown,
	view.KeyMessages: text.KeyMessages, view.KeyDirectories: text.KeyDirectories,
	view.KeyServices: text.KeyServices, view.KeySettings: text.KeySettings, view.KeyInfo: text.KeyHelp,
	view.KeyVolumeDown: text.KeyVolumeDown, view.KeyVolumeUp: text.KeyVolumeUp,
	view.KeyHeadset: text.KeyHeadset, view.KeyMute: text.KeyMute, view.KeySpeaker: text.KeySpeaker,
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
		return withDetail(text.Get(text.KeyLine, k.Line()), v.Screen.Lines[k.Line()-1].Text)
	case k.Soft() != 0:
		return withDetail(text.Get(text.KeySoft, k.Soft()), v.Screen.Soft[k.Soft()-1])
	case k == view.KeyHandset && v.HandsetLifted:
		return text.Get(text.KeyPutDown)
	case k == view.KeyHandset:
		return text.Get(text.KeyLift)
	}
	if lamp, ok := lampOf[k]; ok && v.Lamps[lamp] != view.LampOff {
		return withDetail(text.Get(keyNames[k]), text.Get(text.KeyOn))
	}
	return text.Get(keyNames[k])
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
			mark = text.Get(text.KeySelected)
		}
		parts = append(parts, mark, it.Label, it.Value)
	}
	parts = append(parts, s.Edit.Text, s.Message, s.Prompt)
	return joinWords(parts)
}
