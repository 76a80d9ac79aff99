//go:build !race

package g729

// longest is how many frames of a long vector are scored: all.
const longest = 1 << 30
