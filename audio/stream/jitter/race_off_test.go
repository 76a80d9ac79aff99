//go:build !race

package jitter_test

const raceEnabled = false
