package record

import (
	"sync/atomic"

	"deskset/audio/mix"
)

const (
	// blockFrames is the longest block: 10 ms.
	blockFrames = mix.Rate / 100
	// ringBlocks is how many wait: 2.56 s of them, a power of two.
	ringBlocks = 256
)

// block is a moment of a call.
type block struct {
	at        uint64 // frames before it, also those that found no room
	n         int
	near, far [blockFrames]float32
}

// ring passes blocks from a callback to the goroutine that writes, without locks.
type ring struct {
	blocks      [ringBlocks]block
	read, write atomic.Uint32
	// offered counts the frames that ever came.
	offered atomic.Uint64
}

// put takes a moment, or only counts it.
func (r *ring) put(near, far []float32) {
	at := r.offered.Load()
	r.offered.Store(at + uint64(len(near)))
	w := r.write.Load()
	if w-r.read.Load() == ringBlocks {
		return
	}
	b := &r.blocks[w%ringBlocks]
	b.at, b.n = at, len(near)
	copy(b.near[:], near)
	copy(b.far[:], far)
	r.write.Store(w + 1)
}

// front is the oldest block, nil if there is none; drop gives it back.
func (r *ring) front() *block {
	i := r.read.Load()
	if i == r.write.Load() {
		return nil
	}
	return &r.blocks[i%ringBlocks]
}

func (r *ring) drop() { r.read.Add(1) }
