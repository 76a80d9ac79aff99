package phonecore

import (
	"context"
	"maps"
	"slices"

	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// edits are the parameters that a person has changed in the menus.
//
// Without a phone-specific file they are stored in flash; with one they "will
// be used by the phone until the next reboot" (guide 3-5). What settings file,
// environment or flags say of the same parameters does not count meanwhile:
// the person has said something newer. It counts again with the next start of
// the program, or of the phone if nothing was stored.
type edits struct {
	// session lie over the files until the next restart; empty is the default.
	session map[string]string
	// stored are in flash.
	stored map[string]bool
}

// layer is the session's edits, strongest of the configuration files.
func (e *edits) layer() param.Layer {
	l := param.Layer{Origin: param.FromPhoneFile, Name: text.Get(text.EditedOnPhone)}
	for _, name := range slices.Sorted(maps.Keys(e.session)) {
		l.Entries = append(l.Entries, param.Entry{Name: name, Text: e.session[name], Reset: e.session[name] == ""})
	}
	return l
}

// local gives the layers of this machine without what the menus have overruled.
func (e *edits) local(layers []param.Layer) []param.Layer {
	kept := slices.Clone(layers)
	for i := range kept {
		kept[i].Entries = slices.DeleteFunc(slices.Clone(kept[i].Entries), func(entry param.Entry) bool {
			p, ok := param.Lookup(entry.Name)
			_, now := e.session[p.Name]
			return ok && (now || e.stored[p.Name])
		})
	}
	return kept
}

// hasPhoneFile tells whether the phone has a configuration file of its own.
func (p *Phone) hasPhoneFile() bool {
	return slices.ContainsFunc(p.startup.values.Layers, func(l param.Layer) bool { return l.Origin == param.FromPhoneFile })
}

// program writes parameters to flash, an empty text to be forgotten, and then
// goes on. The start-up reads them back (loadStored).
func (p *Phone) program(values map[string]string, then func()) {
	save, reset := map[string]string{}, []string{}
	for name, value := range values {
		if value == "" {
			reset = append(reset, name)
		} else {
			save[name] = value
		}
	}
	into := p.cfg.Flash
	p.work(func(context.Context) {
		err := into.Save(save, reset)
		p.post(func() {
			if err != nil {
				p.report(err, text.StatusFlash, err)
				p.remark(text.Get(text.StatusFlash, err))
				return
			}
			if p.edits.stored == nil {
				p.edits.stored = map[string]bool{}
			}
			for name, value := range values {
				p.edits.stored[name] = value != ""
			}
			then()
		})
	})
}
