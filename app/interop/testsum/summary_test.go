package main

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// run feeds the lines of one step through a summary.
func run(s *summary, err error, lines ...string) (string, bool) {
	var out strings.Builder
	s.out, s.started = &out, time.Now()
	s.begin("step")
	readLines(strings.NewReader(strings.Join(lines, "\n")), s.line)
	s.end(err)
	ok := s.finish()
	return out.String(), ok
}

const (
	starts = `{"Action":"start","Package":"deskset/app/interop"}`
	passes = `{"Action":"pass","Package":"deskset/app/interop","Test":"TestA","Elapsed":1}`
	ends   = `{"Action":"pass","Package":"deskset/app/interop","Elapsed":1.5}`
)

var skips = []string{
	`{"Action":"output","Package":"deskset/app/interop","Test":"TestB","Output":"=== RUN   TestB\n"}`,
	`{"Action":"output","Package":"deskset/app/interop","Test":"TestB","Output":"    pulse_test.go:12: no PulseAudio\n"}`,
	`{"Action":"output","Package":"deskset/app/interop","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}`,
	`{"Action":"skip","Package":"deskset/app/interop","Test":"TestB"}`,
}

func TestSummaryCountsAndClosesLikeGoTest(t *testing.T) {
	out, ok := run(&summary{}, nil, append([]string{starts, passes}, append(skips, ends)...)...)
	if !ok {
		t.Error("a skip outside CI must be well")
	}
	for _, want := range []string{
		"ok  \tdeskset/app/interop\t1.5s\t1 tests, 1 skipped\n",
		"SKIP\tdeskset/app/interop.TestB: no PulseAudio\n",
		"1 packages, 1 tests passed, 0 failed, 1 skipped\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "ok  \tdeskset\t") {
		t.Errorf("last line %q", last)
	}
}

func TestSkippedProofFailsOnCI(t *testing.T) {
	s := &summary{proof: regexp.MustCompile(`app/interop$`)}
	out, ok := run(s, nil, append([]string{starts, passes}, append(skips, ends)...)...)
	if ok || !strings.Contains(out, "SKIP (not allowed on CI)") {
		t.Errorf("ok %v:\n%s", ok, out)
	}
}

func TestFailuresOfEveryKindFailTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		lines []string
		want  string
	}{
		"failed test": {errors.New("exit status 1"), []string{starts,
			`{"Action":"output","Package":"deskset/app/interop","Test":"TestA","Output":"    a_test.go:1: wrong\n"}`,
			`{"Action":"fail","Package":"deskset/app/interop","Test":"TestA"}`,
			`{"Action":"fail","Package":"deskset/app/interop","Elapsed":2}`}, "a_test.go:1: wrong"},
		"does not build": {errors.New("exit status 1"), []string{
			`{"ImportPath":"deskset/x","Action":"build-output","Output":"x.go:1: syntax error\n"}`,
			`{"ImportPath":"deskset/x","Action":"build-fail"}`,
			`{"Action":"start","Package":"deskset/x"}`,
			`{"Action":"fail","Package":"deskset/x","Elapsed":0,"FailedBuild":"deskset/x"}`}, "x.go:1: syntax error"},
		"panic": {errors.New("exit status 1"), []string{starts,
			`{"Action":"output","Package":"deskset/app/interop","Test":"TestA","Output":"panic: oh\n"}`,
			`{"Action":"fail","Package":"deskset/app/interop","Elapsed":2}`}, "panic: oh"},
		"go test killed":         {errors.New("signal: killed"), []string{starts, passes}, "did not end"},
		"other command":          {errors.New("exit status 2"), []string{"x.go:3: vet says no"}, "x.go:3: vet says no"},
		"failed but looked well": {errors.New("exit status 1"), []string{starts, passes, ends}, "step step: exit status 1"},
	} {
		t.Run(name, func(t *testing.T) {
			out, ok := run(&summary{}, c.err, c.lines...)
			if ok || !strings.Contains(out, c.want) || !strings.Contains(out, "\nFAIL\tdeskset\t") {
				t.Errorf("ok %v, want %q in:\n%s", ok, c.want, out)
			}
		})
	}
}

func TestOtherOutputPassesThrough(t *testing.T) {
	out, ok := run(&summary{}, nil, "plain", `{"json":"but no event"}`)
	if !ok || !strings.Contains(out, "plain\n{\"json\":\"but no event\"}\n") {
		t.Errorf("ok %v:\n%s", ok, out)
	}
}

func TestVeryLongLinesAreRead(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	n := 0
	readLines(io.MultiReader(strings.NewReader(long), strings.NewReader("\nend")), func(l []byte) { n += len(l) })
	if n != 1<<20+3 {
		t.Errorf("read %d bytes", n)
	}
}

func TestSlowestTestsAreNamed(t *testing.T) {
	took := func(test string, seconds string) string {
		return `{"Action":"pass","Package":"deskset/app/interop","Test":"` + test + `","Elapsed":` + seconds + `}`
	}
	out, _ := run(&summary{}, nil, starts, took("TestLong", "12"), took("TestLong/part", "11"), took("TestLonger", "40"), passes, ends)
	if !strings.Contains(out, "SLOW\tdeskset/app/interop.TestLonger\t40s\nSLOW\tdeskset/app/interop.TestLong\t12s\n1 packages") {
		t.Errorf("the slowest do not stand there in their order:\n%s", out)
	}
}
