package sdp

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"deskset/audio"
)

// Encryption says whether media may or must be encrypted (SRTP with keys in the
// description, RFC 4568).
type Encryption uint8

// The choices. IfAsked takes encryption that a peer offers; Optional offers keys
// beside plain RTP, which peers without SRTP ignore; Required offers RTP/SAVP and
// takes nothing else.
const (
	EncryptionOff Encryption = iota
	EncryptionIfAsked
	EncryptionOptional
	EncryptionRequired
)

// ErrEncryption deserves a 488: one side wants encryption, the other cannot or
// will not have it.
var ErrEncryption = errors.New("no agreement on media encryption")

// Limits of a=crypto.
const (
	maxCrypto = 16 // lines of one section that are looked at
	maxMKI    = 128
)

// cryptoLine is an a=crypto that we can use.
type cryptoLine struct {
	tag   int
	suite audio.CryptoSuite
	key   audio.CryptoKey
	mki   string
}

// parseCrypto reads "1 AES_CM_128_HMAC_SHA1_80 inline:BASE64|2^20|1:4" (RFC 4568
// section 9.1). A line with an unknown suite, with more than one key or with a
// session parameter that changes the packets is not for us (section 6.3).
func parseCrypto(s string) (cryptoLine, bool) {
	f := strings.Fields(s)
	if len(f) < 3 {
		return cryptoLine{}, false
	}
	tag, err := strconv.ParseUint(f[0], 10, 30) // at most 9 digits
	c := cryptoLine{tag: int(tag), suite: audio.CryptoSuite(strings.ToUpper(f[1]))}
	if err != nil || c.suite.KeyLength() == 0 || !harmless(f[3:]) {
		return cryptoLine{}, false
	}
	const method = "inline:"
	if len(f[2]) < len(method) || !strings.EqualFold(f[2][:len(method)], method) {
		return cryptoLine{}, false
	}
	text, rest, _ := strings.Cut(f[2][len(method):], "|")
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil { // some peers leave the padding out
		key, err = base64.RawStdEncoding.DecodeString(text)
	}
	if err != nil || len(key) != c.suite.KeyLength() {
		return cryptoLine{}, false
	}
	c.key = audio.CryptoKey(key)
	ok := true
	if rest != "" {
		c.mki, ok = parseMKI(rest)
	}
	return c, ok
}

// parseMKI reads what follows a key: "2^20", "1:4" or both. The lifetime is
// that of RFC 3711 or less, which no call of ours reaches.
func parseMKI(s string) (mki string, ok bool) {
	for part := range strings.SplitSeq(s, "|") {
		value, size, both := strings.Cut(part, ":")
		if !both {
			continue
		}
		n, err := strconv.ParseUint(size, 10, 8)
		v, err2 := strconv.ParseUint(value, 10, 64)
		if err != nil || err2 != nil || n < 1 || n > maxMKI || mki != "" || n < 8 && v>>(8*n) != 0 {
			return "", false
		}
		b := make([]byte, n)
		for i := range min(n, 8) {
			b[n-1-i] = byte(v >> (8 * i))
		}
		mki = string(b)
	}
	return mki, true
}

// harmless tells whether session parameters leave the packets as they are:
// window size hint, and extensions marked as optional (RFC 4568 section 6.3.7).
func harmless(params []string) bool {
	for _, p := range params {
		if name, _, _ := strings.Cut(p, "="); !strings.EqualFold(name, "WSH") && !strings.HasPrefix(p, "-") {
			return false
		}
	}
	return true
}

// inline is the value of an a=crypto: for the wire only.
func (c cryptoLine) inline() string {
	return fmt.Sprintf("%d %s inline:%s", c.tag, c.suite, base64.StdEncoding.EncodeToString([]byte(c.key)))
}

// Format hides the key from whatever prints a description.
func (c cryptoLine) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "%d %s masked", c.tag, c.suite) }

// savp tells whether a section is of encrypted media by its protocol.
func (m *media) savp() bool {
	return strings.EqualFold(m.proto, "RTP/SAVP") || strings.EqualFold(m.proto, "RTP/SAVPF")
}

// choose finds what of an offered section we would take: its first usable
// a=crypto, none for plain media.
func (m *media) choose(e Encryption) (*cryptoLine, error) {
	switch {
	case e != EncryptionOff && len(m.crypto) > 0:
		return &m.crypto[0], nil
	case e == EncryptionOff && m.savp():
		return nil, fmt.Errorf("%w: it is off here", ErrEncryption)
	case m.savp():
		return nil, fmt.Errorf("%w: no a=crypto that can be used", ErrEncryption)
	case e == EncryptionRequired:
		return nil, fmt.Errorf("%w: it is required here", ErrEncryption)
	}
	return nil, nil
}

// ours is our line for a suite; its key stays the same in the whole session, so
// that an offer which changes nothing else does not change the keys.
func (s *Session) ours(suite audio.CryptoSuite, tag int) cryptoLine {
	key, ok := s.keys[suite]
	if !ok {
		b := make([]byte, suite.KeyLength())
		_, _ = rand.Read(b) // it never fails
		key = audio.CryptoKey(b)
		if s.keys == nil {
			s.keys = map[audio.CryptoSuite]audio.CryptoKey{}
		}
		s.keys[suite] = key
	}
	return cryptoLine{tag: tag, suite: suite, key: key}
}

// offered is what we offer: what is in use, or all that there is.
func (s *Session) offered(e Encryption) (lines []cryptoLine) {
	switch {
	case e == EncryptionOff:
		return nil
	case s.inUse != nil:
		return []cryptoLine{*s.inUse}
	case e == EncryptionIfAsked:
		return nil
	}
	for i, suite := range audio.CryptoSuites() {
		lines = append(lines, s.ours(suite, i+1))
	}
	return lines
}

// agree finds the keys in the answer to our offer: it names one of our lines by
// tag and suite (RFC 4568 section 5.1.3).
func (s *Session) agree(m *media) (*audio.Crypto, error) {
	for i := range m.crypto {
		theirs := &m.crypto[i]
		for _, ours := range s.crypto {
			if ours.tag == theirs.tag && ours.suite == theirs.suite {
				s.inUse = &cryptoLine{tag: ours.tag, suite: ours.suite, key: ours.key}
				return s.both(ours, theirs), nil
			}
		}
	}
	if s.offer.Encryption == EncryptionRequired || m.savp() {
		return nil, fmt.Errorf("%w: the answer has no key", ErrEncryption)
	}
	s.inUse = nil
	return nil, nil
}

// accept takes a line of the peer's offer, nil for plain media, and gives ours.
func (s *Session) accept(theirs *cryptoLine) (lines []cryptoLine, crypto *audio.Crypto) {
	if s.inUse = nil; theirs == nil {
		return nil, nil
	}
	ours := s.ours(theirs.suite, theirs.tag)
	s.inUse = &ours
	return []cryptoLine{ours}, s.both(ours, theirs)
}

func (s *Session) both(ours cryptoLine, theirs *cryptoLine) *audio.Crypto {
	return &audio.Crypto{Suite: ours.suite, Send: ours.key, Receive: theirs.key, ReceiveMKI: theirs.mki}
}
