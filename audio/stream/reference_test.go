package stream

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"deskset/audio"
)

// reference encrypts RTP as RFC 3711 and RFC 7714 say, slowly.
type reference struct {
	suite           audio.CryptoSuite
	key, salt, auth []byte
}

func newReference(suite audio.CryptoSuite, k audio.CryptoKey) *reference {
	key, salt := k.Split()
	r := &reference{suite: suite, key: derive(key, salt, 0, 16), auth: derive(key, salt, 1, 20), salt: derive(key, salt, 2, len(salt))}
	return r
}

// counter is AES in counter mode (section 4.1.1).
func counter(key, iv []byte, n int) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	out := make([]byte, n)
	cipher.NewCTR(block, iv).XORKeyStream(out, out)
	return out
}

// derive makes a session key (section 4.3.1; a salt of 96 bits is padded on the
// right, RFC 7714 section 11).
func derive(key, salt []byte, label byte, n int) []byte {
	x := make([]byte, 16)
	copy(x, salt)
	x[7] ^= label
	return counter(key, x, n)
}

// protect makes the SRTP packet of one whose header has no more than 12 bytes.
func (r *reference) protect(packet []byte, roc uint32) []byte {
	header, payload := packet[:12], packet[12:]
	if r.suite == audio.AES128GCM { // RFC 7714 section 8.1
		iv := make([]byte, 12)
		copy(iv[2:], packet[8:12])
		binary.BigEndian.PutUint32(iv[6:], roc)
		copy(iv[10:], packet[2:4])
		for i := range iv {
			iv[i] ^= r.salt[i]
		}
		block, _ := aes.NewCipher(r.key)
		gcm, _ := cipher.NewGCM(block)
		return gcm.Seal(bytes.Clone(header), iv, payload, header)
	}
	iv := make([]byte, 16) // section 4.1.1
	copy(iv, r.salt)
	for i := range 4 {
		iv[4+i] ^= packet[8+i]
		iv[8+i] ^= byte(roc >> (24 - 8*i))
	}
	iv[12] ^= packet[2]
	iv[13] ^= packet[3]
	out := bytes.Clone(packet)
	for i, b := range counter(r.key, iv, len(payload)) {
		out[12+i] ^= b
	}
	mac := hmac.New(sha1.New, r.auth)
	mac.Write(out)
	mac.Write(binary.BigEndian.AppendUint32(nil, roc))
	size := 10
	if r.suite == audio.AES128HMACSHA32 {
		size = 4
	}
	return append(out, mac.Sum(nil)[:size]...)
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func TestReferenceKeepsToTheVectors(t *testing.T) {
	// RFC 3711 appendix B.2.
	stream := counter(unhex("2B7E151628AED2A6ABF7158809CF4F3C"), unhex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), 48)
	if want := unhex("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0"); !bytes.Equal(stream, want) {
		t.Errorf("key stream %X", stream)
	}
	// RFC 3711 appendix B.3.
	key, salt := unhex("E1F97A0D3E018BE0D64FA32C06DE4139"), unhex("0EC675AD498AFEEBB6960B3AABE6")
	for label, want := range []string{"C61E7A93744F39EE10734AFE3FF7A087", "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4", "30CBBC08863D8C85D49DB34A9AE1"} {
		if got := derive(key, salt, byte(label), len(want)/2); !bytes.Equal(got, unhex(want)) {
			t.Errorf("label %d: %X, want %s", label, got, want)
		}
	}
	// RFC 7714 section 16.1.1.
	r := &reference{suite: audio.AES128GCM, key: unhex("000102030405060708090a0b0c0d0e0f"), salt: unhex("517569642070726f2071756f")}
	packet := append(unhex("8040f17b8041f8d35501a0b2"), "Gallia est omnis divisa in partes tres"...)
	want := unhex("8040f17b8041f8d35501a0b2" + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833" + "899d7f27beb16a9152cf765ee4390cce")
	if got := r.protect(packet, 0); !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}
