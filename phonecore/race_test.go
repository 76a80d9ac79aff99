//go:build race

package phonecore

// monkeySteps is less under the race detector, which is several times slower.
const monkeySteps = 20_000

// pairRounds is less, too.
const pairRounds = 1
