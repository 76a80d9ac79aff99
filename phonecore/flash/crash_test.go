package flash

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

var kills = flag.Int("kills", 200, "how often TestKilledWhileSaving kills a saving process")

// crashDir tells the test binary to be the process that gets killed.
const crashDir = "FLASH_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		saveForEver(dir)
	}
	os.Exit(m.Run())
}

// saveForEver saves the same number under several names, again and again.
func saveForEver(dir string) {
	f, err := Open(dir, nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	values, err := f.Load()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	n, _ := strconv.Atoi(values["p0"])
	for fmt.Println("saving"); ; n++ {
		if err := f.Save(numbered(n), nil); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

func numbered(n int) map[string]string {
	values := map[string]string{}
	for i := range 40 {
		values["p"+strconv.Itoa(i)] = strconv.Itoa(n)
	}
	return values
}

func TestKilledWhileSavingHoldsTheOldOrTheNewValues(t *testing.T) {
	dir := t.TempDir()
	for range *kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "saving\n" {
			t.Fatalf("%q, %v", line, err)
		}
		// The moment of death is the point here, not a wait for something.
		<-time.After(time.Duration(rand.IntN(15_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()

		f := open(t, dir)
		values, err := f.Load()
		if err != nil || f.Damaged() != "" {
			t.Fatalf("%v, damaged %q", err, f.Damaged())
		}
		for name, value := range values {
			if value != values["p0"] {
				t.Fatalf("%s is %s, p0 is %s: old and new are mixed", name, value, values["p0"])
			}
		}
		f.Close()
	}
}
