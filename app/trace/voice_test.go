package trace

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"deskset/audio"
)

// rtp is a packet with a telephone-event behind a source and an extension.
func rtp(sequence uint16) audio.Packet {
	return audio.Packet{
		Event: 101, Local: netip.MustParseAddrPort("0.0.0.0:16384"), Remote: netip.MustParseAddrPort("127.0.0.1:16390"),
		Data: []byte{
			0x91, 0x80 | 101, byte(sequence >> 8), byte(sequence), 0, 0, 0, 0, 1, 2, 3, 4, // header
			9, 9, 9, 9, 0xbe, 0xde, 0, 1, 8, 8, 8, 8, // source, extension
			7, 0x80, 3, 4, 6, 0x80, 3, 4, // two events: digits 7 and 6
		},
	}
}

func TestVoiceHookNeitherAllocatesNorWaits(t *testing.T) {
	_, tr := open(t, Options{})
	defer tr.Close()
	voice, p := tr.Voice(), rtp(1)
	p.Data = make([]byte, 1400)
	if n := testing.AllocsPerRun(5000, func() { voice(p) }); n != 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

func TestFullRingDropsAndCounts(t *testing.T) {
	r := newRing()
	for i := range ringSlots + 10 {
		r.put(time.Duration(i), rtp(uint16(i)))
	}
	r.put(0, audio.Packet{Data: make([]byte, slotSize+1)})
	n := 0
	for r.take(func(at time.Duration, p audio.Packet) {
		if at != time.Duration(n) || !bytes.Equal(p.Data, rtp(uint16(n)).Data) {
			t.Errorf("packet %d: %v %v", n, at, p)
		}
	}) {
		n++
	}
	if n != ringSlots || r.dropped.Load() != 11 {
		t.Errorf("%d packets, %d dropped", n, r.dropped.Load())
	}
}

func TestDigitsAreMaskedUnlessAskedFor(t *testing.T) {
	for _, digits := range []bool{false, true} {
		path, tr := open(t, Options{Digits: digits})
		tr.Voice()(rtp(1))
		other := rtp(2)
		other.Event = 96
		tr.Voice()(other)
		info := []byte("INFO sip:x SIP/2.0\r\nContent-Type: Application/DTMF-relay\r\n\r\nSignal=7\r\n")
		tr.SIP()("in", "tcp", here, server, info)
		packets := read(t, path, tr)
		if len(packets) != 3 {
			t.Fatalf("%d packets", len(packets))
		}
		for _, p := range packets {
			want := []byte{7, 0x80, 3, 4, 6, 0x80, 3, 4}
			switch {
			case p.link == linkPDU && digits:
				want = []byte("Signal=7\r\n")
			case p.link == linkPDU:
				want = []byte("********\r\n")
			case !digits && len(p.notes) > 0:
				want = []byte{255, 0x80, 3, 4, 255, 0x80, 3, 4}
			}
			if !bytes.HasSuffix(p.data, want) {
				t.Errorf("digits %v: %q, want %q", digits, p.data, want)
			}
			// The unspecified local address has become the one that leads there.
			if p.link != linkPDU && !bytes.Equal(p.data[16:20], []byte{127, 0, 0, 1}) {
				t.Errorf("local address: %v", p.data[12:20])
			}
		}
	}
}

func TestEventPacketsMayBeCutShort(t *testing.T) {
	whole := rtp(1).Data
	for n := range len(whole) {
		hideEvents(bytes.Clone(whole[:n]), 101)
	}
	hideEvents([]byte{0x9f, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 101)
}
