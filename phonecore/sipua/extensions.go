package sipua

import (
	"slices"
	"strings"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// extensions are the option tags (RFC 3261 section 19.2) of what we really do:
// they go into Supported, and a request that requires another one is refused.
var extensions = []string{
	tagReliable,  // RFC 3262
	"199",        // RFC 6228: an early dialog that has ended
	tagTimer,     // RFC 4028
	tagReplaces,  // RFC 3891
	"norefersub", // RFC 4488
}

const (
	tagReliable = "100rel"
	tagTimer    = "timer"
)

// Reliability says how provisional responses are made reliable (RFC 3262).
type Reliability uint8

// The ways.
const (
	// ReliableSupported acknowledges reliable responses, and sends them to
	// callers who require them.
	ReliableSupported Reliability = iota
	// ReliableOff does not know of them.
	ReliableOff
	// ReliableRequired wants them of who is called, and sends them to every
	// caller who knows them.
	ReliableRequired
)

// Dialogs is how this phone begins and keeps its calls.
type Dialogs struct {
	// Reliable provisional responses (RFC 3262).
	Reliable Reliability
	// SessionExpires is how long a call may go without a sign of life (RFC
	// 4028), as we propose it; 0 proposes nothing and still follows the peer.
	SessionExpires time.Duration
	// MinSE is the shortest such time that we take; 0 means 90 s, the least
	// that the RFC allows.
	MinSE time.Duration
	// DelayedOffer calls without an offer: the peer makes it.
	DelayedOffer bool
}

// SetDialogs changes what counts for calls to come.
func (a *Agent) SetDialogs(d Dialogs) { a.o.Dialogs = d }

// supported are the extensions of this phone as it is set up.
func (a *Agent) supported() []string {
	if a.o.Dialogs.Reliable != ReliableOff {
		return extensions
	}
	return slices.DeleteFunc(slices.Clone(extensions), func(tag string) bool { return tag == tagReliable })
}

// required are the options that a request requires and we do not have.
func (a *Agent) required(m *wire.Message) (missing []string) {
	for _, tag := range m.Header.List("Require") {
		if !contains(a.supported(), tag) {
			missing = append(missing, tag)
		}
	}
	return missing
}

// unsupported refuses a request for the options that it requires (section
// 8.2.2.3).
func (a *Agent) unsupported(s *transaction.Server) {
	a.respond(s, 420, wire.Field{Name: "Unsupported", Value: strings.Join(a.required(s.Request), ", ")})
}

// has tells whether a list of option tags or methods holds one.
func has(m *wire.Message, field, tag string) bool { return contains(m.Header.List(field), tag) }

func contains(list []string, word string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), word) })
}
