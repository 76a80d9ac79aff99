package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
)

// checkImage compares the name in the header with that of the file, as a phone
// does before it takes the image (guide 2-8), and looks for the images that a
// list names.
func (l *linter) checkImage(t *tree, f *file, head []byte) {
	// No instrument ever took a container's name without a container in it, nor
	// a file with nothing in it; images before release 5 had no header.
	old := len(head) > 1 && !strings.EqualFold(path.Ext(f.base()), ".img")
	switch err := scanImage(f, head); {
	case old && errors.Is(err, firmware.ErrNoHeader):
		l.problem(param.Warning, codeImage, f.path, 0, err.Error()+"; instruments of release 5 and later refuse it")
	case err != nil:
		l.problem(param.Error, codeImage, f.path, 0, err.Error()+"; phones refuse it")
	}
	if !strings.EqualFold(path.Ext(f.base()), ".loads") {
		return
	}
	loads, err := firmware.ParseLoads(head)
	if err != nil {
		l.problem(param.Warning, param.CodeSyntax, f.path, 0, err.Error())
	}
	for _, name := range loads.Files {
		l.wantBeside(t, f, 0, name, param.Warning, "the image "+name)
	}
}

// scanImage goes through the whole file, because damage shows at its end only.
func scanImage(f *file, head []byte) error {
	var image io.Reader = bytes.NewReader(head)
	if len(head) == imageHead {
		whole, err := openRegular(f.from, f.name)
		if err != nil {
			return err
		}
		defer whole.Close()
		image = whole
	}
	contents, err := firmware.Scan(image)
	if err != nil {
		return err
	}
	return contents.Check(f.base())
}

// wantImage looks for an image in a TFTP root.
func (l *linter) wantImage(t *tree, load string, p param.Problem) {
	if t.root == nil {
		return
	}
	names := firmware.FileNames(load)
	for _, name := range names {
		if ok, _ := t.root.has(name); ok {
			return
		}
	}
	if len(names) == 0 {
		return // no name of a load, which is told elsewhere
	}
	p.Severity, p.Code = param.Warning, codeMissing
	p.Text = fmt.Sprintf("there is no image %s in %s; a phone that runs another stays with it", orList(names), t.root.shown(""))
	l.report.add(p)
}

// orList shortens names that differ in their extension: a.img, .sbn or .bin.
func orList(names []string) string {
	var list strings.Builder
	list.WriteString(names[0])
	for i, name := range names[1:] {
		separator := ", "
		if i == len(names)-2 {
			separator = " or "
		}
		list.WriteString(separator + path.Ext(name))
	}
	return list.String()
}
