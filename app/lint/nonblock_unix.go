//go:build unix

package lint

import "syscall"

// nonblock keeps the opening of a pipe from waiting for its other end, should
// one take a file's place after it was looked at.
const nonblock = syscall.O_NONBLOCK
