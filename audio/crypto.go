package audio

import (
	"fmt"
	"io"
)

// CryptoSuite is a way to encrypt and authenticate RTP and RTCP, by its name in
// SDP (RFC 4568 section 6.2, RFC 7714 section 14.2).
type CryptoSuite string

// The suites that are built in, the best first.
const (
	AES128GCM       CryptoSuite = "AEAD_AES_128_GCM"
	AES128HMACSHA80 CryptoSuite = "AES_CM_128_HMAC_SHA1_80"
	AES128HMACSHA32 CryptoSuite = "AES_CM_128_HMAC_SHA1_32"
)

// CryptoSuites lists them, the best first.
func CryptoSuites() []CryptoSuite {
	return []CryptoSuite{AES128GCM, AES128HMACSHA80, AES128HMACSHA32}
}

// masterKey is that of all suites: 128 bits.
const masterKey = 16

// KeyLength is that of master key and salt together, 0 for a suite that is not
// built in.
func (s CryptoSuite) KeyLength() int {
	switch s {
	case AES128GCM:
		return masterKey + 12
	case AES128HMACSHA80, AES128HMACSHA32:
		return masterKey + 14
	}
	return 0
}

// CryptoKey is a master key with its salt. However it is printed, it stays
// hidden.
type CryptoKey string

// Format implements fmt.Formatter for every verb.
func (CryptoKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "masked") }

// String hides the key where it is not formatted.
func (CryptoKey) String() string { return "masked" }

// MarshalText hides the key from encoders.
func (CryptoKey) MarshalText() ([]byte, error) { return []byte("masked"), nil }

// Split gives the master key and the salt.
func (k CryptoKey) Split() (key, salt []byte) {
	n := min(masterKey, len(k))
	return []byte(k[:n]), []byte(k[n:])
}

// Crypto encrypts a stream both ways (SRTP, RFC 3711): what arrives otherwise is
// dropped, and nothing leaves in the clear.
type Crypto struct {
	Suite CryptoSuite
	// Send is our key, Receive the peer's.
	Send, Receive CryptoKey
	// ReceiveMKI stands in each of the peer's packets if it has announced one
	// (RFC 3711 section 3.1). We send none.
	ReceiveMKI string
}
