package phonecore

import (
	"cmp"
	"slices"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// form is a menu of settings that can be changed: Network Configuration, SIP
// Configuration. What is changed is a draft, shared with the sub-menus, until
// Save; Cancel forgets it (guide 2-21).
type form struct {
	p     *Phone
	draft map[string]string // by name of the parameter; empty is the default
}

// rowKind is what can be done with a row.
type rowKind uint8

const (
	rowShown  rowKind = iota
	rowOpen           // leads to a page
	rowEdit           // Edit opens the panel
	rowChange         // Change goes on to the next value
	rowYesNo
)

// row is one line of a form.
type row struct {
	kind  rowKind
	label string
	value string // as it is shown
	param param.Param
	// now is what is in force where nobody has set the parameter.
	now  string
	open func()
	// closed says why the row cannot be changed now; text.None if it can.
	closed text.ID
	// answered is told of Yes and No; it may refuse with a reason.
	answered func(yes bool) text.ID
}

// rowKeys are the soft keys for each kind of row, in a menu and in a sub-menu.
var rowKeys = [...][2]call.Context{
	rowShown:  {call.ContextShown, call.ContextSubText},
	rowOpen:   {call.ContextOpen, call.ContextSubMenu},
	rowEdit:   {call.ContextEdit, call.ContextSubEdit},
	rowChange: {call.ContextChange, call.ContextSubChange},
	rowYesNo:  {call.ContextYesNo, call.ContextSubYesNo},
}

// formPage is one page of a form; one without save is a sub-menu.
type formPage struct {
	name, title string
	rows        func() []row
	prompt      func() string
	save        func(*menu.Page) bool
}

// open shows a page of the form.
func (f *form) open(fp formPage) {
	p := f.p
	page := &menu.Page{Name: fp.name, Title: fp.title, Padlock: true}
	page.Items = func() []view.Item { return items(fp.rows()) }
	page.Highlights = func(i int) bool { return fp.rows()[i].kind != rowOpen }
	page.Open = func(i int) { f.use(fp.rows()[i]) }
	page.Answer = func(i int, yes bool) { f.answer(fp.rows()[i], yes) }
	page.Status = func() string {
		if !p.lock.unlocked {
			return text.Get(text.SettingsLocked)
		}
		return fp.prompt()
	}
	page.KeysNow = func() call.Context {
		switch {
		case !p.lock.unlocked && fp.save != nil:
			return call.ContextMenu
		case !p.lock.unlocked:
			return call.ContextSubMenu
		case fp.save == nil:
			return rowKeys[fp.rows()[page.Selected].kind][1]
		}
		return rowKeys[fp.rows()[page.Selected].kind][0]
	}
	if fp.save != nil {
		page.Save = func() bool { return f.mayChange() && fp.save(page) }
	}
	p.openPage(page)
}

func items(rows []row) []view.Item {
	list := make([]view.Item, len(rows))
	for i, r := range rows {
		list[i] = view.Item{Number: i + 1, Label: r.label, Value: r.value}
	}
	return list
}

// mayChange remarks on the lock and is false if the settings are locked.
func (f *form) mayChange() bool {
	if !f.p.lock.unlocked {
		f.p.notActive()
	}
	return f.p.lock.unlocked
}

// use is Select, Edit and Change.
func (f *form) use(r row) {
	switch {
	case r.kind == rowOpen:
		r.open()
	case !f.mayChange():
	case r.closed != text.None:
		f.p.remark(text.Get(r.closed))
	case r.kind == rowShown:
		f.p.notActive()
	case r.kind == rowEdit:
		f.edit(r)
	case r.kind == rowChange:
		f.draft[r.param.Name] = next(r.param.Choices, f.get(r.param.Name))
	case r.kind == rowYesNo:
		f.answer(r, r.value != text.Get(text.Yes))
	}
}

// next is the value behind one in a list; the first if it is not there.
func next(values []string, value string) string {
	return values[(slices.Index(values, value)+1)%len(values)]
}

// answer is Yes and No.
func (f *form) answer(r row, yes bool) {
	if r.kind != rowYesNo || !f.mayChange() {
		return
	}
	why := r.closed
	if why == text.None && r.answered != nil {
		why = r.answered(yes)
	}
	if why != text.None {
		f.p.remark(text.Get(why))
		return
	}
	if r.param.Name != "" {
		f.draft[r.param.Name] = map[bool]string{true: "1", false: "0"}[yes]
	}
}

// edit opens the panel for a row.
func (f *form) edit(r row) {
	prm := r.param
	value := f.get(prm.Name)
	f.p.openPanel(panel{
		name: "menu.edit", title: r.label, value: value, rules: rulesOf(prm),
		hints: func() []string { return f.hints(r) },
		done: func(written string) string {
			clean, err := prm.Check(written)
			if err != nil {
				return err.Error()
			}
			f.draft[prm.Name] = clean
			return ""
		},
	})
}

// hints are the lines below the panel: the value in force, who set it, how dots
// are written.
func (f *form) hints(r row) []string {
	prm, v := r.param, f.p.params.Value(r.param.Name)
	lines := []string{text.Get(text.EditUnset)}
	if now := cmp.Or(v.Text, r.now); now != "" {
		lines[0] = text.Get(text.EditNow, prm.Shown(now))
	}
	switch {
	case v.Origin > param.FromPhoneFile:
		lines = append(lines, text.Get(text.SetUntilEnd, v.Source))
	case v.Origin > param.FromFlash:
		lines = append(lines, text.Get(text.SetUntilRestart, v.Source))
	}
	if prm.Kind == param.IPv4 || prm.Kind == param.Host {
		lines = append(lines, text.Get(text.EditDot))
	}
	return append(lines, text.Get(text.EditErases))
}

// get is a parameter as the draft has it.
func (f *form) get(name string) string {
	value, drafted := f.draft[name]
	switch prm, ok := param.Lookup(name); {
	case !drafted:
		return f.p.params.Text(name)
	case value == "" && ok:
		return prm.Default(f.p.params.Profile())
	}
	return value
}

// changes are what the draft would change.
func (f *form) changes() map[string]string {
	changed := map[string]string{}
	for name, value := range f.draft {
		v := f.p.params.Value(name)
		if f.get(name) != v.Text || value == "" && v.Origin != param.FromDefault {
			changed[name] = value
		}
	}
	return changed
}

// maskedSecret stands for a password, whatever its length.
const maskedSecret = "********"

// paramRow is the row of a parameter, with the panel or the keys of its kind.
func (f *form) paramRow(prm param.Param) row {
	r := row{label: text.Label(prm.Menu), param: prm, kind: rowEdit, value: prm.Shown(f.get(prm.Name))}
	if r.label == "" {
		r.label = prm.Name
	}
	switch prm.Kind {
	case param.Secret:
		r.value = ""
		if f.get(prm.Name) != "" {
			r.value = maskedSecret
		}
	case param.Bool:
		r.kind, r.value = rowYesNo, yesNo(f.get(prm.Name) == "1")
	case param.Choice:
		r.kind = rowChange
	}
	if prm.Locks && f.p.params.Int(prm.Name) >= fixed {
		r.closed = text.LockedByFile
	}
	return r
}

func yesNo(yes bool) string {
	if yes {
		return text.Get(text.Yes)
	}
	return text.Get(text.No)
}
