package stream

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/pion/rtp"

	"deskset/audio"
)

// hostile makes datagrams that no peer should send.
func hostile() [][]byte {
	header := func(first, second byte, rest ...byte) []byte {
		b := []byte{first, second, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3}
		return append(b, rest...)
	}
	stun := append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42}, make([]byte, 12)...)
	return [][]byte{
		{}, {0x80}, make([]byte, 11), stun,
		bytes.Repeat([]byte{0xFF}, 1500), bytes.Repeat([]byte{0x80}, 9000),
		header(0x80, 0),                                  // no payload
		header(0x8F, 0, 1, 2),                            // 15 sources that are not there
		header(0x90, 0, 0xBE, 0xDE, 0xFF, 0xFF),          // an endless extension
		header(0x90, 0, 0xBE, 0xDE, 0, 1, 0x1F, 0, 0),    // one that is cut
		header(0x90, 0, 0x10, 0x00, 0, 1, 1, 0xFF, 0, 0), // one longer than itself
		header(0xA0, 0, 1, 2, 0xFF),                      // more padding than packet
		header(0xA0, 0, 0),                               // padding of none
		header(0x80, 13, 1, 2, 3),                        // payload types not agreed
		header(0x80, 127, 1, 2, 3),
		header(0x80, 200, 0, 0, 0, 0), header(0x81, 201, 0, 0, 0, 0), // RTCP
		header(0x80, 101), header(0x80, 101, 1), header(0x80, 101, 255, 255, 255, 255), // events
	}
}

func TestHostileDatagramsAreHarmless(t *testing.T) {
	var heard digits
	s, peer := open(t, heard.add), newRaw(t)
	inactive(t, s, peer.addr())
	random := rand.New(rand.NewPCG(8, 9))
	control := netip.AddrPortFrom(loopback, s.LocalPort()+1)
	all := hostile()
	for range 300 {
		b := make([]byte, random.IntN(300))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		if len(b) > 1 {
			b[0] |= 0x40 // never quite RTP
		}
		all = append(all, b)
	}
	for _, b := range all {
		for _, to := range []netip.AddrPort{s.addr(), control} {
			if _, err := peer.rtp.WriteToUDPAddrPort(b, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := s.Stats().PacketsReceived
	wait(t, "good packets after all that", func() bool {
		peer.voice(s.addr(), silence20ms)
		return s.Stats().PacketsReceived > before+5
	})
	if heard.String() != "" {
		t.Errorf("digits %q", heard.String())
	}
	buf := make([]float32, card5ms)
	s.Read(buf)
}

// FuzzArrive gives the receiving side datagrams and RTCP, cut from one input,
// without a network between.
func FuzzArrive(f *testing.F) {
	for _, b := range hostile() {
		f.Add(b)
	}
	good, _ := (&rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 1}, Payload: silence20ms}).Marshal()
	f.Add(append(binary.BigEndian.AppendUint16(nil, uint16(len(good))), good...))
	s, err := New(audio.StreamConfig{Local: loopback, Digit: func(byte) {}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	from := netip.MustParseAddrPort("127.0.0.1:9")
	p := params(from)
	p.Direction = audio.RecvOnly
	if err := s.Start(p); err != nil {
		f.Fatal(err)
	}
	buf := make([]float32, card5ms)
	f.Fuzz(func(t *testing.T, input []byte) {
		s.arrive(input, from)
		s.arriveControl(input, from)
		for len(input) > 2 {
			n := min(int(binary.BigEndian.Uint16(input)), len(input)-2)
			s.arrive(input[2:2+n], from)
			s.arriveControl(input[2:2+n], from)
			input = input[2+n:]
		}
		s.Read(buf)
		for _, v := range buf {
			if !(v >= -4 && v <= 4) {
				t.Fatalf("sample %v", v)
			}
		}
	})
}
