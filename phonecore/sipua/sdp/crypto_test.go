package sdp

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"deskset/audio"
)

func secured(e Encryption) Local {
	l := local()
	l.Encryption = e
	return l
}

// key is the base64 of a key that is all one byte.
func key(b byte, n int) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, n)) }

var (
	line80  = "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:" + key('K', 30)
	lineGCM = "a=crypto:8 AEAD_AES_128_GCM inline:" + key('G', 28)
)

func cryptoLines(body []byte) (list []string) {
	for _, l := range lines(body) {
		if strings.HasPrefix(l, "a=crypto:") {
			list = append(list, l)
		}
	}
	return list
}

func TestWhatIsOfferedOfEncryption(t *testing.T) {
	for e, want := range map[Encryption]struct {
		proto string
		keys  int
	}{EncryptionOff: {"RTP/AVP", 0}, EncryptionIfAsked: {"RTP/AVP", 0}, EncryptionOptional: {"RTP/AVP", 3}, EncryptionRequired: {"RTP/SAVP", 3}} {
		s := NewSession(2)
		body := s.Offer(secured(e))
		has(t, body, "m=audio 16384 "+want.proto+" 0 8 101")
		if got := cryptoLines(body); len(got) != want.keys {
			t.Errorf("%d: %q", e, got)
		}
		if again := s.Offer(secured(e)); !bytes.Equal(again, body) {
			t.Errorf("%d: the same offer again is\n%s", e, again)
		}
	}
}

func TestKeysAreAgreedByOurOffer(t *testing.T) {
	s := NewSession(2)
	offer := s.Offer(secured(EncryptionRequired))
	tag2 := "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" + key('K', 30) + "|2^31|258:2 WSH=128"
	a, err := s.Accept(described("m=audio 4000 RTP/SAVP 0", tag2))
	if err != nil || a.Crypto == nil || a.Crypto.Suite != audio.AES128HMACSHA80 || string(a.Crypto.Receive) != strings.Repeat("K", 30) || a.Crypto.ReceiveMKI != "\x01\x02" {
		t.Fatalf("%+v %v", a, err)
	}
	ours := base64.StdEncoding.EncodeToString([]byte(a.Crypto.Send))
	has(t, offer, "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:"+ours)
	// A new offer names the key in use alone, and keeps it.
	l := secured(EncryptionRequired)
	l.Direction = audio.SendOnly
	if got := cryptoLines(s.Offer(l)); len(got) != 1 || got[0] != "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:"+ours {
		t.Errorf("%q", got)
	}
	// A fork, or the far side after a transfer, has a key of its own.
	b, err := s.Accept(described("m=audio 4000 RTP/SAVP 0", "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:"+key('L', 30)))
	if err != nil || b.Crypto.Send != a.Crypto.Send || b.Crypto.Receive == a.Crypto.Receive {
		t.Errorf("%+v %v", b, err)
	}
}

func TestAnswersThatEncryptNothing(t *testing.T) {
	plain := described("m=audio 4000 RTP/AVP 0")
	stranger := described("m=audio 4000 RTP/SAVP 0", "a=crypto:2 AEAD_AES_128_GCM inline:"+key('G', 28)) // tag 2 is another suite
	for _, c := range []struct {
		e      Encryption
		answer []byte
		want   error
	}{{EncryptionOptional, plain, nil}, {EncryptionRequired, plain, ErrEncryption}, {EncryptionRequired, stranger, ErrEncryption}, {EncryptionOptional, stranger, ErrEncryption}} {
		s := NewSession(2)
		s.Offer(secured(c.e))
		a, err := s.Accept(c.answer)
		if !errors.Is(err, c.want) || err == nil && a.Crypto != nil {
			t.Errorf("%d %s: %+v %v", c.e, c.answer, a, err)
		}
	}
}

func TestKeysAreAgreedByTheirOffer(t *testing.T) {
	for _, c := range []struct {
		e     Encryption
		offer []string
		tag   string // of the answer's a=crypto, "" for none
		want  error
	}{
		{EncryptionIfAsked, []string{"m=audio 4000 RTP/SAVP 0", line80, lineGCM}, "7", nil},
		{EncryptionOptional, []string{"m=audio 4000 RTP/AVP 0", lineGCM}, "8", nil},
		{EncryptionOptional, []string{"m=audio 4000 RTP/AVP 0"}, "", nil},
		{EncryptionOptional, []string{"m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/SAVP 0", line80}, "7", nil},
		{EncryptionRequired, []string{"m=audio 4000 RTP/AVP 0"}, "", ErrEncryption},
		{EncryptionRequired, []string{"m=audio 4000 RTP/SAVP 0", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + key('K', 30)}, "", ErrEncryption},
		{EncryptionOff, []string{"m=audio 4000 RTP/SAVP 0", line80}, "", ErrEncryption},
		{EncryptionOff, []string{"m=audio 4000 RTP/AVP 0", line80}, "", nil},
	} {
		offer := described(c.offer...)
		if err := Check(secured(c.e), offer); !errors.Is(err, c.want) {
			t.Errorf("%d %q: checked as %v", c.e, c.offer, err)
		}
		s := NewSession(2)
		body, a, err := s.Answer(secured(c.e), offer)
		if !errors.Is(err, c.want) || err != nil {
			if !errors.Is(err, c.want) {
				t.Errorf("%d %q: %v", c.e, c.offer, err)
			}
			continue
		}
		got := cryptoLines(body)
		if (a.Crypto != nil) != (c.tag != "") || len(got) > 1 || len(got) == 1 && !strings.HasPrefix(got[0], "a=crypto:"+c.tag+" ") {
			t.Errorf("%d %q: %q %+v", c.e, c.offer, got, a)
		}
		// The same offer again, as on hold and back, leaves our key alone.
		if again, b, err := s.Answer(secured(c.e), offer); err != nil || !bytes.Equal(again, body) || !reflect.DeepEqual(a, b) {
			t.Errorf("%q: again %s %v", c.offer, again, err)
		}
	}
}

func TestCryptoLinesAreReadLeniently(t *testing.T) {
	k := key('K', 30)
	for text, want := range map[string]string{
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k:                           "1 AES_CM_128_HMAC_SHA1_80 ",
		"1 aes_cm_128_hmac_sha1_32 INLINE:" + k + "|2^20|1:4":             "1 AES_CM_128_HMAC_SHA1_32 00000001",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + "|2^20":                 "1 AES_CM_128_HMAC_SHA1_80 ",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + "|9:1 -x=1 WSH=64":      "1 AES_CM_128_HMAC_SHA1_80 09",
		"1 AEAD_AES_128_GCM inline:" + strings.TrimRight(key(1, 28), "="): "1 AEAD_AES_128_GCM ",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + "|256:1":                "",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + "|1:999":                "",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + " UNENCRYPTED_SRTP":     "",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + " KDR=1":                "",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k + ";inline:" + k:          "",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + k[4:]:                       "",
		"1 AES_CM_128_HMAC_SHA1_80 uri:https://h/k":                       "",
		"1 AES_256_CM_HMAC_SHA1_80 inline:" + k:                           "",
		"-1 AES_CM_128_HMAC_SHA1_80 inline:" + k:                          "",
		"1":                                                               "", "": "",
	} {
		c, ok := parseCrypto(text)
		got := ""
		if ok {
			got = fmt.Sprintf("%d %s %x", c.tag, c.suite, c.mki)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if shown := fmt.Sprintf("%v %+v %#v", c, &c, []cryptoLine{c}); strings.Contains(shown, "KKKK") {
			t.Error(shown)
		}
	}
}

func FuzzCrypto(f *testing.F) {
	for _, s := range []string{line80[9:], lineGCM[9:], line80[9:] + "|2^31|1:4 WSH=1", "1 AES_CM_128_HMAC_SHA1_80 inline:" + key(0, 30) + "|1:128"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := parseCrypto(s)
		if !ok {
			return
		}
		if len(c.key) != c.suite.KeyLength() || len(c.mki) > maxMKI || c.tag < 0 {
			t.Errorf("%+v", c)
		}
		c.mki = ""
		if back, ok := parseCrypto(c.inline()); !ok || back != c {
			t.Errorf("%q comes back as %q", c.inline(), back.inline())
		}
	})
}
