//go:build cgo && !linux

package device

// hurry: miniaudio's own wish for a prompt thread is all there is to be done.
func hurry() {}
