package main

import (
	"os"
	"runtime/debug"
)

// Garbage is collected seldom: a call makes none, but what surrounds it does, and
// each collection may hold up a sound card's thread. What lives is some 20 MB, and
// twice that may lie about: more makes a flood cost a hundred. Beyond the limit
// memory counts more.
const (
	collectPercent = 200
	memoryLimit    = 256 << 20
)

// init leaves it to the environment where that says something.
func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
