//go:build race

package jitter

// driftTime in packets of 20 ms: under the race detector, which has nothing to
// find in a buffer of one goroutine, two minutes are enough.
const driftTime = 6_000
