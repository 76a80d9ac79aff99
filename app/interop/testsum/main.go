// Command testsum runs the steps of "make test" and tells in the end what they
// amount to: how many tests ran, which were skipped and why, which failed.
//
// Each argument is one step, "name: shell command"; a command that prints
// "go test -json" events is counted, what any other prints is passed on. A
// failed step does not keep later steps from running. On CI (CI=true) a
// skipped test in a package that -proof matches is a failure: there the
// packages that it needs are installed, so a skip would hide a hole.
//
//	testsum -proof 'app/interop$' 'vet: go vet ./...' 'race: go test -json -race ./...'
//
// The output ends like that of go test: a line that starts with "ok" or
// "FAIL", and an exit status of 0 or 1.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

func main() {
	proof := flag.String("proof", "", "regular expression of packages whose tests may not be skipped on CI")
	flag.Parse()
	pattern, err := regexp.Compile(*proof)
	if err != nil || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: testsum [-proof regexp] 'name: command'...", err)
		os.Exit(2)
	}
	sum := &summary{out: os.Stdout, started: time.Now()}
	if *proof != "" && os.Getenv("CI") == "true" {
		sum.proof = pattern
	}
	for _, step := range flag.Args() {
		name, command, found := strings.Cut(step, ": ")
		if !found {
			name, command = "step", step
		}
		runStep(sum, name, command)
	}
	if !sum.finish() {
		os.Exit(1)
	}
}

// runStep runs one shell command and feeds what it prints into the summary.
func runStep(sum *summary, name, command string) {
	sum.begin(name)
	cmd := exec.Command("sh", "-c", command)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		readLines(out, sum.line)
		err = cmd.Wait()
	}
	sum.end(err)
}

// readLines calls f for each line, of any length, without its newline.
func readLines(r io.Reader, f func([]byte)) {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		if n := len(line); n > 0 && line[n-1] == '\n' {
			line = line[:n-1]
		}
		if len(line) > 0 || err == nil {
			f(line)
		}
		if err != nil {
			return
		}
	}
}
