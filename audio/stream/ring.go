package stream

import (
	"sync/atomic"

	"deskset/audio/stream/jitter"
)

// frame is an RTP packet that has arrived, on its way to the playback callback.
type frame struct {
	sequence    uint16
	stamp       uint32
	payloadType uint8
	marker      bool
	// restart tells that a new source begins with this packet.
	restart bool
	length  int
	payload [jitter.MaxPayload]byte
}

// piece is one packet time on its way from the capture callback: voice that is
// to be encoded, or an event that is ready.
type piece struct {
	speech *speech
	stamp  uint32
	marker bool
	// event is the payload type of an event; 0 for voice.
	event   uint8
	length  int
	payload [maxEvent]byte
	samples int
	pcm     [maxPiece]int16
}

const (
	// maxEvent is the length of an event's payload (RFC 4733 section 2.3).
	maxEvent = 4
	// maxPiece is the longest packet time at the highest rate.
	maxPiece = int(maxPacketTime * cardRate / 1e9)
)

// ring passes packets from one goroutine to one other without locks.
type ring[T any] struct {
	slots       []T // their number is a power of two
	read, write atomic.Uint32
}

func newRing[T any](size int) *ring[T] { return &ring[T]{slots: make([]T, size)} }

func (r *ring[T]) at(i uint32) *T { return &r.slots[i&uint32(len(r.slots)-1)] }

// reserve gives the packet to fill next, or nil if the ring is full. It is
// passed on by commit.
func (r *ring[T]) reserve() *T {
	w := r.write.Load()
	if w-r.read.Load() == uint32(len(r.slots)) {
		return nil
	}
	return r.at(w)
}

func (r *ring[T]) commit() { r.write.Add(1) }

// front gives the oldest packet, or nil. It is given back by release.
func (r *ring[T]) front() *T {
	i := r.read.Load()
	if i == r.write.Load() {
		return nil
	}
	return r.at(i)
}

func (r *ring[T]) release() { r.read.Add(1) }

// drain releases everything that is in the ring.
func (r *ring[T]) drain() { r.read.Store(r.write.Load()) }
