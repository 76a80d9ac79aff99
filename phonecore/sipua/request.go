package sipua

import (
	"strings"

	"deskset/phonecore/sipua/wire"
)

const sdpType = "application/sdp"

// allowed are the methods that we take; they go into Allow.
var allowed = []string{"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "PRACK", "NOTIFY", "REFER", "INFO"}

var allow = strings.Join(allowed, ", ")

// knownMethods are those of the registry: not allowed here, but understood.
var knownMethods = map[string]bool{
	"REGISTER": true, "SUBSCRIBE": true, "MESSAGE": true,
	"PUBLISH": true,
}

// newRequest makes a request outside of a dialog, without Via and CSeq.
func (a *Agent) newRequest(method string, uri, from, to, callID string) *wire.Message {
	m := wire.NewRequest(method, uri)
	m.Header = wire.Header{
		{Name: "Max-Forwards", Value: "70"},
		{Name: "From", Value: from},
		{Name: "To", Value: to},
		{Name: "Call-ID", Value: callID},
		{Name: "CSeq", Value: ""},
		{Name: "User-Agent", Value: a.o.UserAgent},
	}
	return m
}

// party makes a Party of an address.
func party(a wire.Address) Party {
	u := a.ParsedURI()
	return Party{Name: short(a.Name), User: short(u.UserText()), Host: u.Host, URI: a.URI}
}

// maxText bounds what a peer can put on our display.
const maxText = 128

func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText])
	}
	return s
}
