package stream

import (
	"bytes"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/pion/rtp"

	"deskset/audio"
)

var here = netip.MustParseAddrPort("192.0.2.1:4000")

// judgeAt judges packet n of a source that sends 160 ticks each.
func (s *source) judgeAt(n int) verdict {
	return s.judge(&rtp.Header{SSRC: 1, SequenceNumber: uint16(n), Timestamp: uint32(160 * n)}, here, here, false)
}

// A network that sends everything twice, the second time much later, one by one
// or all at once, does not make the voice begin anew.
func TestOldDuplicatesAreNoNewBeginning(t *testing.T) {
	for _, behind := range []int{1, 63, 64, 99, 100, 150, 1000} {
		var s source
		s.judgeAt(0)
		for n := 1; n < 5000; n++ {
			if got := s.judgeAt(n); got != take {
				t.Fatalf("packet %d, duplicates %d behind: verdict %d", n, behind, got)
			}
			if n < behind {
				continue
			}
			if got := s.judgeAt(n - behind); got != drop {
				t.Fatalf("duplicate of packet %d, %d behind: verdict %d", n-behind, behind, got)
			}
		}
		if lost, got := s.lost.Load(), s.got.Load(); lost != 0 || got != 5000 {
			t.Errorf("duplicates %d behind: %d lost of %d", behind, lost, got)
		}
	}
}

// Some senders begin again at 0 with the same SSRC, as music on hold does.
func TestSenderThatCountsAnewIsFollowed(t *testing.T) {
	for _, from := range []int{500, 40000} { // lower, and higher: 0 is ahead by the wrap
		var s source
		for n := from; n < from+500; n++ {
			s.judgeAt(n)
		}
		n := 0
		for s.judgeAt(n) != restart {
			if n++; n > provesReturn {
				t.Fatalf("from %d: still dropped after %d packets", from, n)
			}
		}
		if got := s.judgeAt(n + 1); got != take {
			t.Errorf("from %d: verdict %d after the new beginning", from, got)
		}
	}
}

// A call of 5 minutes in fast time, 24 hours with DESKSET_LONG_CALL: all
// numbers wrap, nothing is lost, nothing grows.
func TestLongCall(t *testing.T) {
	length := 5 * time.Minute
	switch {
	case os.Getenv("DESKSET_LONG_CALL") != "":
		length = 24 * time.Hour
	case raceEnabled:
		length = time.Minute
	}
	s := open(t, nil)
	p := params(netip.MustParseAddrPort("127.0.0.1:9"))
	p.Direction = audio.RecvOnly
	if err := s.Start(p); err != nil {
		t.Fatal(err)
	}
	packet := &rtp.Packet{
		Header:  rtp.Header{Version: 2, SSRC: 1, SequenceNumber: 64000, Timestamp: 1<<32 - 160*1000},
		Payload: bytes.Repeat([]byte{0x85, 0x9A, 0x05, 0x1A}, 40),
	}
	datagram, block := make([]byte, 200), make([]float32, cardRate/50)
	step := func() {
		n, err := packet.MarshalTo(datagram)
		if err != nil {
			t.Fatal(err)
		}
		s.arrive(datagram[:n], p.Remote)
		s.Read(block)
		now.Add(int64(20 * time.Millisecond))
		packet.SequenceNumber++
		packet.Timestamp += 160
	}
	for range 500 {
		step()
	}
	before := heap()
	packets := uint64(length / (20 * time.Millisecond))
	for range packets {
		step()
	}
	grown := int64(heap()) - int64(before)
	stats := s.Stats()
	if stats.PacketsReceived != packets+500 || stats.PacketsLost != 0 || stats.PacketsLate != 0 || stats.Concealed != 0 || stats.BufferDepth > 30*time.Millisecond {
		t.Errorf("%+v", stats)
	}
	if grown > 1<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	t.Logf("%v: %d packets, heap %+d bytes, depth %v", length, stats.PacketsReceived, grown, stats.BufferDepth)
}

// heap is what is in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
