package phonecore

import (
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// phoneScreen is the idle and call screen.
func (p *Phone) phoneScreen() view.Screen {
	s := view.Screen{
		Layout: view.LayoutPhone, Status: p.statusRow(),
		Lines: p.lineLabels(), Soft: p.softLabels(), Selected: -1,
	}
	switch {
	case p.entry.open:
		s.Name, s.Prompt = "dialling", text.Get(text.EnterNumber)
		if p.xfer.asking {
			s.Prompt = text.Get(text.TransferTo)
		}
		s.Rows = append(p.otherCalls(), view.Row{Text: p.entry.text, Style: view.StyleLarge, Cursor: true})
		if more := p.entry.rows(); len(s.Rows)+1 < view.NumRows { // the large row takes two
			s.Rows = append(s.Rows, more...)
		}
		if p.entry.text == "" && p.entry.offHook {
			s.Name = "offhook"
		}
	case p.calls.Len() > 0:
		c := p.calls.Selected()
		s.Name, s.Prompt = callScreens[c.State], p.callPrompt(c)
		if c.State == call.Connected && p.conf.has(c) {
			s.Name = "conference"
		}
		s.Rows = p.callRows()
	default:
		s.Name, s.Prompt = "idle", text.Get(text.CurrentOptions)
		s.Rows = p.idleRows()
	}
	return p.prompted(s)
}

var callScreens = map[call.State]string{
	call.Calling:   "calling",
	call.RingOut:   "ringout",
	call.RingIn:    "incoming",
	call.Connected: "connected",
	call.Held:      "held",
	call.Failed:    "failed",
}

// otherCalls keeps one row for each call while a number is entered.
func (p *Phone) otherCalls() []view.Row {
	rows := []view.Row{}
	for _, c := range p.calls.All() {
		if len(rows) < view.NumRows-2 {
			rows = append(rows, p.callRow(c))
		}
	}
	return rows
}

// callRows shows the calls, two rows for each while they fit, the selected one
// highlighted if there is a choice.
func (p *Phone) callRows() []view.Row {
	calls := p.calls.All()
	perCall := 2
	if len(calls)*perCall > view.NumRows {
		perCall = 1
	}
	first := p.firstCall(view.NumRows / perCall)
	var rows []view.Row
	for _, c := range calls[first:min(first+view.NumRows/perCall, len(calls))] {
		row := p.callRow(c)
		row.Highlight = len(calls) > 1 && c == p.calls.Selected()
		rows = append(rows, row)
		if perCall == 2 {
			rows = append(rows, p.secureRow(c, p.callDetail(c)))
		}
		if how := forwardedText(c); how != "" && 3*len(calls) <= view.NumRows {
			rows = append(rows, view.Row{Text: "  " + how})
		}
	}
	return rows
}

// firstCall scrolls so that the selected call is in view.
func (p *Phone) firstCall(visible int) int {
	for i, c := range p.calls.All() {
		if c == p.calls.Selected() {
			return max(0, i-visible+1)
		}
	}
	return 0
}

func (p *Phone) callRow(c *call.Call) view.Row {
	direction := text.From
	if c.Outgoing {
		direction = text.To
	}
	row := view.Row{
		Icon:  callIcons[c.State].Icon,
		Text:  text.Get(direction) + " " + p.partyName(c),
		Style: view.StyleBold,
	}
	if !c.Answered.IsZero() {
		row.Right = durationText(c.Duration(p.cfg.Now()))
	}
	return row
}

// callDetail is the second row: the number, or why the call failed.
func (p *Phone) callDetail(c *call.Call) string {
	switch {
	case c.State == call.Failed:
		words := failureText(c.Code, c.Reason)
		if c.RetryAfter > 0 {
			words = text.Get(text.FailRetry, words, c.RetryAfter.Round(time.Second))
		}
		return words
	case c.Note != "":
		return c.Note
	case c.State == call.Held && p.rec.running[c] != nil:
		return text.Get(text.Recording)
	case c.HeldByPeer:
		return text.Get(text.HeldByPeer)
	case c.Name != "":
		return c.Number
	}
	return ""
}

func (p *Phone) partyName(c *call.Call) string {
	if name := c.Party(); name != "" {
		return name
	}
	if c.Anonymous {
		return text.Get(text.AnonymousParty)
	}
	return text.Get(text.UnknownParty)
}

func (p *Phone) callPrompt(c *call.Call) string {
	if words := p.transferPrompt(c); words != "" {
		return words
	}
	switch c.State {
	case call.Calling:
		return text.Get(progressText(c.Progress))
	case call.RingOut:
		return text.Get(text.RingOut)
	case call.RingIn:
		if p.calls.Active() != nil {
			return text.Get(text.CallWaitingFrom, p.partyName(c))
		}
		return text.Get(text.CallFrom, p.partyName(c))
	case call.Held:
		return p.heldPrompt(c)
	case call.Failed:
		return failureText(c.Code, c.Reason)
	}
	if p.soundless(p.volumeRole()) {
		return text.Get(text.ConnectedSilent)
	}
	if p.rec.running[c] != nil {
		return text.Get(text.Recording)
	}
	switch {
	case p.conf.has(c):
		return text.Get(text.Conference)
	case p.conf.joinable(c):
		return text.Get(text.ConferenceAsk)
	}
	return text.Get(text.ConnectedTo)
}

// idleRows are the product's name and what a person should know: that the
// phone runs on stored values, missed calls, do not disturb, lines that are
// not registered.
func (p *Phone) idleRows() []view.Row {
	rows := []view.Row{{}, {Text: text.Get(text.Product), Style: view.StyleLarge}}
	add := func(s string) {
		if s != "" && len(rows) < view.NumRows {
			rows = append(rows, view.Row{Text: s})
		}
	}
	if reason := p.timeline.startupLimited; reason != "" {
		rows = rows[1:] // the two lines need its room
		add(reason)
		add(text.Get(text.LimitedStored))
	}
	if waiting := p.messagesText(); waiting != "" && len(rows) < view.NumRows {
		rows = append(rows, view.Row{Icon: view.IconMessage, Text: waiting})
	}
	for _, row := range p.forwardRows() {
		add(row)
	}
	if p.missed > 0 {
		add(text.Count(text.MissedCall, text.MissedCalls, p.missed))
	}
	if p.feature(featureDND) {
		add(text.Get(text.DoNotDisturb))
	}
	if p.feature(featureHidden) {
		add(text.Get(text.NumberHidden))
	}
	if p.primaryLine() == 0 {
		add(text.Get(text.NoLine))
		add(p.configTrouble())
	}
	if p.noSIP != p.timeline.startupLimited { // said above
		add(p.noSIP)
	}
	if p.surviving() {
		add(text.Get(text.Survival))
	}
	for i := range p.lines {
		add(p.trouble(&p.lines[i]))
	}
	for i := range p.lines {
		if reg := p.lines[i].reg; wrongPassword(reg) {
			add(p.passwordOrigin(reg.Line))
		}
	}
	if p.cfg.IdleHint != text.None {
		add(text.Get(p.cfg.IdleHint))
	}
	return rows
}
