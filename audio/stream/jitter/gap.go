package jitter

import (
	"time"

	"deskset/audio/codec"
)

// codecPiece is asked of a codec at a time: few have shorter frames.
const codecPiece = 10 * time.Millisecond

// gap is a time without packets, and what fills it.
type gap struct {
	open bool
	// made samples have been made up since the first missing one was due.
	made int64
	// by is the codec whose noise fills it, after a silence description. Lost
	// voice is made up by our own concealer, which scores better in every codec;
	// nor need the codec be told of the loss.
	by codec.Concealer
	// pending samples were made up; whether they were voice or silence, the next
	// packet tells.
	pending int64
}

// open begins a gap, unless there is one.
func (b *Buffer) open() {
	if b.gap.open {
		return
	}
	b.gap = gap{open: true}
	if by, ok := b.last.decoder.(codec.Concealer); ok && b.last.silent {
		b.gap.by = by
	} else {
		b.conceal.begin()
	}
}

// makeUp fills a gap for a while; need is how many samples are pulled.
func (b *Buffer) makeUp(need int) {
	b.open()
	n := min(int64(need), maxSamples)
	if b.gap.by != nil {
		n = b.samples(codecPiece)
	}
	if b.filled && b.count > 0 {
		// Not past the begin of the voice that waits, nor of what it may repeat
		// of the packet before; where it is held back to let the delay grow, in
		// small steps.
		step := b.samples(time.Millisecond)
		if ahead := b.waiting[0].at - b.next - b.gap.made; ahead > b.last.length {
			step = ahead - b.last.length
		} else if ahead > 0 {
			step = ahead
		}
		n = min(n, step)
	}
	if b.gap.by == nil || !b.ask(int(n)) {
		b.ready = b.room[:n]
		if !b.conceal.silent() {
			b.gap.pending += n
		}
		b.conceal.read(b.ready)
	}
	b.gap.made += int64(len(b.ready))
}

// ask lets the codec make comfort noise. It is false if it cannot.
func (b *Buffer) ask(n int) bool {
	if b.take(b.gap.by.Conceal(b.pcm[:0], n)) {
		return true
	}
	b.gap.by = nil
	b.conceal.begin()
	return false
}

// settle closes a gap with what is ready, the first voice behind it. Before is
// the packet in front of it; silence tells that nothing between was lost.
func (b *Buffer) settle(was gap, before decoded, silence, skipped bool) {
	if !silence {
		b.Concealed.Add(uint64(was.pending))
	}
	switch {
	case was.by == nil:
		b.conceal.merge(b.ready)
	case skipped || before.decoder != b.last.decoder:
		// Two different voices: ours goes from one to the other.
		b.conceal.begin()
		b.conceal.merge(b.ready)
	}
	b.gap = gap{}
}

// recover fills the last so many samples of a gap from what the packet behind
// it repeats, if it does (Opus).
func (b *Buffer) recover(missing int64) bool {
	s := b.waiting[0]
	recoverer, ok := b.decoders[s.payloadType].(codec.Recoverer)
	if !ok || missing <= 0 || missing > b.last.length || s.sequence == b.last.sequence+1 {
		return false
	}
	pcm, ok := recoverer.Recover(b.pcm[:0], s.payload[:s.length], int(missing))
	if !ok || !b.take(pcm) {
		return false
	}
	if b.gap.open {
		b.settle(b.gap, b.last, false, false)
	}
	b.next, b.gap.made = s.at-missing+int64(len(pcm)), 0
	b.last.sequence = s.sequence - 1
	return true
}
