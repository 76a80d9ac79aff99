//go:build !race

package jitter

// driftTime is how long the clocks drift apart, in packets of 20 ms: an hour.
const driftTime = 180_000
