//go:build !race

package phonecore

// monkeySteps is how many random things happen to a phone.
const monkeySteps = 100_000

// pairRounds is how often each pair of call states is tried.
const pairRounds = 10
