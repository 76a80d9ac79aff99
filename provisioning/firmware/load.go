package firmware

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
)

// maxName bounds names of loads and files; real ones have up to 20 characters.
const maxName = 64

// ErrLoadName says that no load is named where one should be.
var ErrLoadName = errors.New("want the name of a load, like P0S3-8-12-00, and nothing else")

// ParseLoadName reads OS79XX.TXT: one line with the name of the load, without
// extension. Blanks around it, any line end or none, and a byte order mark are
// passed over; an extension is taken off, since instruments add their own.
func ParseLoadName(data []byte) (string, error) {
	const most = 4096
	text := string(bytes.TrimPrefix(data[:min(len(data), most)], []byte("\xef\xbb\xbf")))
	var name string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if line = strings.TrimSpace(line); line != "" {
			name = line
			break
		}
	}
	if !isName(name) {
		return "", ErrLoadName
	}
	return Stem(name), nil
}

func isName(name string) bool {
	return name != "" && len(name) <= maxName && !strings.HasPrefix(name, ".") &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
		})
}

// extensions of image files and of OS79XX.TXT. A dot may stand inside a name
// too (SIP45.9-4-2), so that nothing else is taken off.
var extensions = append([]string{".txt"}, fileExtensions...)

// Stem is a file's name without the extension of an image.
func Stem(file string) string {
	for _, e := range extensions {
		if strings.HasSuffix(strings.ToLower(file), e) && len(file) > len(e) {
			return file[:len(file)-len(e)]
		}
	}
	return file
}

// Loads is what a .loads file says.
type Loads struct {
	// Files of the load in the order in which they are fetched.
	Files []string
	// Versions are settings like LA_VERSION=PAS30830, by name.
	Versions map[string]string
}

// ParseLoads reads a .loads file, with or without its header: the name of a
// file or a setting on each line.
func ParseLoads(data []byte) (Loads, error) {
	const most, maxFiles = 64 << 10, 32
	if len(data) > most {
		return Loads{}, fmt.Errorf("%d bytes: want a list of at most %d", len(data), most)
	}
	if h, err := ReadHeader(data); err == nil {
		data = data[h.Length:]
	}
	l := Loads{Versions: map[string]string{}}
	number := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		number++
		line = strings.TrimSpace(strings.TrimRight(line, "\x00"))
		name, value, isSetting := strings.Cut(line, "=")
		switch {
		case line == "":
		case len(l.Files)+len(l.Versions) == maxFiles:
			return Loads{}, fmt.Errorf("line %d: want at most %d files", number, maxFiles)
		case isSetting && isName(name) && isName(value):
			l.Versions[name] = value
		case isName(line) && path.Base(line) == line:
			l.Files = append(l.Files, line)
		default:
			return Loads{}, fmt.Errorf("line %d: want the name of a file or NAME=value", number)
		}
	}
	if len(l.Files) == 0 {
		return Loads{}, errors.New("no file is named")
	}
	return l, nil
}
