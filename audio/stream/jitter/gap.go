package jitter

import (
	"time"

	"deskset/audio/codec"
)

// A codec's own concealment is let fade between these: without end, some go on
// for long.
const (
	codecFull = 60 * time.Millisecond
	codecFade = 120 * time.Millisecond
)

// codecPiece is asked of a codec's concealment at a time: no codec has shorter
// frames that it could conceal well.
const codecPiece = 10 * time.Millisecond

// gap is a time without packets, and what fills it.
type gap struct {
	open bool
	age  int64 // samples since it began
	// made samples have been made up since the first missing one was due.
	made int64
	// by is the codec that conceals; nil is our own concealer.
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
	if by, ok := b.last.decoder.(codec.Concealer); ok {
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
		// Not past the begin of the voice that waits; where that is held back
		// to let the delay grow, in small steps.
		step := b.samples(time.Millisecond)
		if ahead := b.waiting[0].at - b.next - b.gap.made; ahead > 0 {
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
	b.gap.age += int64(len(b.ready))
}

// ask lets the codec conceal, or make comfort noise. It is false if it cannot.
func (b *Buffer) ask(n int) bool {
	if !b.last.silent && b.strength(b.gap.age) == 0 {
		b.ready = b.room[:n]
		clear(b.ready)
		return true
	}
	if !b.take(b.gap.by.Conceal(b.pcm[:0], n)) {
		b.gap.by = nil
		b.conceal.begin()
		return false
	}
	if b.last.silent {
		return true
	}
	for i := range b.ready {
		b.ready[i] *= b.strength(b.gap.age + int64(i))
	}
	b.gap.pending += int64(len(b.ready))
	return true
}

// strength of a codec's concealment after so many samples.
func (b *Buffer) strength(made int64) float32 {
	full, fade := b.samples(codecFull), b.samples(codecFade)
	return max(0, min(1, float32(fade-made)/float32(fade-full)))
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
	case !before.silent:
		b.rise(b.strength(was.age))
	}
	b.gap = gap{}
}

// rise brings the voice up from the strength to which the concealment fell.
func (b *Buffer) rise(from float32) {
	if from >= 1 {
		return
	}
	n := min(len(b.ready), int(b.samples(overlap)))
	for i := range b.ready[:n] {
		b.ready[i] *= from + (1-from)*float32(i+1)/float32(n+1)
	}
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
