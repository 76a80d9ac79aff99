package stream

import (
	"fmt"

	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v5/replaydetector"

	"deskset/audio"
)

// maxTag is more than any suite adds to a packet: SRTCP has a tag of 16 bytes
// and an index of 4 (RFC 7714 section 9.1).
const maxTag = 32

// profiles are the suites by their names in the library.
var profiles = map[audio.CryptoSuite]srtp.ProtectionProfile{
	audio.AES128GCM:       srtp.ProtectionProfileAeadAes128Gcm,
	audio.AES128HMACSHA80: srtp.ProtectionProfileAes128CmHmacSha1_80,
	audio.AES128HMACSHA32: srtp.ProtectionProfileAes128CmHmacSha1_32,
}

// secure is the encryption of a stream (SRTP, RFC 3711). A context belongs to
// one goroutine: out to the sending one, in and control to those that receive.
// It outlives changes of the session as long as its key does: then roll-over
// counters and replay windows must go on.
type secure struct {
	crypto      audio.Crypto
	out         *srtp.Context
	in, control *srtp.Context
}

// prepareSecurity makes what encrypts, or keeps what is there.
func (n *session) prepareSecurity(s *Stream) error {
	if n.params.Crypto == nil {
		return nil
	}
	want, last := *n.params.Crypto, s.secured
	if last != nil && last.crypto == want {
		n.secure = last
		return nil
	}
	next := &secure{crypto: want}
	if last != nil && last.crypto.Suite == want.Suite {
		if last.crypto.Send == want.Send {
			next.out = last.out
		}
		if last.crypto.Receive == want.Receive && last.crypto.ReceiveMKI == want.ReceiveMKI {
			next.in, next.control = last.in, last.control
		}
	}
	for _, c := range []struct {
		context **srtp.Context
		key     audio.CryptoKey
		mki     string
	}{{&next.out, want.Send, ""}, {&next.in, want.Receive, want.ReceiveMKI}, {&next.control, want.Receive, want.ReceiveMKI}} {
		if *c.context != nil {
			continue
		}
		var err error
		if *c.context, err = newContext(want.Suite, c.key, c.mki); err != nil {
			return err
		}
	}
	n.secure, s.secured = next, next
	return nil
}

func newContext(suite audio.CryptoSuite, key audio.CryptoKey, mki string) (*srtp.Context, error) {
	if len(key) != suite.KeyLength() || len(key) == 0 {
		return nil, fmt.Errorf("media encryption %.40q: a key of %d bytes", string(suite), len(key))
	}
	options := []srtp.ContextOption{
		srtp.SRTPReplayDetectorFactory(func() replaydetector.ReplayDetector { return newWindow() }),
		srtp.SRTCPReplayDetectorFactory(func() replaydetector.ReplayDetector { return newWindow() }),
	}
	if mki != "" {
		options = append(options, srtp.MasterKeyIndicator([]byte(mki)))
	}
	master, salt := key.Split()
	return srtp.CreateContext(master, salt, profiles[suite], options...)
}

// seal encrypts a packet; false means that it must not leave.
func (s *Stream) seal(packet []byte) ([]byte, bool) {
	n := s.session.Load()
	if n == nil || n.secure == nil {
		return packet, true
	}
	sealed, err := n.secure.out.EncryptRTP(s.out.sealed[:0], packet, &s.out.header)
	return sealed, err == nil
}

// unseal decrypts a packet; nil means that it is not the peer's, or came before.
func (s *Stream) unseal(n *session, datagram []byte) []byte {
	if n.secure == nil {
		return datagram
	}
	in := &s.in
	if in.opened == nil {
		in.opened = make([]byte, 0, maxDatagram)
	}
	opened, err := n.secure.in.DecryptRTP(in.opened[:0], datagram, &in.header)
	if err != nil {
		return nil
	}
	return opened
}

func (s *Stream) sealControl(packet []byte) []byte {
	n := s.session.Load()
	if n == nil || n.secure == nil {
		return packet
	}
	sealed, err := n.secure.out.EncryptRTCP(nil, packet, nil)
	if err != nil {
		return nil
	}
	return sealed
}

func (s *Stream) unsealControl(datagram []byte) []byte {
	n := s.session.Load()
	if n == nil || n.secure == nil {
		return datagram
	}
	opened, err := n.secure.control.DecryptRTCP(nil, datagram, nil)
	if err != nil {
		return nil
	}
	return opened
}

// window is the list of the last 64 packets (RFC 3711 section 3.3.2). The
// library's own makes garbage with each packet.
type window struct {
	top     uint64 // the highest number that was taken
	seen    uint64 // bit n is the packet top-n
	any     bool
	pending uint64
	accept  func() bool
}

func newWindow() *window {
	w := &window{}
	w.accept = w.take
	return w
}

// Check implements replaydetector.ReplayDetector.
func (w *window) Check(number uint64) (accept func() bool, ok bool) {
	w.pending = number
	if w.any && number <= w.top {
		age := w.top - number
		ok = age < 64 && w.seen>>age&1 == 0
		return w.accept, ok
	}
	return w.accept, true
}

// take remembers the packet that was checked last: it proved to be genuine.
func (w *window) take() bool {
	switch {
	case !w.any:
		w.any, w.top, w.seen = true, w.pending, 1
	case w.pending > w.top:
		w.seen = w.seen<<min(w.pending-w.top, 64) | 1
		w.top = w.pending
	default:
		w.seen |= 1 << (w.top - w.pending)
		return false
	}
	return true
}
