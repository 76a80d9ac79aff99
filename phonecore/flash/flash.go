// Package flash is the phone's non-volatile memory.
package flash

import (
	"errors"
	"log/slog"
)

// Flash is open non-volatile memory.
type Flash struct{}

var errSkeleton = errors.New("flash: being written")

// Open opens or makes the flash in a directory.
func Open(dir string, log *slog.Logger) (*Flash, error) { return nil, errSkeleton }

// Memory is a flash that forgets.
func Memory() *Flash { return &Flash{} }

// Load gives the stored parameter values.
func (f *Flash) Load() (map[string]string, error) { return map[string]string{}, errSkeleton }

// Save stores changes and forgets reset, in one transaction.
func (f *Flash) Save(changes map[string]string, reset []string) error { return errSkeleton }

// Get reads a named blob; nil if there is none.
func (f *Flash) Get(name string) ([]byte, error) { return nil, errSkeleton }

// Put stores a named blob.
func (f *Flash) Put(name string, data []byte) error { return errSkeleton }

// Erase forgets everything.
func (f *Flash) Erase() error { return errSkeleton }

// Close closes the flash.
func (f *Flash) Close() error { return nil }
