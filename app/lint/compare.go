package lint

import (
	"cmp"
	"fmt"
	"slices"

	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/syncinfo"
)

// boot is a boot file and the load that it names.
type boot struct {
	*file
	load string
}

// restart is a syncinfo.xml.
type restart struct {
	*file
	images []syncinfo.Image
}

// fact is what a phone's merged values say about other files.
type fact struct{ image, sync, dialTemplate param.Value }

// merge lays a phone's file over the default file, if there is one.
func (l *linter) merge(t *tree, base, f *file, layer param.Layer) {
	layers := []param.Layer{layer}
	m := merged{phone: f.path}
	if base != nil {
		layers, m.base = []param.Layer{base.layer, layer}, base.path
	}
	set, problems := param.Merge(l.profile, layers...)
	l.report.add(problems...)
	t.learn(set)
	if l.merged == mergedAlways || l.merged == mergedAuto && (t.root != nil || base != nil) {
		l.keep(m, set)
	}
}

// mergeDefault shows what the default file gives to a phone without a file of
// its own, unless phones' files show more.
func (l *linter) mergeDefault(t *tree) {
	for _, base := range t.defaults {
		set, _ := param.Merge(l.profile, base.layer)
		t.learn(set)
		alone := t.root != nil && !t.hasPhoneFile() && base == t.defaultFor(nil)
		if l.merged == mergedAlways || l.merged == mergedAuto && alone {
			l.keep(merged{base: base.path}, set)
		}
	}
}

// keep remembers what the files set, or reset, of a set.
func (l *linter) keep(m merged, set *param.Set) {
	for _, a := range set.All() {
		if l.all || a.Value.Origin != param.FromDefault || a.Value.Source != "" {
			v := value{name: a.Name, text: a.Shown(a.Value.Text), secret: a.Kind == param.Secret, origin: a.Value.Origin}
			v.source, v.line = a.Value.Place()
			m.values = append(m.values, v)
		}
	}
	l.report.merged = append(l.report.merged, m)
}

func (t *tree) learn(set *param.Set) {
	f := fact{set.Value("image_version"), set.Value("sync"), set.Value("dial_template")}
	if !slices.Contains(t.facts, f) {
		t.facts = append(t.facts, f)
	}
}

// compare checks what takes more than one file.
func (l *linter) compare(t *tree) {
	for _, f := range t.facts {
		l.compareImage(t, f)
		l.compareSync(t, f)
		l.compareDialTemplate(t, f)
	}
	for _, b := range t.boots {
		l.wantImage(t, b.load, param.Problem{Source: b.path})
	}
	l.compareFamilies(t)
}

// at makes the beginning of a problem with a value, where it was set.
func at(name string, v param.Value) param.Problem {
	source, line := v.Place()
	return param.Problem{Source: source, Line: line, Name: name, Value: param.MaskURL(v.Text)}
}

// compareImage compares the image that the files want with the load that the
// boot file names.
func (l *linter) compareImage(t *tree, f fact) {
	if f.image.Text == "" {
		return
	}
	p := at("image_version", f.image)
	for _, b := range t.boots {
		if firmware.IsLoadOf7960(b.load) && firmware.IsLoadOf7960(f.image.Text) && !firmware.SameRelease(b.load, f.image.Text) {
			p.Severity, p.Code = param.Warning, param.CodeConflict
			p.Text = fmt.Sprintf("want the release that %s names, %s, or phones change their image at every start", b.base(), b.load)
			l.report.add(p)
		}
	}
	l.wantImage(t, f.image.Text, p)
}

// compareSync tells when every check-sync restarts phones, because their sync
// does not become what syncinfo.xml says.
func (l *linter) compareSync(t *tree, f fact) {
	for _, s := range t.syncs {
		load := cmp.Or(f.image.Text, "*")
		image, _ := syncinfo.For(s.images, load)
		if !syncinfo.Restart(s.images, load, f.sync.Text) {
			continue
		}
		p := param.Problem{Severity: param.Note, Code: param.CodeConflict, Source: s.path}
		where := "by default"
		if f.sync.Source != "" {
			where = "in " + f.sync.Source
		}
		p.Text = fmt.Sprintf("SYNC is %q, sync is %q %s: every check-sync restarts the phone", image.Sync, f.sync.Text, where)
		l.report.add(p)
	}
}

// compareDialTemplate looks for the dial plan that a file asks for by name.
func (l *linter) compareDialTemplate(t *tree, f fact) {
	v := f.dialTemplate
	if t.root == nil || v.Origin == param.FromDefault || v.Text == "" {
		return
	}
	ok, other := t.root.has(v.Text + ".xml")
	if ok {
		return
	}
	p := at("dial_template", v)
	p.Severity, p.Code = param.Warning, codeMissing
	p.Text = "there is no " + v.Text + ".xml in " + t.root.shown("")
	if other != "" {
		p.Text += "; there is " + other + ", and servers tell upper from lower case"
	}
	l.report.add(p)
}
