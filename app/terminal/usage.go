package terminal

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// maxStacks bounds what "usage goroutines" prints.
const maxStacks = 1 << 20

var errUsage = errors.New(`usage stands alone, or before "goroutines"`)

// usage prints what the program holds of the machine, for who looks for leaks:
// after what is of no use any more was given back. With "goroutines" it prints
// what each of them is doing.
func (s *script) usage(args string) error {
	if args != "" && args != "goroutines" {
		return errUsage
	}
	debug.FreeOSMemory() // collects garbage first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	lines := []string{fmt.Sprintf("usage: %d goroutines, %d bytes of heap", runtime.NumGoroutine(), m.HeapAlloc)}
	if args != "" {
		stacks := make([]byte, maxStacks)
		lines = append(lines, strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n")...)
	}
	return printLines(s.out, lines)
}
