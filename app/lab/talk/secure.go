package talk

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/pion/srtp/v3"
)

// suites are the ways to encrypt that the lab knows (RFC 4568, RFC 7714), with
// the length of their salt.
var suites = map[string]struct {
	profile srtp.ProtectionProfile
	salt    int
}{
	"AEAD_AES_128_GCM":        {srtp.ProtectionProfileAeadAes128Gcm, 12},
	"AES_CM_128_HMAC_SHA1_80": {srtp.ProtectionProfileAes128CmHmacSha1_80, 14},
	"AES_CM_128_HMAC_SHA1_32": {srtp.ProtectionProfileAes128CmHmacSha1_32, 14},
}

// crypto is an a=crypto of the peer that we take.
type crypto struct{ tag, suite, key string }

// parseCrypto reads "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20"; a line with an
// MKI or further parameters is not taken.
func parseCrypto(value string) (crypto, bool) {
	f := strings.Fields(value)
	if len(f) != 3 || suites[f[1]].salt == 0 {
		return crypto{}, false
	}
	text, rest, _ := strings.Cut(strings.TrimPrefix(f[2], "inline:"), "|")
	key, err := base64.StdEncoding.DecodeString(text)
	return crypto{f[0], f[1], string(key)}, err == nil && len(key) == masterKey+suites[f[1]].salt && !strings.Contains(rest, ":")
}

const masterKey = 16

// protection encrypts a flow: out and in belong to the media goroutine, control
// to the one that reads RTCP.
type protection struct {
	theirs           crypto
	line             string // our a=crypto
	out, in, control *srtp.Context
}

// protect makes the protection for a line of the peer's, or keeps the one that
// there is: the count of packets must go on.
func (s *Session) protect(theirs *crypto) (*protection, error) {
	switch {
	case theirs == nil:
		return nil, nil
	case s.secured != nil && s.secured.theirs == *theirs:
		return s.secured, nil
	}
	suite := suites[theirs.suite]
	key := make([]byte, masterKey+suite.salt)
	_, _ = rand.Read(key) // it never fails
	p := &protection{theirs: *theirs, line: fmt.Sprintf("a=crypto:%s %s inline:%s\r\n", theirs.tag, theirs.suite, base64.StdEncoding.EncodeToString(key))}
	for _, c := range []struct {
		context **srtp.Context
		key     string
	}{{&p.out, string(key)}, {&p.in, theirs.key}, {&p.control, theirs.key}} {
		var err error
		*c.context, err = srtp.CreateContext([]byte(c.key[:masterKey]), []byte(c.key[masterKey:]), suite.profile, srtp.SRTPReplayProtection(64), srtp.SRTCPReplayProtection(64))
		if err != nil {
			return nil, err
		}
	}
	s.secured = p
	return p, nil
}

// sealed gives what leaves in place of an RTP packet, sealedControl of an RTCP
// packet; nil for nothing.
func (f *flow) sealed(packet []byte) []byte {
	if f.secure == nil {
		return packet
	}
	out, err := f.secure.out.EncryptRTP(nil, packet, nil)
	return unless(err, out)
}

func (f *flow) sealedControl(packet []byte) []byte {
	if f.secure == nil {
		return packet
	}
	out, err := f.secure.out.EncryptRTCP(nil, packet, nil)
	return unless(err, out)
}

// opened gives the packet that has arrived; nil for one that is not the peer's.
func (f *flow) opened(data []byte) []byte {
	if f == nil || f.secure == nil {
		return data
	}
	out, err := f.secure.in.DecryptRTP(nil, data, nil)
	return unless(err, out)
}

func (f *flow) openedControl(data []byte) []byte {
	if f == nil || f.secure == nil {
		return data
	}
	out, err := f.secure.control.DecryptRTCP(nil, data, nil)
	return unless(err, out)
}

func unless(err error, packet []byte) []byte {
	if err != nil {
		return nil
	}
	return packet
}
