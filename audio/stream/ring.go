package stream

import (
	"sync/atomic"

	"deskset/audio/stream/jitter"
)

// frame is an RTP packet between a callback and a goroutine.
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

// ring passes frames from one goroutine to one other without locks.
type ring struct {
	frames      []frame // their number is a power of two
	read, write atomic.Uint32
}

func newRing(size int) *ring { return &ring{frames: make([]frame, size)} }

func (r *ring) at(i uint32) *frame { return &r.frames[i&uint32(len(r.frames)-1)] }

// reserve gives the frame to fill next, or nil if the ring is full. It is
// passed on by commit.
func (r *ring) reserve() *frame {
	w := r.write.Load()
	if w-r.read.Load() == uint32(len(r.frames)) {
		return nil
	}
	return r.at(w)
}

func (r *ring) commit() { r.write.Add(1) }

// front gives the oldest frame, or nil. It is given back by release.
func (r *ring) front() *frame {
	i := r.read.Load()
	if i == r.write.Load() {
		return nil
	}
	return r.at(i)
}

func (r *ring) release() { r.read.Add(1) }

// drain releases everything that is in the ring.
func (r *ring) drain() { r.read.Store(r.write.Load()) }
