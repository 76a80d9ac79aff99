package lint

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"deskset/provisioning/param"
)

// file is one that is checked.
type file struct {
	naming
	// path as it is shown, with slashes.
	path string
	// dir is the directory in which it lies, for files named one by one.
	dir string
	// from opens it as name.
	from opener
	name string
	// layer of a default file.
	layer param.Layer
}

func (f *file) base() string { return path.Base(f.path) }

// tree is the files that belong together: a TFTP root, or those named one by
// one.
type tree struct {
	root     *folder // nil for files named one by one
	files    []*file
	defaults []*file
	boots    []boot
	syncs    []restart
	facts    []fact
	// phones by MAC address.
	phones map[string]*pair
}

func newTree(root *folder) *tree {
	return &tree{root: root, phones: map[string]*pair{}}
}

// linter collects.
type linter struct {
	options
	report *report
	paths  map[string]bool
	full   bool
	beside *folder // see folderOf
	meter  meter
}

func newLinter(o options) *linter {
	return &linter{options: o, report: newReport(o.profile), paths: map[string]bool{}}
}

func (l *linter) close() {
	if l.beside != nil {
		l.beside.close()
	}
}

func (l *linter) problem(severity param.Severity, code param.Code, source string, line int, text string) {
	l.report.add(param.Problem{Severity: severity, Code: code, Source: source, Line: line, Text: text})
}

// add puts a file into a tree unless there are too many or it is there.
func (l *linter) add(t *tree, f *file) {
	if l.paths[f.path] || l.full {
		return
	}
	if len(l.report.files) == l.maxFiles {
		l.full = true
		l.problem(param.Error, param.CodeTooMany, f.path, 0, fmt.Sprintf("more than %d files; this one and the rest are not checked (-max-files)", l.maxFiles))
		return
	}
	l.paths[f.path] = true
	l.report.place(f.path)
	l.report.files = append(l.report.files, f)
	t.files = append(t.files, f)
}

// addPath takes what the command line names, except a directory, which it
// tells.
func (l *linter) addPath(t *tree, name string) (isDir bool) {
	shown := filepath.ToSlash(filepath.Clean(name))
	info, err := os.Stat(name)
	switch {
	case err != nil:
		l.problem(param.Error, codeUnreadable, shown, 0, plainError(err).Error())
		return false
	case info.IsDir():
		return true
	}
	l.add(t, &file{naming: classify(filepath.Base(name)), path: shown, dir: filepath.Dir(name), from: system{}, name: name})
	return false
}

// addFolder takes the files of a directory that a phone may ask for.
// It ends early with ctx, which whoever checks the files then finds out, and
// where there are too many: each XML file of another name is read.
func (l *linter) addFolder(ctx context.Context, t *tree, d *folder, wanted func(kind) bool) {
	names, err := d.list()
	if err != nil {
		l.problem(param.Error, codeUnreadable, d.shown(""), 0, "the directory: "+err.Error()+"; not all is checked")
	}
	for i, name := range names {
		if ctx.Err() != nil || l.full {
			return
		}
		l.meter.show("looking for files", i, len(names))
		n := classify(name)
		if n.kind == unknown || n.kind == looseFile && n.advice == "" || !wanted(n.kind) {
			continue
		}
		if info, err := d.Stat(name); err == nil && info.IsDir() {
			continue
		}
		f := &file{naming: n, path: d.shown(name), from: d, name: name}
		if n.kind == someXML && !l.recognise(f) {
			continue
		}
		l.add(t, f)
	}
}

// recognise finds out what XML of another name is for. In a directory there
// are many that are none of ours: locales, soft keys, services.
func (l *linter) recognise(f *file) bool {
	data, err := readRegular(f.from, f.name, l.maxSize)
	if err != nil {
		return false
	}
	f.kind = sniff(f.name, data)
	return f.kind != unknown
}

// addPhoneFolder takes the phone files of the directory that tftp_cfg_dir
// names, below the root.
func (l *linter) addPhoneFolder(ctx context.Context, t *tree, set *param.Set) *folder {
	value := set.Value("tftp_cfg_dir")
	sub := strings.Trim(path.Clean("/"+strings.ReplaceAll(value.Text, `\`, "/")), "/")
	if t.root == nil || sub == "" {
		return nil
	}
	root, err := t.root.OpenRoot(filepath.FromSlash(sub))
	if err != nil {
		source, line := value.Place()
		l.report.add(param.Problem{
			Severity: param.Warning, Code: codeMissing, Source: source, Line: line, Name: "tftp_cfg_dir", Value: value.Text,
			Text: "the directory cannot be opened: " + plainError(err).Error(),
		})
		return nil
	}
	d := &folder{path: filepath.Join(t.root.path, filepath.FromSlash(sub)), Root: root}
	l.addFolder(ctx, t, d, func(k kind) bool { return k == phoneFile })
	return d
}

// folderOf is the directory in which a file lies. One that is beside a file
// named one by one stays open until that of another is asked for.
func (l *linter) folderOf(t *tree, f *file) *folder {
	if d, ok := f.from.(*folder); ok {
		return d
	}
	if l.beside != nil && l.beside.path == f.dir {
		return l.beside
	}
	d, err := openFolder(f.dir)
	if err != nil {
		return nil
	}
	l.close()
	l.beside = d
	return d
}

// imageHead is how much of an image is kept: it is long; the header, and a list
// of images, are not.
const imageHead = 64 << 10

// read gives a file's content, or tells why it is not checked.
func (l *linter) read(f *file) (data []byte, ok bool) {
	read := readRegular
	most := l.maxSize
	if f.kind == imageFile {
		read, most = readHead, imageHead
	}
	data, err := read(f.from, f.name, most)
	if err != nil {
		code := codeUnreadable
		if errors.Is(err, errTooLarge) {
			code = param.CodeTooLarge
		}
		l.problem(param.Error, code, f.path, 0, err.Error()+"; not checked")
		return nil, false
	}
	return data, true
}
