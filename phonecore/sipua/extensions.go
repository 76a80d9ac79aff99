package sipua

import (
	"slices"
	"strings"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// extensions are the option tags (RFC 3261 section 19.2) of what we really do:
// they go into Supported, and a request that requires another one is refused.
var extensions = []string{
	tagReplaces,  // RFC 3891
	"norefersub", // RFC 4488
}

func (a *Agent) supported() []string { return extensions }

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
