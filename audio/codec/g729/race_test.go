//go:build race

package g729

// longest bounds the frames of long tests: the race detector makes scores thirty
// times slower.
const longest = 200
