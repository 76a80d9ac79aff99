//go:build race

package stream

// sealAllocations: under the race detector sync.Pool forgets at random, on which
// the cipher's library relies.
const sealAllocations = 2

const raceEnabled = true
