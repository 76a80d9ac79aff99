//go:build !race

package phonecore

// monkeySteps is how many random things happen to a phone.
const monkeySteps = 100_000

// pairRounds is how often each pair of call states is tried, rowOfCalls how many
// calls are made in a row.
const (
	pairRounds = 10
	rowOfCalls = 1000
)
