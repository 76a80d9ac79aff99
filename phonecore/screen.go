package phonecore

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/clock"
)

// compose makes the view of the present state.
func (p *Phone) compose() view.View {
	v := view.View{
		Screen:        p.screen(),
		Lamps:         p.lamps(),
		HandsetLifted: p.hook.lifted,
		Contrast:      p.contrast,
		Number:        p.shownNumber(),
	}
	v.Title = p.title()
	v.Timeline = p.timeline.view()
	return v
}

func (p *Phone) lamps() [view.NumLamps]view.LampState {
	var lamps [view.NumLamps]view.LampState
	if p.startup.lamp > 0 {
		lamps[lampShow[p.startup.lamp-1]] = view.LampOn
		return lamps
	}
	switch {
	case p.ringing != nil:
		lamps[view.LampMessage] = view.LampBlinking
	case p.waitingLine() > 0:
		lamps[view.LampMessage] = view.LampOn
	}
	lit := func(l view.Lamp, on bool) {
		if on {
			lamps[l] = view.LampOn
		}
	}
	lit(view.LampHeadset, p.hook.path == audio.PathHeadset)
	lit(view.LampSpeaker, p.hook.path == audio.PathSpeaker)
	lit(view.LampMute, p.hook.muted)
	return lamps
}

func (p *Phone) screen() view.Screen {
	switch {
	case p.mode == modeOff:
		return view.Screen{Name: "off", Selected: -1}
	case p.mode == modeStarting:
		return p.startScreen()
	case len(p.pages) > 0:
		return p.pageScreen()
	}
	return p.phoneScreen()
}

func (p *Phone) startScreen() view.Screen {
	s := view.Screen{Layout: view.LayoutStartUp, Name: "startup", Selected: -1}
	if p.startup.lamp > 0 {
		s.Layout = view.LayoutOff // the lamps flash before the LCD shows anything
		return s
	}
	s.Title = text.Get(text.Product)
	s.Text = []string{text.Get(text.Copyright), text.Get(text.LicenceLine)}
	pr := p.startup.progress
	if pr.Message != text.None {
		s.Message = text.Get(pr.Message, pr.Args...)
	}
	if pr.Detail != "" {
		s.Text = append(s.Text, pr.Detail)
	}
	if pr.Steps > 0 {
		s.Progress = view.Progress{Shown: true, Done: 1000 * pr.Step / pr.Steps}
	}
	switch {
	case pr.Total > 0:
		s.Message, s.Progress = downloading(s.Message, pr.Done, pr.Total)
	case pr.Done > 0: // the server has not told how much there is
		s.Message = text.Get(text.TimelineKilobytes, s.Message, pr.Done>>10)
	}
	if t := p.timeline.view(); t != nil && t.Paused {
		s.Prompt = t.Status
	}
	p.startup.stage.offerBreak(&s)
	return s
}

// downloading is the bar of a download and its message with the percentage. A
// server may send more than it said: the bar stays at its end then.
func downloading(message string, done, total int64) (string, view.Progress) {
	share := min(max(float64(done)/float64(total), 0), 1)
	return text.Get(text.TimelinePercent, message, int(100*share)), view.Progress{Shown: true, Done: int(1000 * share)}
}

func (p *Phone) pageScreen() view.Screen {
	page := p.pages.Top()
	s := view.Screen{
		Layout: view.LayoutMenu, Name: page.Name, Title: page.Title,
		Status: p.statusRow(), Prompt: page.Prompt, Soft: p.softLabels(),
		Selected: page.Selected, First: page.First,
	}
	if page.Status != nil {
		s.Prompt = page.Status()
	}
	if page.Bar != nil {
		s.Progress = page.Bar()
	}
	if page.Padlock {
		s.Status.Icon = p.padlock()
	}
	switch {
	case page.Image != nil:
		s.Layout, s.Image, s.Selected = view.LayoutImage, page.Image, -1
	case page.Items != nil:
		if s.Items = page.Items(); len(s.Items) == 0 {
			s.Layout, s.Selected, s.Text = view.LayoutText, -1, []string{text.Get(text.DirEmpty)}
		}
	case page.Field != nil:
		s.Layout, s.Edit, s.Selected = view.LayoutEditor, page.Field.View(), -1
		s.Text = page.Text()
	default:
		s.Layout, s.Selected = view.LayoutText, -1
		s.Text = page.Text()
	}
	if p.ringing != nil {
		s.Prompt = p.callPrompt(p.ringing)
	}
	return p.prompted(s)
}

// prompted puts what was asked or remarked just now on the prompt row.
func (p *Phone) prompted(s view.Screen) view.Screen {
	switch {
	case p.helping:
		s.Prompt = text.Get(text.HelpNextKey)
	case p.notice.text != "":
		s.Prompt = p.notice.text
	}
	return s
}

func (p *Phone) softLabels() [view.NumSoftKeys]string {
	var labels [view.NumSoftKeys]string
	for i, k := range p.softCells() {
		labels[i] = k.label
	}
	return labels
}

func (p *Phone) statusRow() view.StatusRow {
	row := view.StatusRow{Left: p.clock().Format(p.cfg.Now()), Right: p.params.Text("phone_label")}
	if row.Right == "" {
		if line := p.primaryLine(); line > 0 {
			row.Right = p.params.Text(fmt.Sprintf("line%d_name", line))
		}
	}
	return row
}

// primaryLine is the first configured line: its number is the primary
// directory number (guide, "Verifying Startup" step 4).
func (p *Phone) primaryLine() int {
	for i := range p.lines {
		if p.lines[i].configured() {
			return i + 1
		}
	}
	return 0
}

// clock is the clock on the wall as the parameters want it now.
func (p *Phone) clock() clock.Clock { return clock.New(p.params, p.cfg.Now().Location()) }

func (p *Phone) title() string {
	name := text.Get(text.Product)
	if c := p.calls.Selected(); c != nil {
		return name + ": " + p.callPrompt(c)
	}
	if line := p.primaryLine(); line > 0 {
		return name + ": " + p.lines[line-1].label
	}
	return name
}

func (p *Phone) shownNumber() string {
	if p.entry.text != "" {
		return p.entry.text
	}
	if c := p.calls.Selected(); c != nil {
		return c.Number
	}
	return ""
}

// lineLabels are the words and icons beside the line keys.
func (p *Phone) lineLabels() [view.NumLines]view.LineLabel {
	var labels [view.NumLines]view.LineLabel
	for i := range p.lines {
		l := &p.lines[i]
		if !l.configured() {
			labels[i] = p.speedDial(i + 1).lineLabel(lampLabels[l.lamp.info.Lamp()])
			continue
		}
		labels[i] = p.lineIcon(i + 1)
		labels[i].Text = l.label
	}
	return labels
}

var callIcons = map[call.State]view.LineLabel{
	call.Calling:   {Icon: view.IconRingOut, Selected: true},
	call.RingOut:   {Icon: view.IconRingOut, Selected: true},
	call.RingIn:    {Icon: view.IconRinging, Blink: true},
	call.Connected: {Icon: view.IconConnected, Selected: true},
	call.Held:      {Icon: view.IconHold, Blink: true},
	call.Failed:    {Icon: view.IconOffHook, Selected: true},
}

func (p *Phone) lineIcon(line int) view.LineLabel {
	if c := p.calls.OnLine(line); c != nil {
		return callIcons[c.State]
	}
	if p.entry.open && p.entry.line == line {
		return view.LineLabel{Icon: view.IconOffHook, Selected: true}
	}
	switch p.lines[line-1].reg.State {
	case sipua.RegOK, sipua.RegNone:
		if p.lines[line-1].messages.waiting {
			return view.LineLabel{Icon: view.IconMessage}
		}
		if p.agent != nil {
			return view.LineLabel{Icon: view.IconOnHook}
		}
	}
	return view.LineLabel{Icon: view.IconNotRegistered}
}

func durationText(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
