package phonecore

import (
	"strings"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/services"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// webPage is a page of a server on the screen.
type webPage struct {
	p       *Phone
	got     *services.Page
	address string
	page    *menu.Page
	t       *timer // of its refresh
	// urls are what the items do, by their index.
	urls []string
	// people are those of a directory.
	people []services.Entry
	// form and its values, for Submit.
	form   services.Input
	values []string
}

// showObject shows what came, or does what it says.
func (p *Phone) showObject(f fetched) {
	w := &webPage{p: p, got: f.got, address: f.address}
	for _, note := range f.got.Notes {
		p.log.Info("service", "note", note.Error())
	}
	switch o := f.got.Object.(type) {
	case services.Execute:
		w.page = f.from
		w.execute(o, f)
		return
	case services.ErrorObject:
		p.showWebError(f, []string{text.Get(text.WebError, o.Number), plain(o.Text, maxStatusText)})
		return
	}
	w.page = &menu.Page{Cancel: w.left}
	w.common(f)
	w.fill(f.got.Object)
	w.page.KeysNow = p.webKeys(w.page.Keys)
	f.place(p, w.page)
	w.armRefresh()
}

// common sets up what all pages have.
func (w *webPage) common(f fetched) {
	p, head := w.p, services.Common(f.got.Object)
	w.page.Title = plain(head.Title, maxWords)
	if w.page.Title == "" {
		w.page.Title = f.from.Title
	}
	prompt := plain(head.Prompt, maxWords)
	w.page.Status = func() string {
		if s := p.requesting(); s != "" {
			return s
		}
		return prompt
	}
	w.page.Do = map[call.SoftKey]func(int){
		text.SoftUpdate: func(int) { w.byPerson(); w.update() },
		text.SoftCancel: func(int) { w.cancel() },
	}
	if w.got.Refresh.URL != nil {
		w.page.Do[text.SoftNext] = func(int) {
			w.byPerson()
			p.fetchPage(w.got.Refresh.URL.String(), w.page, false)
		}
	}
	w.ownKeys(head.SoftKeys)
	w.page.Pressed = func(k view.Key) bool { return w.pressed(head.Keys, k) }
}

// fill puts an object on the page.
func (w *webPage) fill(object services.Object) {
	switch o := object.(type) {
	case services.Menu:
		w.list("menu.services.menu", o.Items)
	case services.IconMenu:
		w.list("menu.services.icons", o.Items)
	case services.GraphicMenu:
		w.list("menu.services.graphic", o.Items)
		w.page.Image, w.page.Keys = &o.Image, call.ContextWebText
	case services.Image:
		w.lines("menu.services.image", "")
		w.page.Image = &o.Image
	case services.Text:
		w.lines("menu.services.text", o.Text)
	case services.Directory:
		w.directory(o)
	case services.Input:
		w.input(o)
	case services.Status:
		w.lines("menu.services.text", o.Text)
	default:
		w.lines("menu.services.text", text.Get(text.WebDone))
	}
}

func (w *webPage) lines(name, words string) {
	w.page.Name, w.page.Keys = name, call.ContextWebText
	var lines []string
	for line := range strings.SplitSeq(words, "\n") {
		lines = append(lines, plain(line, services.MaxSize))
	}
	w.page.Text = func() []string { return w.p.cfg.Wrap(lines) }
}

func (w *webPage) list(name string, items []services.Item) {
	w.page.Name, w.page.Keys = name, call.ContextWebMenu
	rows := []view.Item{}
	for i, item := range items {
		rows = append(rows, view.Item{Number: i + 1, Label: plain(item.Name, maxWords)})
		w.urls = append(w.urls, item.URL)
	}
	w.page.Items = func() []view.Item { return rows }
	w.page.Open = func(i int) {
		if i < len(w.urls) {
			w.byPerson()
			w.do(w.got.Resolve(w.urls[i]))
		}
	}
}

func (w *webPage) directory(o services.Directory) {
	p := w.p
	w.page.Name, w.page.Keys, w.people = "menu.services.directory", call.ContextWebDirectory, o.Entries
	rows := []view.Item{}
	for i, e := range o.Entries {
		rows = append(rows, view.Item{Number: i + 1, Label: plain(e.Name, maxWords), Value: plain(e.Number, maxWords)})
	}
	w.page.Items = func() []view.Item { return rows }
	w.page.Highlights = func(int) bool { return true }
	on := func(do func(line int, number string)) func(int) {
		return func(i int) {
			if i < len(w.people) {
				do(0, plain(w.people[i].Number, maxDialled))
			}
		}
	}
	w.page.Open = on(p.dialFrom)
	w.page.Do[text.SoftDial] = w.page.Open
	w.page.Do[text.SoftEditDial] = on(p.editDial)
}

// maxInput is the length of a field of a form.
const maxInput = 128

func (w *webPage) input(o services.Input) {
	w.page.Name, w.page.Keys, w.form = "menu.services.input", call.ContextWebInput, o
	for _, field := range o.Items {
		w.values = append(w.values, field.Default)
	}
	w.page.Items = func() []view.Item {
		rows := []view.Item{}
		for i, field := range o.Items {
			value := plain(w.values[i], maxWords)
			if field.Password && value != "" {
				value = "********"
			}
			rows = append(rows, view.Item{Number: i + 1, Label: plain(field.Name, maxWords), Value: value})
		}
		return rows
	}
	w.page.Open = func(i int) {
		if i >= len(o.Items) {
			return
		}
		field := o.Items[i]
		kind := field.Kind
		rules := edit.Rules{
			Max: maxInput, Secret: field.Password, Takes: kind.Accepts,
			Letters: kind == services.InputText || kind == services.InputUpper || kind == services.InputLower,
		}
		w.p.openField("menu.services.edit", plain(field.Name, maxWords), w.values[i], rules, func(s string) { w.values[i] = s })
	}
	w.page.Do[text.SoftSubmit] = func(int) {
		w.byPerson()
		target, err := w.got.Submit(w.form, w.values)
		w.do(target, err)
	}
}

// ownKeys are the soft keys that the server wants. Among them is always a way
// out.
func (w *webPage) ownKeys(keys []services.SoftKey) {
	if len(keys) == 0 {
		return
	}
	out := false
	for _, k := range keys {
		for len(w.page.Own) < k.Position {
			w.page.Own = append(w.page.Own, menu.Key{})
		}
		if k.Position < 1 {
			continue
		}
		w.page.Own[k.Position-1] = menu.Key{Label: plain(k.Name, maxWords), Press: func() { w.byPerson(); w.press(k.URL) }}
		action, _ := w.got.Resolve(k.URL)
		if soft, ok := action.(services.Soft); ok && soft.Action == services.SoftExit {
			out = true
		}
	}
	if !out {
		w.page.Own = append(w.page.Own, menu.Key{Label: text.Get(text.SoftExit), Press: w.p.menuExit})
	}
}

// left is told when the person leaves the page.
func (w *webPage) left() {
	w.t.stop()
	w.p.stopRequest()
}

// cancel gives up what the person waits for and stays here, to refresh itself as
// before. A server's own key Cancel, while nothing is awaited, leaves the page.
func (w *webPage) cancel() {
	if !w.p.awaited() {
		w.p.menuBack()
		return
	}
	w.left()
	w.armRefresh()
}

// update gets the page again; what the server named as the next one counts.
func (w *webPage) update() {
	address := w.address
	if w.got.Refresh.URL != nil {
		address = w.got.Refresh.URL.String()
	}
	w.t.stop()
	w.p.fetchPage(address, w.page, true)
}

// minRefresh keeps a page from asking its server without a break.
const minRefresh = time.Second

// armRefresh has the page take its next form in time. It waits while the page
// is covered by another.
func (w *webPage) armRefresh() {
	r := w.got.Refresh
	if r.URL == nil || r.After == 0 {
		return
	}
	w.t = w.p.after(max(r.After, minRefresh), func() {
		if w.p.pages.Top() == w.page && w.p.web.request == nil {
			w.update()
			w.p.web.request.unasked = true // the keys stay as the person sees them
			return
		}
		w.armRefresh()
	})
}
