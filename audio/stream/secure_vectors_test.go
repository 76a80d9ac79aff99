package stream

import (
	"bytes"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"deskset/audio"
)

// TestPublishedVectors: what libsrtp's driver publishes for the default suite and
// for GCM: RTP both ways, RTCP as it arrives; then the same again, which is a
// replay, and with one bit turned, which is a forgery.
func TestPublishedVectors(t *testing.T) {
	const (
		plain   = "800f1234decafbadcafebabe" + "abababababababababababababababab"
		control = "81c8000bcafebabe" + "abababababababababababababababab"
	)
	for _, c := range []struct {
		suite     audio.CryptoSuite
		key       string
		rtp, rtcp string
	}{
		{audio.AES128HMACSHA80, "e1f97a0d3e018be0d64fa32c06de4139" + "0ec675ad498afeebb6960b3aabe6",
			"800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
			"81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"},
		{audio.AES128GCM, "000102030405060708090a0b0c0d0e0f" + "a0a1a2a3a4a5a6a7a8a9aaab",
			"800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
			"81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001"},
	} {
		context := func() *srtp.Context {
			s, err := newContext(c.suite, audio.CryptoKey(unhex(c.key)), "")
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		in, out := context(), context()
		var h rtp.Header
		if _, err := h.Unmarshal(unhex(plain)); err != nil {
			t.Fatal(err)
		}
		if got, err := out.EncryptRTP(nil, unhex(plain), &h); err != nil || !bytes.Equal(got, unhex(c.rtp)) {
			t.Errorf("%s: sent as %x, %v", c.suite, got, err)
		}
		for _, v := range []struct {
			name, sealed, want string
			open               func([]byte) ([]byte, error)
		}{
			{"RTP", c.rtp, plain, func(b []byte) ([]byte, error) { return in.DecryptRTP(nil, b, &rtp.Header{}) }},
			{"RTCP", c.rtcp, control, func(b []byte) ([]byte, error) { return in.DecryptRTCP(nil, b, nil) }},
		} {
			forged := unhex(v.sealed)
			for i := range forged {
				forged[i] ^= 1
				if got, err := v.open(bytes.Clone(forged)); err == nil {
					t.Errorf("%s %s: bit %d turned opens as %x", c.suite, v.name, 8*i, got)
				}
				forged[i] ^= 1
			}
			if got, err := v.open(unhex(v.sealed)); err != nil || !bytes.Equal(got, unhex(v.want)) {
				t.Errorf("%s %s: %x %v", c.suite, v.name, got, err)
			}
			if _, err := v.open(unhex(v.sealed)); err == nil {
				t.Errorf("%s %s: opens twice", c.suite, v.name)
			}
		}
	}
}
