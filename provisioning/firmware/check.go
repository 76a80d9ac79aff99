package firmware

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"deskset/provisioning/param"
)

// CheckLoadName reads OS79XX.TXT like ParseLoadName and tells, beside the
// error, what is taken but not as instruments want it. The load is empty if
// there is none.
func CheckLoadName(source string, data []byte) (load string, problems []param.Problem) {
	report := func(severity param.Severity, code param.Code, line int, value, text string) {
		problems = append(problems, param.Problem{Severity: severity, Code: code, Source: source, Line: line, Value: value, Text: text})
	}
	load, err := ParseLoadName(data)
	if err != nil {
		report(param.Error, param.CodeBadValue, 0, "", err.Error())
		return "", problems
	}
	at := bytes.Index(data, []byte(load))
	line := 1 + bytes.Count(data[:at], []byte("\n"))
	written, rest, _ := strings.Cut(string(data[at:]), "\n")
	if written = strings.TrimSpace(written); written != load {
		report(param.Note, param.CodeAdvice, line, written, "want the load's name without extension; using "+load)
	}
	if strings.TrimSpace(rest) != "" {
		report(param.Note, param.CodeSyntax, line+1, "", "want one line; the rest is not read")
	}
	if !IsLoadOf7960(load) {
		report(param.Warning, param.CodeBadValue, line, load, "want a load of the 7940 and 7960, whose names begin with P0S3, P003 or P0M3; another phone's does not start")
	}
	return load, problems
}

// families begin the names of loads: SIP, universal and SCCP, MGCP, and
// Deskset's own.
var families = []string{"P0S3", "P003", "P0M3", "DS79"}

// IsLoadOf7960 tells whether a load has the name of one for this phone.
func IsLoadOf7960(load string) bool {
	return family(load) != ""
}

func family(load string) string {
	for _, f := range families {
		if len(load) > len(f) && strings.EqualFold(load[:len(f)], f) {
			return f
		}
	}
	return ""
}

// SameRelease tells whether two loads belong together: they are the same, or
// one is the universal loader of the other (P003-8-12-00 of P0S3-8-12-00).
func SameRelease(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	f, g := family(a), family(b)
	return f != "" && g != "" && (f == "P003" || g == "P003") && strings.EqualFold(a[len(f):], b[len(g):])
}

// CheckImage tells what is wrong with an image under the name it has on the
// server: no header, a bad one, that of another file, or damage.
func CheckImage(file string, data []byte) error {
	c, err := Scan(bytes.NewReader(data))
	switch {
	case errors.Is(err, ErrNoHeader):
		return fmt.Errorf("%w; instruments of release 5 and later refuse it", err)
	case err != nil:
		return err
	}
	return c.Check(file)
}
