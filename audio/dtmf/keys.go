package dtmf

import (
	"sync/atomic"

	"deskset/audio/tone"
)

// queueLength is how many key movements may wait: 64 digits typed or pasted at
// once take 10 s to send.
const queueLength = 128

// released is the movement that ends a digit.
const released = 0

// Keys hands key movements from one goroutine, which calls Down and Up, to
// one audio side. It never blocks; when it is full, digits are dropped.
type Keys struct {
	moves       [queueLength]byte
	read, write atomic.Uint32
}

// Down presses the key of a digit and reports whether it was taken: it must be
// a digit, and the queue must have room for its release too.
func (k *Keys) Down(digit byte) bool {
	if _, _, ok := tone.KeyTone(digit); !ok || k.write.Load()-k.read.Load() > queueLength-2 {
		return false
	}
	k.put(digit)
	return true
}

// Up releases it.
func (k *Keys) Up() {
	if k.write.Load()-k.read.Load() < queueLength {
		k.put(released)
	}
}

func (k *Keys) put(move byte) {
	w := k.write.Load()
	k.moves[w%queueLength] = move
	k.write.Store(w + 1)
}

// peek gives the next movement, take removes it.
func (k *Keys) peek() (move byte, ok bool) {
	r := k.read.Load()
	if r == k.write.Load() {
		return 0, false
	}
	return k.moves[r%queueLength], true
}

func (k *Keys) take() { k.read.Store(k.read.Load() + 1) }
