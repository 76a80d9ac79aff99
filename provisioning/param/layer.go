package param

import (
	"fmt"
	"strconv"
	"strings"
)

var originNames = [numOrigins]string{
	FromDefault: "default", FromFlash: "flash", FromDefaultFile: "default file", FromPhoneFile: "phone file",
	FromSettings: "settings file", FromEnvironment: "environment", FromFlag: "flag",
}

// String names the layer for people and programs.
func (o Origin) String() string { return originNames[min(o, numOrigins-1)] }

// Place takes Source apart: "SIPDefault.cnf:12" is line 12 of SIPDefault.cnf.
// The line is 0 if there is none.
func (v Value) Place() (source string, line int) {
	if i := strings.LastIndexByte(v.Source, ':'); i > 0 {
		if n, err := strconv.Atoi(v.Source[i+1:]); err == nil {
			return v.Source[:i], n
		}
	}
	return v.Source, 0
}

// Entry is one setting of a layer.
type Entry struct {
	// Name as it was written; names are not case-sensitive.
	Name string
	// Text is the value. An empty one resets the parameter to its default.
	Text string
	// Reset marks an entry that is present without a value.
	Reset bool
	// Line in the file, from 1; 0 if there are no lines.
	Line int
	// Source names the entry where there is no line: "DESKSET_LINE1_NAME",
	// "-line1_name". Empty takes the layer's name and the line.
	Source string
}

// Layer is one file, the flash, the environment or the flags.
type Layer struct {
	Origin Origin
	// Name for messages: "SIPDefault.cnf", "flash", "environment", "flags".
	Name    string
	Entries []Entry
	// Problems that reading the layer met; Merge passes them on.
	Problems []Problem
}

// source says where an entry stands.
func (l *Layer) source(e Entry) string {
	switch {
	case e.Source != "":
		return e.Source
	case e.Line > 0:
		return fmt.Sprintf("%s:%d", l.Name, e.Line)
	}
	return l.Name
}

// fromNetwork tells files that a server sent.
func (l *Layer) fromNetwork() bool {
	return l.Origin == FromDefaultFile || l.Origin == FromPhoneFile
}
