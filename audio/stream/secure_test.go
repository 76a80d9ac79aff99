package stream

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"deskset/audio"
)

func newKey(suite audio.CryptoSuite) audio.CryptoKey {
	b := make([]byte, suite.KeyLength())
	_, _ = rand.Read(b)
	return audio.CryptoKey(b)
}

// encrypted makes two streams that talk by a suite.
func encrypted(t testing.TB, suite audio.CryptoSuite) (a, b *Stream, crypto audio.Crypto) {
	a, b = open(t, nil), open(t, nil)
	crypto = audio.Crypto{Suite: suite, Send: newKey(suite), Receive: newKey(suite)}
	a.out.sequence = 65530 // the roll-over counter counts soon
	connect(t, a, b, func(pa, pb *audio.Params) {
		pa.Crypto, pb.Crypto = &crypto, &audio.Crypto{Suite: suite, Send: crypto.Receive, Receive: crypto.Send}
	})
	return a, b, crypto
}

func TestTwoStreamsHearEachOtherEncrypted(t *testing.T) {
	for _, suite := range audio.CryptoSuites() {
		t.Run(string(suite), func(t *testing.T) {
			a, b, _ := encrypted(t, suite)
			heardA, heardB := talk(t, a, b, &sine{hz: 400, amplitude: 0.3}, &sine{hz: 1004, amplitude: 0.3}, 2*time.Second)
			if x, y := share(heardA, 1004), share(heardB, 400); x < 0.95 || y < 0.95 {
				t.Errorf("heard in %.2f and %.2f of the time", x, y)
			}
			if s := b.Stats(); s.PacketsLost != 0 {
				t.Errorf("%+v", s)
			}
			// What the far side reports arrives as well.
			b.reportSoon()
			wait(t, "a report", func() bool { return a.control.lastReport.Load() != 0 })
		})
	}
}

// TestNothingPassesInTheClear: a stream with keys takes no plain, no strange and
// no old packet, and what it sends says nothing.
func TestNothingPassesInTheClear(t *testing.T) {
	peer, err := net.ListenUDP("udp", &net.UDPAddr{IP: loopback.AsSlice()})
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	at := peer.LocalAddr().(*net.UDPAddr).AddrPort()
	suite := audio.AES128HMACSHA80
	ours, theirs := newKey(suite), newKey(suite)
	s := open(t, nil)
	p := params(at)
	p.Crypto = &audio.Crypto{Suite: suite, Send: ours, Receive: theirs}
	if err := s.Start(p); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 2000)
	n, err := peer.Read(buf)
	silence := bytes.Repeat([]byte{0xFF}, 8)
	if err != nil || n != 12+160+10 || bytes.Contains(buf[:n], silence) {
		t.Fatalf("%x %v", buf[:n], err)
	}

	good := newReference(suite, theirs)
	plain := func(seq uint16) []byte {
		b := make([]byte, 12+160)
		b[0], b[1] = 0x80, 0
		b[2], b[3] = byte(seq>>8), byte(seq)
		b[11] = 9
		return b
	}
	first := good.protect(plain(1), 0)
	changed := bytes.Clone(good.protect(plain(2), 0))
	changed[20] ^= 1
	for i, try := range []struct {
		packet []byte
		taken  uint64
	}{
		{plain(1), 0}, {newReference(suite, ours).protect(plain(1), 0), 0}, {first, 1}, {first, 1}, {changed, 1},
		{good.protect(plain(2), 0), 2}, {first[:20], 2}, {good.protect(plain(4), 0), 3}, {good.protect(plain(3), 0), 4}, {first, 4},
	} {
		s.arrive(bytes.Clone(try.packet), at)
		if got := s.Stats().PacketsReceived; got != try.taken {
			t.Errorf("packet %d: %d taken, want %d", i, got, try.taken)
		}
	}
}

// TestOurPacketsAreThoseOfTheSpecification compares with an encryption that was
// written from RFC 3711 and RFC 7714, and whose parts their vectors prove.
func TestOurPacketsAreThoseOfTheSpecification(t *testing.T) {
	for _, suite := range audio.CryptoSuites() {
		key := newKey(suite)
		context, err := newContext(suite, key, "")
		if err != nil {
			t.Fatal(err)
		}
		r := newReference(suite, key)
		packet := append([]byte{0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4}, bytes.Repeat([]byte("voice"), 32)...)
		for i, seq := range []uint16{65534, 65535, 0, 1} {
			packet[2], packet[3] = byte(seq>>8), byte(seq)
			got, err := context.EncryptRTP(nil, packet, nil)
			if want := r.protect(packet, uint32(i/2)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s %d: %x, want %x (%v)", suite, seq, got, want, err)
			}
		}
	}
}

func TestWindowTakesEachPacketOnce(t *testing.T) {
	w := newWindow()
	for i, c := range []struct {
		number uint64
		ok     bool
	}{{100, true}, {100, false}, {99, true}, {99, false}, {37, true}, {36, false}, {164, true}, {101, true}, {100, false}, {1000, true}, {164, false}, {999, true}} {
		accept, ok := w.Check(c.number)
		if ok != c.ok {
			t.Errorf("%d: packet %d taken: %v", i, c.number, ok)
		}
		if ok {
			accept()
		}
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	c := audio.Crypto{Suite: audio.AES128GCM, Send: "canarycanary", Receive: "canarycanary"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		if text := fmt.Sprintf(verb, c) + fmt.Sprintf(verb, c.Send); strings.Contains(text, "canary") || strings.Contains(text, "63616e617279") {
			t.Errorf("%s: %s", verb, text)
		}
	}
}

func TestEncryptionAllocatesNothing(t *testing.T) {
	for _, suite := range audio.CryptoSuites() {
		key := newKey(suite)
		out, err := newContext(suite, key, "")
		if err != nil {
			t.Fatal(err)
		}
		in, _ := newContext(suite, key, "")
		s := &Stream{}
		s.session.Store(&session{secure: &secure{out: out, in: in}})
		s.out.sealed = make([]byte, 0, 400)
		packet := append([]byte{0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4}, make([]byte, 160)...)
		sequence := 0
		if n := testing.AllocsPerRun(2000, func() {
			sequence++
			packet[2], packet[3] = byte(sequence>>8), byte(sequence)
			sealed, ok := s.seal(packet)
			if !ok || s.unseal(s.session.Load(), sealed) == nil {
				t.Error("a packet is lost")
			}
		}); n > sealAllocations {
			t.Errorf("%s: %.1f allocations for each packet", suite, n)
		}
	}
}
