package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// key names a test, or with an empty test a package, within one step.
type key struct{ pkg, test string }

// skip is a test that was not run.
type skip struct {
	key
	reason string
}

// slow is a test and the seconds that it took.
type slow struct {
	key
	seconds float64
}

// slowest is how many of them the summary names, so that one sees where the time
// goes; what takes less than a few seconds is not worth a line.
const (
	slowest    = 20
	notSoShort = 3
)

// summary counts what the steps report and prints it as it comes.
type summary struct {
	out     io.Writer
	proof   *regexp.Regexp // nil: any skip is allowed
	started time.Time

	step      string
	stepStart time.Time
	output    map[key][]string // of tests that have not ended well
	open      map[string]*counts

	packages       int
	passed, failed int
	skips          []skip
	slow           []slow
	broken         []string // steps and packages that failed without a failed test
}

// counts are one package's, while it runs.
type counts struct{ passed, failed, skipped int }

func (s *summary) begin(step string) {
	s.step, s.stepStart = step, time.Now()
	s.output = map[key][]string{}
	s.open = map[string]*counts{}
	fmt.Fprintf(s.out, "=== %s\n", step)
}

// line takes one line of a step's output.
func (s *summary) line(line []byte) {
	var e event
	if len(line) == 0 || line[0] != '{' || json.Unmarshal(line, &e) != nil || e.Action == "" {
		fmt.Fprintf(s.out, "%s\n", line)
		return
	}
	k := key{e.Package, e.Test}
	switch e.Action {
	case "start":
		s.open[e.Package] = &counts{}
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "output":
		s.output[k] = append(s.output[k], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.packageEnds(e)
		} else {
			s.testEnds(k, e)
		}
		delete(s.output, k)
	}
}

func (s *summary) testEnds(k key, e event) {
	c := s.open[e.Package]
	if c == nil {
		c = &counts{}
		s.open[e.Package] = c
	}
	if e.Elapsed >= notSoShort && !strings.Contains(e.Test, "/") {
		s.slow = append(s.slow, slow{k, e.Elapsed})
	}
	switch e.Action {
	case "pass":
		c.passed++
		s.passed++
	case "fail":
		c.failed++
		s.failed++
		fmt.Fprint(s.out, strings.Join(s.output[k], ""))
	case "skip":
		c.skipped++
		s.skips = append(s.skips, skip{k, skipReason(s.output[k])})
	}
}

func (s *summary) packageEnds(e event) {
	c := s.open[e.Package]
	delete(s.open, e.Package)
	if c == nil {
		c = &counts{}
	}
	if e.Action == "skip" || e.Action == "pass" && *c == (counts{}) {
		return // no test files, or none chosen
	}
	s.packages++
	word := "ok  "
	if e.Action == "fail" {
		word = "FAIL"
		if c.failed == 0 {
			s.brokenPackage(e)
		}
	}
	fmt.Fprintf(s.out, "%s\t%s\t%.1fs\t%d tests", word, e.Package, e.Elapsed, c.passed+c.failed)
	if c.failed > 0 {
		fmt.Fprintf(s.out, ", %d failed", c.failed)
	}
	if c.skipped > 0 {
		fmt.Fprintf(s.out, ", %d skipped", c.skipped)
	}
	fmt.Fprintln(s.out)
}

// brokenPackage is one that failed although none of its tests did: it does not
// compile, panicked, ran out of time or left a goroutine behind. What it said,
// and what the tests said that it broke off, is all there is to go by.
func (s *summary) brokenPackage(e event) {
	what := e.Package
	if e.FailedBuild != "" {
		what += " (build failed)"
	}
	s.broken = append(s.broken, what)
	keys := slices.SortedFunc(maps.Keys(s.output), func(a, b key) int { return strings.Compare(a.test, b.test) })
	for _, k := range keys {
		if k.pkg == e.Package {
			fmt.Fprint(s.out, strings.Join(s.output[k], ""))
		}
	}
}

// end closes a step. A package that began and never ended, or a command that
// failed while everything it reported was well, breaks the step.
func (s *summary) end(err error) {
	for _, pkg := range slices.Sorted(maps.Keys(s.open)) {
		s.broken = append(s.broken, pkg+" (did not end)")
	}
	if err != nil && s.failed == 0 && len(s.broken) == 0 {
		s.broken = append(s.broken, fmt.Sprintf("step %s: %v", s.step, err))
	}
	fmt.Fprintf(s.out, "--- %s: %.0fs\n", s.step, time.Since(s.stepStart).Seconds())
}

// finish prints the closing lines and tells whether all is well.
func (s *summary) finish() bool {
	fmt.Fprintln(s.out, "=== summary")
	forbidden := 0
	for _, sk := range s.skips {
		mark := "SKIP"
		if s.proof != nil && s.proof.MatchString(sk.pkg) {
			mark = "SKIP (not allowed on CI)"
			forbidden++
		}
		fmt.Fprintf(s.out, "%s\t%s.%s: %s\n", mark, sk.pkg, sk.test, sk.reason)
	}
	slices.SortFunc(s.slow, func(a, b slow) int { return cmp.Compare(b.seconds, a.seconds) })
	for _, t := range s.slow[:min(len(s.slow), slowest)] {
		fmt.Fprintf(s.out, "SLOW\t%s.%s\t%.0fs\n", t.pkg, t.test, t.seconds)
	}
	for _, b := range s.broken {
		fmt.Fprintf(s.out, "BROKEN\t%s\n", b)
	}
	fmt.Fprintf(s.out, "%d packages, %d tests passed, %d failed, %d skipped\n",
		s.packages, s.passed, s.failed, len(s.skips))
	ok := s.failed == 0 && len(s.broken) == 0 && forbidden == 0
	word := "ok  "
	if !ok {
		word = "FAIL"
	}
	fmt.Fprintf(s.out, "%s\tdeskset\t%.1fs\n", word, time.Since(s.started).Seconds())
	return ok
}

// logPrefix is what the testing package puts before a logged text.
var logPrefix = regexp.MustCompile(`^\s*[\w.-]+\.go:\d+: `)

// skipReason finds the text given to t.Skip in a test's output.
func skipReason(output []string) string {
	var reason []string
	for _, line := range output {
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "===") || strings.HasPrefix(text, "---") {
			continue
		}
		reason = append(reason, strings.TrimSpace(logPrefix.ReplaceAllString(line, "")))
	}
	if len(reason) == 0 {
		return "no reason given"
	}
	return strings.Join(reason, " ")
}
