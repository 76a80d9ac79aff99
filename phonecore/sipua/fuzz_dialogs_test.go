package sipua

import (
	"testing"

	"deskset/phonecore/sipua/wire"
)

// FuzzDialogFields reads what peers write into RSeq, RAck, Session-Expires and
// Min-SE: nothing may come out that makes us send too often or wait for ever.
func FuzzDialogFields(f *testing.F) {
	for _, seed := range []string{"1", "4294967296", "0", "1 1 INVITE", "1800;refresher=uac", "90 ; refresher = \"uas\"", ";;=", "-1", "99999999999999999999;refresher"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		m := wire.NewRequest("INVITE", "sip:x@y")
		m.Header = wire.Header{{Name: "Session-Expires", Value: value}, {Name: "Min-SE", Value: value}, {Name: "RAck", Value: value}, {Name: "CSeq", Value: "1 INVITE"}, {Name: "RSeq", Value: value}}
		if d, _, ok := sessionExpires(m); ok && (d < shortestSession || d > longestSession) {
			t.Errorf("%q: %v", value, d)
		}
		var s sessionTimer
		for range 10 {
			if s.raise(m) && (s.least <= 0 || s.least > longestSession) {
				t.Errorf("%q: %v", value, s.least)
			}
		}
		(&reliably{sent: m}).acknowledges(m, m)
	})
}
