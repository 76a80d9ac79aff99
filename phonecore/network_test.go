package phonecore

import (
	"errors"

	"deskset/phonecore/sipua"
)

type network struct{}

func newNetwork() *network { return &network{} }

func (n *network) phoneTransport(TransportConfig) (sipua.Transport, error) {
	return nil, errors.New("not yet")
}

func (n *network) close() {}
