//go:build !cgo

package device

import "fmt"

// MalgoConfig says how to reach the cards.
type MalgoConfig struct {
	Application, Server string
}

// NewMalgo gives a backend that has no devices: sound cards are reached through
// C, and this program was built without it.
func NewMalgo(MalgoConfig) Backend { return noCards{} }

type noCards struct{}

var errNoCgo = fmt.Errorf("%w: this program was built without cgo; build it with CGO_ENABLED=1", ErrNoSound)

func (noCards) List() ([]Info, error)       { return nil, errNoCgo }
func (noCards) Open(Config) (Device, error) { return nil, errNoCgo }
func (noCards) Close() error                { return nil }
