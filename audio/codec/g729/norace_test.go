//go:build !race

package g729

// longest bounds the frames of long tests: it does not.
const longest = 1 << 30
