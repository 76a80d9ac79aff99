//go:build linux

package interop_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"deskset/app/interop"
)

// rowOfCalls is how many calls CI makes in a row; DESKSET_CALLS=1000 is the
// full proof, which takes a quarter of an hour.
const rowOfCalls = 25

// TestCallsInARowOverRealSockets makes calls to the lab over loopback, with
// hold and digits at random: afterwards the program has the file handles,
// threads and memory of the first few.
func TestCallsInARowOverRealSockets(t *testing.T) {
	t.Parallel()
	row := rowOfCalls
	if text := os.Getenv("DESKSET_CALLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		row = n
	}
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-lab"}, Tone: ourTone})
	phone.Do("timeout 30s", "screen idle")
	r := rand.New(rand.NewPCG(7960, uint64(row)))
	one := func() {
		// 3 is a tone, 0 the operator: both answer at once.
		commands := []string{fmt.Sprintf("press speaker %d pound", 3*r.IntN(2)), "screen connected"}
		for range r.IntN(4) {
			switch r.IntN(3) {
			case 0:
				commands = append(commands, "press soft1", "screen held", "press soft1", "screen connected")
			case 1:
				commands = append(commands, "press 19 pound")
			default:
				commands = append(commands, "wait 100ms")
			}
		}
		phone.Do(append(commands, "press speaker", "screen idle")...)
	}
	for range 10 {
		one()
	}
	files, threads, memory := handles(t, phone, "fd"), handles(t, phone, "task"), memoryMB(t, phone.PID(), "VmRSS:")
	for range row {
		one()
	}
	nowFiles, nowThreads, nowMemory := handles(t, phone, "fd"), handles(t, phone, "task"), memoryMB(t, phone.PID(), "VmRSS:")
	t.Logf("%d calls: %d files became %d, %d threads %d, %.0f MB %.0f MB", row, files, nowFiles, threads, nowThreads, memory, nowMemory)
	if nowFiles > files+2 || nowThreads > threads+4 || nowMemory > memory+60 {
		t.Errorf("%d files became %d, %d threads %d, %.0f MB %.0f MB", files, nowFiles, threads, nowThreads, memory, nowMemory)
	}
	phone.Quit()
}

// handles counts the entries of a folder of /proc.
func handles(t *testing.T, phone *interop.Deskset, folder string) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/%s", phone.PID(), folder))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
