package phonecore

import (
	"strings"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// stageIcons mark how far a stage is.
var stageIcons = map[view.StageState]view.Icon{
	view.StagePending: view.IconPending, view.StageRunning: view.IconRunning, view.StageDone: view.IconDone,
	view.StageFailed: view.IconFailed, view.StageSkipped: view.IconSkipped,
}

// openStartUp lists the stages of the start-up, each with its mark, how real it
// was and how long it took; behind each stands what it did.
func (p *Phone) openStartUp() {
	p.openPage(&menu.Page{
		Name: "menu.status.startup", Title: text.Get(text.MenuStartUp), Keys: call.ContextSubMenu,
		Items: func() []view.Item {
			var items []view.Item
			for i, s := range p.stages() {
				items = append(items, view.Item{Number: i + 1, Icon: stageIcons[s.State], Label: s.Name, Value: badgeAndTime(s)})
			}
			return items
		},
		Open:   p.openStage,
		Status: p.timelineStatus,
	})
}

// stages are those of the start-up, or of its replay.
func (p *Phone) stages() []view.TimelineStage {
	if t := p.timeline.view(); t != nil {
		return t.Stages
	}
	return nil
}

func (p *Phone) timelineStatus() string {
	if t := p.timeline.view(); t != nil {
		return t.Status
	}
	return ""
}

// openStage shows what one stage did, how real that was, and why there is
// such a stage.
func (p *Phone) openStage(i int) {
	stages := p.stages()
	if i < 0 || i >= len(stages) {
		return
	}
	p.openPage(&menu.Page{
		Name: "menu.status.stage", Title: stages[i].Name, Keys: call.ContextSubText,
		Text: func() []string {
			if stages := p.stages(); i < len(stages) {
				return p.cfg.Wrap(stageText(stages[i]))
			}
			return nil // another start-up has fewer stages
		},
		Status: p.timelineStatus,
	})
}

func badgeAndTime(s view.TimelineStage) string { return strings.TrimSpace(s.Badge + "  " + s.Time) }

// stageText is a stage in words: the badge and the time, what was learned,
// the messages, the explanation.
func stageText(s view.TimelineStage) []string {
	lines := []string{badgeAndTime(s)}
	if s.Detail != "" {
		lines = append(lines, s.Detail)
	}
	lines = append(lines, s.Learned...)
	lines = append(lines, s.Messages...)
	if s.Explanation != "" {
		lines = append(lines, "", s.Explanation)
	}
	if len(s.Packets) > 0 {
		lines = append(append(lines, ""), s.Packets...)
	}
	return lines
}
