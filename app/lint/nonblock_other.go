//go:build !unix

package lint

// nonblock is not needed where pipes are not files.
const nonblock = 0
