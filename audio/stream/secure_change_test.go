package stream

import (
	"bytes"
	"testing"

	"deskset/audio"
)

// voiceOf is a plain packet of a source.
func voiceOf(ssrc byte, sequence uint16) []byte {
	b := make([]byte, 12+160)
	b[0], b[2], b[3], b[11] = 0x80, byte(sequence>>8), byte(sequence), ssrc
	return b
}

// hears makes a stream that takes packets under a key, from nobody but the test:
// its far side is a port at which nothing is said.
func hears(t *testing.T, crypto *audio.Crypto) (s *Stream, take func([]byte), again func(*audio.Crypto)) {
	t.Helper()
	s = open(t, nil)
	p := params(open(t, nil).addr())
	p.Direction = audio.RecvOnly
	again = func(c *audio.Crypto) {
		t.Helper()
		p.Crypto = c
		if err := s.Start(p); err != nil {
			t.Fatal(err)
		}
	}
	again(crypto)
	return s, func(packet []byte) { s.arrive(bytes.Clone(packet), p.Remote) }, again
}

func (s *Stream) taken() uint64 { return s.Stats().PacketsReceived }

// TestSourceChangesUnderEncryption: a server puts another speaker in the place
// of the first one, under the same key: roll-over counter and window are each
// source's own (RFC 3711 section 3.2.3).
func TestSourceChangesUnderEncryption(t *testing.T) {
	for _, suite := range audio.CryptoSuites() {
		key := newKey(suite)
		s, take, _ := hears(t, &audio.Crypto{Suite: suite, Send: newKey(suite), Receive: key})
		far := newReference(suite, key)
		for i := range 8 { // the first one's numbers roll over
			sequence := uint16(65532 + i)
			take(far.protect(voiceOf(1, sequence), uint32(65532+i)>>16))
		}
		if n := s.taken(); n != 8 {
			t.Fatalf("%s: %d packets of the first source", suite, n)
		}
		first := s.taken()
		for i := range 50 {
			take(far.protect(voiceOf(2, uint16(65530+i)), uint32(65530+i)>>16))
		}
		if n := s.taken() - first; n < 40 { // some until it is steady
			t.Errorf("%s: %d packets of the second source", suite, n)
		}
		// A new source is no way around the window of an old one.
		before := s.taken()
		for range 50 {
			take(far.protect(voiceOf(1, 65535), 0))
		}
		if n := s.taken() - before; n != 0 {
			t.Errorf("%s: %d old packets are taken again", suite, n)
		}
	}
}

// TestKeyIdentifierOfThePeer: it stands before the tag (RFC 3711 section 3.1),
// and after all of an AEAD packet (RFC 7714 section 8.3).
func TestKeyIdentifierOfThePeer(t *testing.T) {
	tags := map[audio.CryptoSuite]int{audio.AES128GCM: 0, audio.AES128HMACSHA80: 10, audio.AES128HMACSHA32: 4}
	const mki = "\x00\x00\x00\x01"
	for _, suite := range audio.CryptoSuites() {
		key := newKey(suite)
		s, take, _ := hears(t, &audio.Crypto{Suite: suite, Send: newKey(suite), Receive: key, ReceiveMKI: mki})
		far := newReference(suite, key)
		marked := func(sequence uint16, mki string) []byte {
			p := far.protect(voiceOf(1, sequence), 0)
			end := len(p) - tags[suite]
			return append(append(bytes.Clone(p[:end]), mki...), p[end:]...)
		}
		for i, c := range []struct {
			packet []byte
			taken  uint64
		}{
			{marked(1, mki), 1}, {marked(2, "\x00\x00\x00\x02"), 1}, {far.protect(voiceOf(1, 3), 0), 1},
			{marked(4, mki)[:20], 1}, {marked(4, mki)[:12+len(mki)], 1}, {marked(4, mki), 2}, {marked(4, mki), 2},
		} {
			if take(c.packet); s.taken() != c.taken {
				t.Errorf("%s: after packet %d %d are taken, want %d", suite, i, s.taken(), c.taken)
			}
		}
	}
}

// TestKeysChangeInMidCall: two branches of a fork are heard in turns, each by
// its own key, and nothing of the one passes for the other's.
func TestKeysChangeInMidCall(t *testing.T) {
	for _, suite := range audio.CryptoSuites() {
		ours, one, two := newKey(suite), newKey(suite), newKey(suite)
		crypto := func(theirs audio.CryptoKey) *audio.Crypto {
			return &audio.Crypto{Suite: suite, Send: ours, Receive: theirs}
		}
		s, take, again := hears(t, crypto(one))
		a, b := newReference(suite, one), newReference(suite, two)
		out := s.session.Load().secure.out
		for i, c := range []struct {
			theirs audio.CryptoKey
			packet []byte
			taken  uint64
		}{
			{one, a.protect(voiceOf(1, 1), 0), 1}, {one, b.protect(voiceOf(1, 2), 0), 1},
			{two, b.protect(voiceOf(1, 2), 0), 2}, {two, a.protect(voiceOf(1, 3), 0), 2},
			{one, a.protect(voiceOf(1, 3), 0), 3}, {one, b.protect(voiceOf(1, 4), 0), 3},
		} {
			again(crypto(c.theirs))
			if take(c.packet); s.taken() != c.taken {
				t.Errorf("%s: after packet %d %d are taken, want %d", suite, i, s.taken(), c.taken)
			}
			if s.session.Load().secure.out != out {
				t.Errorf("%s: our own key stays, and its counters begin anew", suite)
			}
		}
	}
}
