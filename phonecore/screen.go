package phonecore

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
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
	return v
}

func (p *Phone) lamps() [view.NumLamps]view.LampState {
	var lamps [view.NumLamps]view.LampState
	if p.startup.lamp > 0 {
		lamps[lampShow[p.startup.lamp-1]] = view.LampOn
		return lamps
	}
	if p.ringing != nil {
		lamps[view.LampMessage] = view.LampBlinking
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
	switch pr.Message {
	case text.None:
	case text.LoadLine:
		s.Message = text.Get(text.LoadLine, Load)
	default:
		s.Message = text.Get(pr.Message)
	}
	if pr.Detail != "" {
		s.Text = append(s.Text, pr.Detail)
	}
	if pr.Steps > 0 {
		s.Progress = view.Progress{Shown: true, Done: 1000 * pr.Step / pr.Steps}
	}
	return s
}

func (p *Phone) pageScreen() view.Screen {
	page := p.pages.Top()
	s := view.Screen{
		Layout: view.LayoutMenu, Name: page.Name, Title: page.Title,
		Status: p.statusRow(), Prompt: page.Prompt, Soft: p.softLabels(),
		Selected: page.Selected, First: page.First,
	}
	if page.Items != nil {
		s.Items = page.Items()
	} else {
		s.Layout = view.LayoutText
		s.Text = page.Text()
		s.Selected = -1
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
		labels[i] = k.Label()
	}
	return labels
}

func (p *Phone) statusRow() view.StatusRow {
	row := view.StatusRow{Left: p.clock(), Right: p.params.Text("phone_label")}
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

// clock is time and date as time_format_24hr and date_format want them.
func (p *Phone) clock() string {
	now := p.cfg.Now()
	clock := now.Format("15:04")
	if p.params.Int("time_format_24hr")%2 == 0 { // 2 and 3 are 0 and 1, locked (reference section 3)
		clock = now.Format("3:04") + now.Format("pm")[:1]
	}
	return clock + " " + now.Format(dateLayout(p.params.Text("date_format")))
}

// dateLayouts of date_format (reference section 3).
var dateLayouts = map[string]string{
	"M/D/Y": "01/02/06", "D/M/Y": "02/01/06", "Y/M/D": "06/01/02", "Y/D/M": "06/02/01",
	"Y-M-D": "2006-01-02", "YY-M-D": "06-01-02", "D-M-YY": "02-01-06",
}

func dateLayout(format string) string {
	if layout, ok := dateLayouts[format]; ok {
		return layout
	}
	return dateLayouts["M/D/Y"]
}

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
