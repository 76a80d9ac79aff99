package lab

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"deskset/app/lab/tree"
)

// fileFault makes the files ill. The zero value is health.
type fileFault struct {
	missing   missing
	badConfig bool
	image     imageFault
}

// missing is which files are not there.
type missing uint8

// The kinds of files that may be missing.
const (
	defaultFiles missing = 1 << iota // SIPDefault.cnf
	phoneFiles                       // SIP<MAC>.cnf, SEP<MAC>.cnf.xml
	otherFiles
	everyFile = defaultFiles | phoneFiles | otherFiles
)

// imageFault is what is wrong with images; all but none offer an upgrade.
type imageFault uint8

// What may be wrong with images.
const (
	imageSound imageFault = iota
	imageOfAnotherName
	imageCutOff
	imageOneBitWrong
)

// kindOf sorts a name.
func kindOf(name string) missing {
	base := path.Base(name)
	switch {
	case base == defaultName:
		return defaultFiles
	case strings.HasPrefix(base, "SIP") && strings.HasSuffix(base, ".cnf"), strings.HasPrefix(base, "SEP"):
		return phoneFiles
	}
	return otherFiles
}

// edit makes what the tree does to files as they go out, whoever made them.
func (f fileFault) edit() tree.Edit {
	return func(name string, data []byte, err error) ([]byte, error) {
		switch {
		case f.missing&kindOf(name) != 0:
			return nil, fs.ErrNotExist
		case err != nil || !isImage(name):
			return data, err
		}
		switch f.image {
		case imageOfAnotherName:
			return makeImage(strangeImage)
		case imageCutOff:
			return data[:len(data)*6/10], nil
		case imageOneBitWrong:
			data = bytes.Clone(data)
			if len(data) > 0 {
				data[len(data)/2] ^= 0x10
			}
		}
		return data, nil
	}
}

// isImage tells whether a name is that of a load's file.
func isImage(name string) bool {
	switch path.Ext(name) {
	case ".img", ".bin", ".sbn", ".sb2":
		return true
	}
	return false
}
