//go:build !windows

package tftp

// isTooLong: a datagram that does not fit is cut silently here.
func isTooLong(error) bool { return false }
