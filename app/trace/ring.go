package trace

import (
	"sync/atomic"
	"time"

	"deskset/audio"
)

const (
	// ringSlots hold a third of a second of six calls, in both directions, at
	// 10 ms: much more than the time between two visits of the writer.
	ringSlots = 512
	// slotSize is more than any packet of a stream.
	slotSize = 2048
)

// ring takes packets of voice from any number of goroutines that must not wait,
// and gives them to one. It neither allocates nor locks: each slot has a number
// that says whose turn it is (D. Vyukov's bounded queue).
type ring struct {
	slots   [ringSlots]slot
	tail    atomic.Uint64
	head    uint64 // of the reader
	dropped atomic.Uint64
}

// slot is free for the packet number turn, or holds packet turn-1.
type slot struct {
	turn   atomic.Uint64
	at     time.Duration
	packet audio.Packet // its Data is data[:]
	data   [slotSize]byte
}

func newRing() *ring {
	r := &ring{}
	for i := range r.slots {
		r.slots[i].turn.Store(uint64(i))
	}
	return r
}

// put copies a packet; one for which there is no room is counted and lost.
func (r *ring) put(at time.Duration, p audio.Packet) {
	if len(p.Data) > slotSize {
		r.dropped.Add(1)
		return
	}
	for {
		turn := r.tail.Load()
		s := &r.slots[turn%ringSlots]
		switch now := s.turn.Load(); {
		case now < turn: // not read yet
			r.dropped.Add(1)
			return
		case now == turn && r.tail.CompareAndSwap(turn, turn+1):
			s.at, s.packet = at, p
			s.packet.Data = s.data[:copy(s.data[:], p.Data)]
			s.turn.Store(turn + 1)
			return
		}
	}
}

// take gives the next packet to f, which may not keep it.
func (r *ring) take(f func(at time.Duration, p audio.Packet)) bool {
	s := &r.slots[r.head%ringSlots]
	if s.turn.Load() != r.head+1 {
		return false
	}
	f(s.at, s.packet)
	s.turn.Store(r.head + ringSlots)
	r.head++
	return true
}
