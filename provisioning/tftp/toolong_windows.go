package tftp

import (
	"errors"
	"syscall"
)

// wsaEMsgSize: the datagram was larger than the buffer and was cut.
const wsaEMsgSize = syscall.Errno(10040)

// isTooLong tells a datagram that did not fit, which Windows reports as an
// error and the others by cutting it silently.
func isTooLong(err error) bool { return errors.Is(err, wsaEMsgSize) }
