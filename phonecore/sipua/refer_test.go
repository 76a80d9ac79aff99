package sipua

import (
	"strings"
	"testing"

	"deskset/phonecore/sipua/wire"
)

// FuzzReferTo: whatever a peer wants called, what comes of it is a URI that can
// be sent and no line of a message of the peer's own.
func FuzzReferTo(f *testing.F) {
	f.Add("<sip:carol@192.0.2.13?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces>", []byte("SIP/2.0 200 OK\r\n"))
	f.Add("sip:carol@example.com;method=INVITE", []byte("SIP/2.0 486"))
	f.Add(`"C" <tel:+1-555>`, []byte(""))
	f.Add("<sip:a@b?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2%0d%0aVia:%20x>", []byte("SIP/2.0 99999999999999999999 x"))
	f.Fuzz(func(t *testing.T, value string, body []byte) {
		if code, reason, ok := parseFragment(body); ok && (code < 100 || code > 699 || len(reason) > 4*maxText) {
			t.Errorf("%d %q", code, reason)
		}
		r, status := parseReferTo(value)
		if status != 0 {
			return
		}
		if strings.ContainsAny(r.uri.String(), "\r\n") || r.uri.Headers != "" {
			t.Errorf("URI %q", r.uri)
		}
		if len(r.fields) > 2 {
			t.Errorf("fields %q", r.fields)
		}
		for _, field := range r.fields {
			if strings.ContainsAny(field.Value, "\r\n\x00") {
				t.Errorf("field %q", field)
			}
			if field.Name != "Replaces" {
				continue
			}
			again, ok := parseReplaces(field.Value)
			if !ok || again.String() != field.Value {
				t.Errorf("Replaces %q is read as %+v", field.Value, again)
			}
			if u, err := wire.ParseURI("sip:a@b?Replaces=" + escapeHeader(field.Value)); err != nil || u.Host != "b" {
				t.Errorf("Replaces %q cannot be put into a URI: %v", field.Value, err)
			}
		}
	})
}
