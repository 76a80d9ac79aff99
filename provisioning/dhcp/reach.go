package dhcp

import (
	"context"
	"errors"
	"net/netip"

	"deskset/provisioning/link"
)

// ErrNoAnswer: nobody answered for an address.
var ErrNoAnswer = errors.New("no answer by ARP")

// Reach asks by ARP (RFC 826) who has an address; own is the asker's. It fails
// with ErrNoAnswer or the context's or the wire's error.
func Reach(ctx context.Context, wire link.Wire, own, target netip.Addr) error {
	_, found, err := New(Config{Wire: wire}).resolve(ctx, own, target)
	if err == nil && !found {
		err = ErrNoAnswer
	}
	return err
}
