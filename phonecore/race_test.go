//go:build race

package phonecore

// monkeySteps is less under the race detector, which is several times slower.
const monkeySteps = 20_000

// The same of pairs of states and calls in a row.
const (
	pairRounds = 1
	rowOfCalls = 100
)
