package phonecore

import (
	"slices"

	"deskset/phonecore/call"
	"deskset/phonecore/services"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// byPerson notes that what follows was asked for by a person.
func (w *webPage) byPerson() { w.p.web.chain = 0 }

// press is one of the page's own keys: it concerns the selected item.
func (w *webPage) press(pressed string) {
	item := ""
	if i := w.page.Selected; i < len(w.urls) {
		item = w.urls[i]
	}
	w.do(w.got.Press(pressed, item))
}

// pressable are the keys that a page may use for itself. The others keep their
// meaning: no page keeps a person from calls or from leaving it.
func pressable(k view.Key) bool {
	return k.Digit() != 0 || k == view.KeyScrollUp || k == view.KeyScrollDown
}

func (w *webPage) pressed(keys []services.KeyAction, k view.Key) bool {
	i := slices.IndexFunc(keys, func(a services.KeyAction) bool { return a.Key == k && a.URL != "" })
	if i < 0 || !pressable(k) || w.p.web.pressing {
		return false
	}
	w.byPerson()
	w.press(keys[i].URL)
	return true
}

// do carries out an action of the person's choice, or remarks why not.
func (w *webPage) do(uri services.URI, err error) {
	if err != nil {
		w.p.report(err, text.StatusService, err)
		w.p.remark(text.Get(text.WebAddress))
		return
	}
	w.act(uri)
}

// act carries out an action. What would concern calls is not done while there
// is one, unless it is a number that the person dials.
func (w *webPage) act(uri services.URI) {
	p := w.p
	switch uri := uri.(type) {
	case services.Fetch:
		p.fetchPage(uri.URL.String(), w.page, false)
	case services.Dial:
		p.dialFrom(0, plain(uri.Number, maxDialled))
	case services.EditDial:
		p.editDial(0, plain(uri.Number, maxDialled))
	case services.Key:
		w.pressKey(uri.Key)
	case services.Soft:
		w.soft(uri.Action)
	case services.Init:
		if uri.What != services.InitCallHistory {
			p.menuExit()
			return
		}
		p.history.Erase()
		p.saveHistory()
		p.missed = 0
		p.remark(text.Get(text.WebDone))
	case services.Play, services.PlayStop:
		p.remark(text.Get(text.WebNotHere, "Play"))
	case services.Stream, services.StreamStop:
		p.remark(text.Get(text.WebNotHere, "RTP"))
	}
}

// busy tells that calls are not to be disturbed.
func (p *Phone) busy() bool { return p.calls.Len() > 0 || p.entry.open }

// pressKey presses a key of the phone. A key that presses itself in the end
// stops there.
func (w *webPage) pressKey(k view.Key) {
	p := w.p
	switch {
	case p.web.pressing:
	case p.busy():
		p.remark(text.Get(text.WebBusy))
	default:
		p.web.pressing = true
		p.press(k)
		p.release(k)
		p.web.pressing = false
	}
}

// softOf is which soft key of the phone an action is.
var softOf = map[services.SoftAction]call.SoftKey{
	services.SoftBack:     text.SoftBack,
	services.SoftCancel:   text.SoftCancel,
	services.SoftExit:     text.SoftExit,
	services.SoftNext:     text.SoftNext,
	services.SoftSelect:   text.SoftSelect,
	services.SoftSubmit:   text.SoftSubmit,
	services.SoftUpdate:   text.SoftUpdate,
	services.SoftDial:     text.SoftDial,
	services.SoftEditDial: text.SoftEditDial,
	services.SoftSearch:   text.SoftSubmit,
	services.SoftErase:    text.SoftBackspace,
}

func (w *webPage) soft(action services.SoftAction) {
	if act := w.p.softAction(softOf[action]); act != nil {
		act()
		return
	}
	w.p.notActive()
}

// execute carries out an Execute. It came without a person's doing: while there
// is a call, nothing but pages is taken from it.
func (w *webPage) execute(o services.Execute, f fetched) {
	p := w.p
	if p.web.chain++; p.web.chain > maxChain {
		p.showWebError(f, []string{text.Get(text.WebLoop)})
		return
	}
	plan := w.got.Plan(o, !p.busy())
	for _, err := range plan.Refused {
		p.report(err, text.StatusService, err)
	}
	if n := len(plan.WhenIdle); n > 0 { // whoever opened the page has long done something else by then
		p.log.Info("service", "left out until idle", n)
	}
	done := false
	for _, uri := range plan.Now {
		_, isPage := uri.(services.Fetch)
		switch {
		case isPage:
			p.fetchPage(uri.(services.Fetch).URL.String(), f.from, f.replace)
			done = true
		case p.busy():
			p.remark(text.Get(text.WebBusy))
		default:
			w.act(uri)
		}
	}
	if !done && f.replace && p.pages.Top() == f.from { // it has nothing to show
		p.showWebError(f, []string{text.Get(text.WebDone)})
	}
}
