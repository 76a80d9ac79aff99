package lint

import (
	"cmp"
	"slices"

	"deskset/provisioning/param"
)

// The codes of what takes more than one file; stable like those of package
// param.
const (
	codeFileName   param.Code = "file-name"
	codeMissing    param.Code = "missing-file"
	codeUnreadable param.Code = "unreadable-file"
	codeKind       param.Code = "unknown-file"
	codeRing       param.Code = "ring-format"
	codeImage      param.Code = "image-header"
	codeNothing    param.Code = "nothing-to-check"
)

// maxProblems bounds the report; real trees have a few hundred.
const maxProblems = 10_000

// report is the result.
type report struct {
	profile  param.Profile
	files    []*file
	problems []param.Problem
	merged   []merged
	// count of problems by severity.
	count [param.Error + 1]int
	exit  int

	seen map[param.Problem]bool
	rank map[string]int
}

// merged is what a phone ends up with.
type merged struct {
	// phone is empty if there is the default file only, base if there is none.
	phone, base string
	// remark says who reads the phone's file, where that is a question.
	remark string
	values []value
}

// value is one that may be shown.
type value struct {
	name, text string
	secret     bool
	origin     param.Origin
	// source is empty for a default that no file asked for.
	source string
	line   int
}

func newReport(profile param.Profile) *report {
	return &report{profile: profile, seen: map[param.Problem]bool{}, rank: map[string]int{}}
}

// add takes problems. One that was met before is not counted again: the
// default file is merged with every phone's.
func (r *report) add(problems ...param.Problem) {
	for _, p := range problems {
		if r.seen[p] || len(r.seen) > maxProblems {
			continue
		}
		if len(r.seen) == maxProblems {
			p = param.Problem{Severity: param.Error, Code: param.CodeTooMany, Source: p.Source, Text: "more problems than are told; check fewer files"}
		}
		r.seen[p] = true
		r.count[p.Severity]++
		r.problems = append(r.problems, p)
		r.place(p.Source)
	}
}

// remark tells who reads a phone's file.
func (r *report) remark(phone, text string) {
	for i := range r.merged {
		if r.merged[i].phone == phone {
			r.merged[i].remark = text
		}
	}
}

// place gives a file its place in the report's order.
func (r *report) place(source string) {
	if _, ok := r.rank[source]; !ok {
		r.rank[source] = len(r.rank)
	}
}

// finish puts the problems in order and decides on the exit code.
func (r *report) finish(strict bool) {
	slices.SortStableFunc(r.problems, func(a, b param.Problem) int {
		return cmp.Or(cmp.Compare(r.rank[a.Source], r.rank[b.Source]), cmp.Compare(a.Line, b.Line))
	})
	switch {
	case r.count[param.Error] > 0:
		r.exit = exitErrors
	case r.count[param.Warning] > 0 && strict:
		r.exit = exitWarnings
	default:
		r.exit = exitClean
	}
}
