package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// helpTexts explains the keys that are not digits, lines or soft keys.
var helpTexts = map[view.Key]text.ID{
	view.KeyScrollUp:    text.HelpScroll,
	view.KeyScrollDown:  text.HelpScroll,
	view.KeyMessages:    text.HelpMessages,
	view.KeyDirectories: text.HelpDirectories,
	view.KeyServices:    text.HelpServices,
	view.KeySettings:    text.HelpSettings,
	view.KeyInfo:        text.HelpInfo,
	view.KeyVolumeDown:  text.HelpVolume,
	view.KeyVolumeUp:    text.HelpVolume,
	view.KeyHeadset:     text.HelpHeadset,
	view.KeyMute:        text.HelpMute,
	view.KeySpeaker:     text.HelpSpeaker,
	view.KeyHandset:     text.HelpHandset,
}

func helpText(k view.Key) text.ID {
	switch {
	case k.Digit() != 0:
		return text.HelpDigits
	case k.Line() != 0:
		return text.HelpLine
	case k.Soft() != 0:
		return text.HelpSoft
	}
	return helpTexts[k]
}

// askHelp makes the next key explain itself. The i key twice gives it up, and
// shows the statistics of a call if there is one.
func (p *Phone) askHelp() {
	p.helping = !p.helping
	if c := p.voiceCall(); c != nil && !p.helping {
		p.openCallStatistics(c)
	}
}

func (p *Phone) showHelp(k view.Key) {
	p.helping = false
	below := p.pages.Top()
	p.openText("help", text.HelpTitle, func() []string { return []string{text.Get(helpText(k))} })
	if below != nil {
		p.pages.Top().Keys = call.ContextSubText // Exit would lose what is being edited
	}
}
