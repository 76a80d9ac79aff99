package lint

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"deskset/provisioning/cnf"
	"deskset/provisioning/dialplan"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/ringlist"
	"deskset/provisioning/syncinfo"
)

// run checks everything that the command line names.
func (l *linter) run(ctx context.Context) error {
	loose := newTree(nil)
	for _, name := range l.options.paths {
		if !l.addPath(loose, name) {
			continue
		}
		if err := l.runFolder(ctx, name); err != nil {
			return err
		}
	}
	if err := l.checkTree(ctx, loose); err != nil {
		return err
	}
	l.report.finish(l.strict)
	return nil
}

func (l *linter) runFolder(ctx context.Context, name string) error {
	shown := filepath.ToSlash(filepath.Clean(name))
	d, err := openFolder(name)
	if err != nil {
		l.problem(param.Error, codeUnreadable, shown, 0, err.Error())
		return nil
	}
	defer d.close()
	t := newTree(d)
	l.addFolder(ctx, t, d, func(kind) bool { return true })
	if len(t.files) == 0 && !l.full && ctx.Err() == nil {
		l.problem(param.Error, codeNothing, shown, 0, "want a file that a phone asks for, like SIPDefault.cnf; there is none in this directory")
	}
	return l.checkTree(ctx, t)
}

// checkTree checks the default files first, because what they say is needed
// for the others.
func (l *linter) checkTree(ctx context.Context, t *tree) error {
	for _, rightName := range []bool{true, false} {
		for _, f := range t.files {
			if f.kind == defaultFile && (f.want == "") == rightName {
				l.checkDefault(t, f)
			}
		}
	}
	if base := t.defaultFor(nil); base != nil {
		set, _ := param.Merge(l.profile, base.layer)
		if d := l.addPhoneFolder(ctx, t, set); d != nil {
			defer d.close()
		}
	}
	if err := interrupted(ctx); err != nil {
		return err
	}
	for i, f := range t.files {
		if err := interrupted(ctx); err != nil {
			return err
		}
		l.meter.show("checking files", i, len(t.files))
		l.checkName(t, f)
		if f.kind != defaultFile {
			l.checkFile(t, f)
		}
	}
	l.mergeDefault(t)
	l.compare(t)
	return nil
}

// interrupted is the error of a check that was broken off.
func interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("interrupted: %w", context.Cause(ctx))
}

// checkName tells a name for which no phone asks.
func (l *linter) checkName(t *tree, f *file) {
	switch {
	case f.kind == phoneFile && f.mac != "":
		t.phone(f.mac).sip = f
	case f.kind == deviceXML && f.mac != "":
		t.phone(f.mac).sep = f
	}
	switch {
	case f.kind == looseFile && f.advice == "":
		l.problem(param.Note, codeFileName, f.path, 0, "no phone asks for this name; checked like a phone's file")
	case f.advice == "":
	case f.kind == defaultFile || f.mac != "" || f.want == "":
		l.problem(param.Warning, codeFileName, f.path, 0, f.advice)
	case !l.isBeside(t, f, f.want):
		l.problem(param.Note, codeFileName, f.path, 0, f.advice)
	}
}

func (l *linter) isBeside(t *tree, f *file, name string) bool {
	d := l.folderOf(t, f)
	if d == nil {
		return false
	}
	ok, _ := d.has(name)
	return ok
}

func (l *linter) checkDefault(t *tree, f *file) {
	data, ok := l.read(f)
	if !ok {
		return
	}
	f.layer = cnf.Parse(f.path, data).Layer(param.FromDefaultFile)
	_, problems := param.Merge(l.profile, f.layer)
	l.report.add(problems...)
	if len(t.defaults) == maxDefaults {
		l.problem(param.Error, param.CodeTooMany, f.path, 0, fmt.Sprintf("more than %d default files; no phone's file is laid over this one", maxDefaults))
		return
	}
	t.defaults = append(t.defaults, f)
}

// maxDefaults bounds what is kept while the phones' files are read.
const maxDefaults = 64

// defaultFor finds the default file that a phone's file lies over: the one in
// the same directory, else the only one. In a TFTP root it is the one with the
// right name, which is the first.
func (t *tree) defaultFor(f *file) *file {
	if len(t.defaults) == 0 {
		return nil
	}
	if t.root == nil && len(t.defaults) > 1 {
		for _, d := range t.defaults {
			if f != nil && d.dir == f.dir {
				return d
			}
		}
		return nil
	}
	return t.defaults[0]
}

// checks by kind of file.
var checks = map[kind]func(l *linter, t *tree, f *file, data []byte){
	phoneFile: (*linter).checkPhone,
	looseFile: (*linter).checkLoose,
	settings:  (*linter).checkSettings,
	bootFile:  (*linter).checkBoot,
	deviceXML: (*linter).checkDevice,
	ringList:  (*linter).checkRingList,
	ringFile:  (*linter).checkRing,
	syncInfo:  (*linter).checkSync,
	imageFile: (*linter).checkImage,
	dialPlan: func(l *linter, _ *tree, f *file, data []byte) {
		_, problems := dialplan.Parse(f.path, data)
		l.report.add(problems...)
	},
	defaultXML: (*linter).checkDefaultXML,
}

func (l *linter) checkFile(t *tree, f *file) {
	data, ok := l.read(f)
	if !ok {
		return
	}
	if f.kind == unknown || f.kind == someXML {
		f.kind = sniff(f.base(), data)
	}
	check, ok := checks[f.kind]
	if !ok {
		l.problem(param.Error, codeKind, f.path, 0, "not a file that deskset lint knows; not checked (see -help)")
		return
	}
	check(l, t, f, data)
}

func (l *linter) checkLoose(_ *tree, f *file, data []byte) {
	_, problems := param.Merge(l.profile, cnf.Parse(f.path, data).Layer(param.FromPhoneFile))
	l.report.add(problems...)
}

func (l *linter) checkSettings(_ *tree, f *file, data []byte) {
	set, problems := param.Merge(l.profile, cnf.Parse(f.path, data).Layer(param.FromSettings))
	l.report.add(problems...)
	for _, p := range param.CheckNetwork(set.Text) {
		if p.Source, p.Line = set.Value(p.Name).Place(); p.Source == "" {
			p.Source = f.path
		}
		l.report.add(p)
	}
}

func (l *linter) checkBoot(t *tree, f *file, data []byte) {
	load, problems := firmware.CheckLoadName(f.path, data)
	l.report.add(problems...)
	if load != "" {
		t.boots = append(t.boots, boot{f, load})
	}
}

func (l *linter) checkSync(t *tree, f *file, data []byte) {
	images, problems := syncinfo.Parse(f.path, data)
	l.report.add(problems...)
	t.syncs = append(t.syncs, restart{f, images})
}

func (l *linter) checkRing(_ *tree, f *file, data []byte) {
	if err := ringlist.CheckPCM(data); err != nil {
		l.badRing(f.path, err)
	}
}

func (l *linter) badRing(source string, err error) {
	text := err.Error() + "; later phones refuse it"
	if errors.Is(err, ringlist.ErrHeader) {
		text = err.Error() + "; sounds as noise"
	}
	l.problem(param.Warning, codeRing, source, 0, text)
}

// checkRingList looks at the list and at the rings that it names, which lie
// beside it (guide 2-22).
func (l *linter) checkRingList(t *tree, f *file, data []byte) {
	rings, problems := ringlist.Parse(f.path, data)
	l.report.add(problems...)
	for _, r := range rings {
		d := l.wantBeside(t, f, r.Line, r.File, param.Warning, fmt.Sprintf("the file %s of ring %q", r.File, r.Name))
		if d == nil {
			continue
		}
		data, err := readRegular(d, filepath.FromSlash(r.File), l.maxSize)
		if err != nil {
			l.problem(param.Warning, codeUnreadable, f.path, r.Line, fmt.Sprintf("the file %s: %v", r.File, err))
		} else if err := ringlist.CheckPCM(data); err != nil {
			l.badRing(d.shown(r.File), err)
		}
	}
}

// wantBeside tells a file that is missing beside the one that names it; it
// gives the directory if the file is there.
func (l *linter) wantBeside(t *tree, f *file, line int, name string, severity param.Severity, what string) *folder {
	d := l.folderOf(t, f)
	if d == nil {
		return nil
	}
	ok, other := d.has(name)
	switch {
	case ok:
		return d
	case other != "":
		l.problem(severity, codeMissing, f.path, line, what+" is missing; there is "+other+", and servers tell upper from lower case")
	default:
		l.problem(severity, codeMissing, f.path, line, what+" is missing")
	}
	return nil
}
