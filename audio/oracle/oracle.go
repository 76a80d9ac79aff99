// Package oracle lets tests ask other people's voice software: libraries that
// are not ours to link, for they are in C or under the GPL. A test brings a
// small C program that reads raw data and writes raw data; it is compiled at
// test time and run as a process of its own.
//
//	bcg := oracle.Build(t, "testdata/bcg729.c", "bcg729")
//	pcm := oracle.Run(t, bits, bcg, "decode") // bits on its standard input, pcm from its standard output
//
// Where compiler or library are missing the test is skipped with the reason.
package oracle

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience bounds compiling and every run.
const patience = 2 * time.Minute

// Build compiles a C program with the named libraries and gives its path; it is
// gone with the test.
func Build(t testing.TB, source string, libraries ...string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler for the oracle: packaging/install-deps peers")
	}
	program := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(source), ".c"))
	args := []string{"-O2", "-Wall", "-o", program, source}
	for _, library := range libraries {
		args = append(args, "-l"+library)
	}
	args = append(args, "-lm")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	said, err := exec.CommandContext(ctx, cc, args...).CombinedOutput()
	if err == nil {
		return program
	}
	if bytes.Contains(said, []byte("No such file or directory")) || bytes.Contains(said, []byte("cannot find -l")) {
		t.Skipf("a library of %s is not here: packaging/install-deps peers", filepath.Base(source))
	}
	t.Fatalf("%s: %v\n%s", source, err, said)
	return ""
}

// Need skips the test unless a program is installed.
func Need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed: packaging/install-deps peers", program)
	}
}

// Run starts a program with input on its standard input, and gives what it
// wrote to its standard output.
func Run(t testing.TB, input []byte, program string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = bytes.NewReader(input)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, said.Bytes())
	}
	return out.Bytes()
}
