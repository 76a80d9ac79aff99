//go:build !linux

// Package netnstest gives tests network namespaces of Linux; there are none on
// this system.
package netnstest
