package image

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

var kills = flag.Int("kills", 200, "how often TestKilledWhileProgramming kills an upgrading process")

// Variables that tell the test binary to be another process.
const (
	crashDir = "IMAGE_TEST_CRASH_DIR"
	fullDir  = "IMAGE_TEST_FULL_DIR"
)

func TestMain(m *testing.M) {
	var child func(dir string) error
	dir := ""
	for name, f := range map[string]func(string) error{crashDir: upgradeForEver, fullDir: fillDisk} {
		if d := os.Getenv(name); d != "" {
			dir, child = d, f
		}
	}
	if child == nil {
		os.Exit(m.Run())
	}
	if err := child(dir); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// self starts the test binary as one of the other processes.
func self(variable, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+dir)
	return cmd
}

// crashLoad is the n-th of the loads that take turns; its payload says its
// name all the way through.
func crashLoad(n int) string { return fmt.Sprintf("DS79-%d-0-0", 1+n%3) }

func crashPayload(load string) []byte { return bytes.Repeat([]byte(load), 30_000) }

// upgradeForEver programs one load after the other, tells each when it is done,
// and restarts as a phone would.
func upgradeForEver(dir string) error {
	for n := 0; ; n++ {
		if err := upgradeOnce(dir, n); err != nil {
			return err
		}
	}
}

func upgradeOnce(dir string, n int) error {
	f, err := flash.Open(dir, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	s, err := Open(f, ownImage, nil)
	if err != nil {
		return err
	}
	if _, err := s.Boot(); err != nil {
		return err
	}
	load := crashLoad(n)
	p, err := s.Program(load)
	if err != nil {
		return err
	}
	var image bytes.Buffer
	if err := writeLoad(&image, load); err != nil {
		return err
	}
	fmt.Println("programming", load)
	if _, err := image.WriteTo(p); err != nil {
		return err
	}
	if _, err := p.Commit(); err != nil {
		return err
	}
	fmt.Println("programmed", load)
	return nil
}

func TestKilledWhileProgrammingStartsTheOldOrTheNewImage(t *testing.T) {
	began, done, halfway := time.Now(), 0, 0
	dir := t.TempDir()
	before := ownImage.Name
	for range *kills {
		said := killSoon(t, dir)
		// Told to be programmed is programmed; begun may be.
		loads := []string{before}
		for _, line := range said {
			what, load, _ := strings.Cut(line, " ")
			switch what {
			case "programming":
				loads = append(loads[len(loads)-1:], load)
			case "programmed":
				loads = []string{load}
				done++
			default:
				t.Fatal(line)
			}
		}
		halfway += len(loads) - 1
		before = wantOneOf(t, dir, loads)
	}
	t.Logf("%d kills, %d of them during an upgrade, between %d whole upgrades, in %v", *kills, halfway, done, time.Since(began))
}

// killSoon starts an upgrading process, kills it at some moment, and gives the
// lines that it said.
func killSoon(t *testing.T, dir string) (said []string) {
	t.Helper()
	cmd := self(crashDir, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the process said nothing")
	}
	said = append(said, lines.Text())
	// The moment of death is the point here, not a wait for something.
	<-time.After(time.Duration(rand.IntN(20_000)) * time.Microsecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		said = append(said, lines.Text())
	}
	cmd.Wait() // which says that it was killed
	return said
}

// wantOneOf checks that one of the loads starts, whole, and that nothing is
// left of any other.
func wantOneOf(t *testing.T, dir string, loads []string) string {
	t.Helper()
	m := &machine{t: t, dir: dir}
	defer m.off()
	m.start(ownImage)
	m.wantNoLeftovers()
	s := m.boot()
	if s.FellBack || s.Recovery || s.Damaged != [2]error{} || (s.Image.Name != loads[0] && s.Image.Name != loads[len(loads)-1]) {
		t.Fatalf("started %+v, want one of %q", s, loads)
	}
	data, err := os.ReadFile(m.file(s.Image))
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := writeLoad(&want, s.Image.Name); err != nil {
		t.Fatal(err)
	}
	if !s.Image.BuiltIn && !bytes.Equal(data, want.Bytes()) {
		t.Fatalf("%s: the file holds something else", s.Image.Name)
	}
	return s.Image.Name
}

func writeLoad(w *bytes.Buffer, load string) error {
	payload := crashPayload(load)
	return firmware.WriteContainer(w, firmware.Manifest{Name: load}, bytes.NewReader(payload), int64(len(payload)))
}
