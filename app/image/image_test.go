package image

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
)

var update = flag.Bool("update", false, "write the golden files")

// run gives the exit code and what was printed.
func run(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Main(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

// inFolder lets a test work in an empty directory, at no particular time.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Setenv("SOURCE_DATE_EPOCH", "")
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const list = "P003-8-12-00.sbn\r\nP0S3-8-12-00.sb2\r\nLA_VERSION=PAS30830\r\n"

// Each row is a command; what they print together is the golden file.
var session = []string{
	"build -name DS79-0-2-0 -generation guide -description for_training -created 2026-11-21T01:00:00+01:00 payload.txt",
	"show DS79-0-2-0.img",
	"build -name P0S3-8-12-00 -signed-layout payload.txt",
	"build -name P0S3-8-12-00 -signed-layout -o P0S3-8-12-00.loads list.txt",
	"build -name P0S3-8-12-00 -signed-layout -o other/P0S3-8-12-00.sb2",
	"show P0S3-8-12-00.sbn P0S3-8-12-00.loads",
	"build -name P0S30100 -o P0S30202.img", // for the demo of a bad name
	"build -name SIP41.8-5-2",
	"show P0S30202.img DS79-0-2-0.img SIP41.8-5-2.img",
	"show payload.txt list.txt bare.loads cut.img empty.bin",
	"show missing.img .",
	"show",
	"build",
	"build -name DS79-0-2-0",
	"build -name DS79-0-2-0 -o .",
	"build -name DS79-0-2-0 -f -o .",
	"build -name DS79-0-2-0 -f",
	"build -name DS79-0-2-0.img",
	"build -name ../x",
	"build -name DS79-A -created today",
	"build -name DS79-A payload.txt -o FILE",
	"build -name DS79-A missing.txt",
	"build -name P0S3-8-11-00 -signed-layout -generation guide",
	"build -name P0S3-8-11-00 -signed-layout -created 1969-01-01T00:00:00Z",
	"build -name P0S3-8-11-00 -signed-layout -o P0S3-8-11-00.loads payload.txt",
	"build -colour red",
	"paint",
	"",
}

func TestSessionPrintsWhatItDid(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "session.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cut := container(t, "cut")
	inFolder(t, map[string]string{
		"payload.txt": "some payload", "list.txt": list, "bare.loads": list, "cut.img": cut[:len(cut)-1], "empty.bin": "",
		"SIP41.8-5-2.img": container(t, "SIP41.8-5-2"),
	})
	if err := os.Mkdir("other", 0o755); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, command := range session {
		code, stdout, stderr := run(strings.Fields(command)...)
		fmt.Fprintf(&all, "$ deskset image %s\n%s%s= %d\n\n", command, stdout, strings.ReplaceAll(stderr, "deskset image", "! deskset image"), code)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := all.String(), read(t, golden); got != want {
		t.Errorf("-update writes this:\n%s", firstDifference(got, want))
	}
}

func container(t *testing.T, load string) string {
	var b bytes.Buffer
	if err := firmware.WriteContainer(&b, firmware.Manifest{Name: load}, strings.NewReader("payload"), 7); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func firstDifference(got, want string) string {
	wanted := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wanted) || line != wanted[i] {
			return fmt.Sprintf("line %d: %s", i+1, line)
		}
	}
	return "the end is missing"
}

func TestSameInputGivesTheSameBytes(t *testing.T) {
	inFolder(t, map[string]string{"payload.txt": "some payload"})
	build := func(out string, flags ...string) string {
		t.Helper()
		args := append([]string{"build", "-name", "P0S3-8-12-00", "-o", out}, flags...)
		if code, _, stderr := run(append(args, "payload.txt")...); code != exitGood {
			t.Fatal(stderr)
		}
		return read(t, out)
	}
	for _, layout := range []string{"-f", "-signed-layout"} {
		first := build("a"+layout+".img", layout)
		if again := build("b"+layout+".img", layout); again != first {
			t.Errorf("%s: the second file differs", layout)
		}
		t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
		dated := build("c"+layout+".img", layout)
		t.Setenv("SOURCE_DATE_EPOCH", "1")
		if flagged := build("d"+layout+".img", layout, "-created", "2023-11-14T22:13:20Z"); flagged != dated || dated == first {
			t.Errorf("%s: -created is not stronger than SOURCE_DATE_EPOCH, or neither counts", layout)
		}
		t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
		if code, _, stderr := run("build", "-name", "DS79-A"); code != exitFailed || !strings.Contains(stderr, "SOURCE_DATE_EPOCH") {
			t.Errorf("%d, %s", code, stderr)
		}
		t.Setenv("SOURCE_DATE_EPOCH", "")
	}
}

func TestWhatIsBuiltHoldsThePayload(t *testing.T) {
	payload := strings.Repeat("p", 100_000)
	inFolder(t, map[string]string{"payload.bin": payload})
	for _, flags := range [][]string{{"-o", "x.img"}, {"-o", "x.sbn", "-signed-layout"}} {
		if code, _, stderr := run(append(append([]string{"build", "-name", "P0S3-8-12-00"}, flags...), "payload.bin")...); code != exitGood {
			t.Fatal(stderr)
		}
		if data := read(t, flags[1]); !strings.Contains(data, payload) || len(data) > len(payload)+1000 {
			t.Errorf("%s has %d bytes", flags[1], len(data))
		}
	}
	if h, err := firmware.ReadHeader([]byte(read(t, "x.sbn"))); err != nil || h.FileName != "P0S3-8-12-00.sbn" || h.Length != 404 || !h.Time.Equal(time.Unix(0, 0)) {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestNameThatPhonesRefuseIsNotWritten(t *testing.T) {
	inFolder(t, nil)
	for _, flags := range [][]string{{"-name", "OK"}, {"-name", "SIP41.8-5-2", "-signed-layout"}, {"-name", "OK", "-o", "P0S3-8-12-00.img"}} {
		if code, stdout, stderr := run(append([]string{"build"}, flags...)...); code != exitFailed || stdout != "" || !strings.Contains(stderr, "phones refuse it") {
			t.Errorf("%q: %d, %s%s", flags, code, stdout, stderr)
		}
	}
	if names, err := filepath.Glob("*"); err != nil || len(names) != 0 {
		t.Errorf("files %q, %v", names, err)
	}
}

func TestFailedBuildLeavesWhatWasThere(t *testing.T) {
	inFolder(t, map[string]string{"old.loads": "old", "payload.txt": "no list at all"})
	args := []string{"build", "-name", "P0S3-8-12-00", "-signed-layout", "-o", "old.loads", "-f", "payload.txt"}
	if code, _, _ := run(args...); code != exitFailed || read(t, "old.loads") != "old" {
		t.Errorf("%d, the file holds %q", code, read(t, "old.loads"))
	}
	args[5] = "new.loads"
	run(args...)
	if names, err := filepath.Glob("*"); err != nil || len(names) != 2 {
		t.Errorf("files %q, %v", names, err)
	}
}

func TestTooLargePayloadIsRefused(t *testing.T) {
	inFolder(t, map[string]string{"big": "", "big.img": ""})
	for _, name := range []string{"big", "big.img"} {
		if err := os.Truncate(name, 10<<30); err != nil {
			t.Skip("no file system for a file of 10 GiB with nothing in it: ", err)
		}
	}
	for _, flags := range [][]string{{"-f"}, {"-signed-layout"}} {
		args := append(append([]string{"build", "-name", "DS79-A", "-o", "a.img"}, flags...), "big")
		if code, _, stderr := run(args...); code != exitFailed || !strings.Contains(stderr, "too large") {
			t.Errorf("%s: %d, %s", flags, code, stderr)
		}
	}
	if code, stdout, _ := run("show", "big.img"); code != exitRefused || strings.Contains(stdout, "SHA-256") {
		t.Errorf("%d, %s", code, stdout)
	}
}

func TestOddFilesAndNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such names")
	}
	inFolder(t, map[string]string{"\x1b[2Jx\ny.img": "x"})
	for _, args := range [][]string{{"show", "\x1b[2Jx\ny.img"}, {"show", "\x1b]0;x"}, {"build", "-\x1b[2J"}, {"build", "-name", "\x1b[2J"}, {"\x1b[2J"}, {"build", "-name", "DS79-A", "\x1b[2J"}} {
		if _, stdout, stderr := run(args...); strings.Contains(stdout+stderr, "\x1b") || strings.Contains(stdout, "x\ny") {
			t.Errorf("%q: %q %q", args, stdout, stderr)
		}
	}
	for _, path := range []string{"/dev/zero", "/dev/null"} {
		for _, args := range [][]string{{"show", path}, {"build", "-name", "DS79-A", path}, {"build", "-name", "DS79-A", "-f", "-o", path}} {
			if code, _, stderr := run(args...); code != exitFailed || !strings.Contains(stderr, "regular file") {
				t.Errorf("%q: %d, %s", args, code, stderr)
			}
		}
	}
}

func TestGenerationsAreThoseOfTheParameter(t *testing.T) {
	inFolder(t, nil)
	p, _ := param.Lookup("firmware_profile")
	for _, name := range p.Choices {
		if code, stdout, stderr := run("build", "-name", "DS79-1-0-0", "-generation", strings.ToUpper(name), "-f"); code != exitGood || !strings.Contains(stdout, "generation   "+name+"\n") {
			t.Errorf("%s: %d, %s%s", name, code, stdout, stderr)
		}
	}
	if code, _, stderr := run("build", "-name", "DS79-1-0-0", "-generation", "99"); code != exitFailed || !strings.Contains(stderr, `"99": want `+strings.Join(p.Choices, ", ")) {
		t.Errorf("%d, %s", code, stderr)
	}
}

func TestHelpIsNoError(t *testing.T) {
	for _, args := range [][]string{{"-help"}, {"help"}, {"build", "-h"}, {"show", "-help"}} {
		if code, stdout, stderr := run(args...); code != exitGood || stdout != "" || !strings.Contains(stderr, "deskset image build") {
			t.Errorf("%q: %d, %s", args, code, stderr)
		}
	}
	if _, _, stderr := run("build", "-h"); !strings.Contains(stderr, "SOURCE_DATE_EPOCH") {
		t.Error("the flags are not listed")
	}
}

func TestInterruptedShowEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	if code := Main(ctx, []string{"show", "a", "b"}, &out, &out); code != exitFailed || !strings.Contains(out.String(), "canceled") {
		t.Errorf("%d, %s", code, out.String())
	}
}
