// Package fieldtest holds files written for tests, each of which reproduces one
// construct that a survey of phones' files in the field found: right, odd and
// wrong ones. They lie in testdata by the reader they are for; app/lint has the
// table that says what each must mean. Fuzz tests take them as seeds:
//
//	for _, data := range fieldtest.Folder("cnf") {
//		f.Add(data)
//	}
package fieldtest

import (
	"embed"
	"io/fs"
	"path"
)

//go:embed testdata
var files embed.FS

// Names are the names of all files, "cnf/bom.cnf", sorted.
func Names() []string {
	names, err := fs.Glob(files, "testdata/*/*")
	must(err)
	for i, name := range names {
		names[i] = name[len("testdata/"):]
	}
	return names
}

// File is the content of a file.
func File(name string) []byte {
	data, err := files.ReadFile(path.Join("testdata", name))
	must(err)
	return data
}

// Folder is the content of all files of a folder: cnf, load, device, default,
// dialplan, ringlist or syncinfo.
func Folder(folder string) [][]byte {
	var all [][]byte
	for _, name := range Names() {
		if path.Dir(name) == folder {
			all = append(all, File(name))
		}
	}
	if all == nil {
		panic("fieldtest: there is no folder " + folder)
	}
	return all
}

// must holds because the files are part of the program.
func must(err error) {
	if err != nil {
		panic("fieldtest: " + err.Error())
	}
}
