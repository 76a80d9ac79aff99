package transport

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"
)

// Options make the real transport.
type Options struct {
	// Local is the address to listen on; an invalid one means all.
	Local netip.Addr
	// Port for UDP and TCP; 0 takes a free one. If it is in use, a free one is
	// taken and Receiver.Trouble told.
	Port uint16
	// TLS configures connections by TLS; nil checks certificates against the
	// system's roots.
	TLS *tls.Config
	Log *slog.Logger
}

var errNotBuilt = errors.New("the SIP transports are not built yet")

// New listens on UDP and TCP at one port.
func New(Options) (Transport, error) { return nil, errNotBuilt }
