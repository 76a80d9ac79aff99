//go:build race

package g729

// longest is how many frames of a long vector are scored: the race detector
// makes the scores thirty times slower.
const longest = 200
