package sdp

import "testing"

// A whole offer leaves the INVITE room in a datagram of 1300 bytes (RFC 3261
// section 18.1.1): codecs, events, noise, keys of three suites.
func TestAWholeOfferIsShort(t *testing.T) {
	l := all()
	l.Silence = true
	plain := len(NewSession(1 << 62).Offer(l))
	l.Encryption = EncryptionOptional
	encrypted := len(NewSession(1 << 62).Offer(l))
	t.Logf("%d bytes, %d with keys", plain, encrypted)
	if plain > 520 || encrypted > 820 {
		t.Errorf("%d bytes, %d with keys", plain, encrypted)
	}
}
