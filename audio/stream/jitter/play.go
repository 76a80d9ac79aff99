package jitter

import (
	"time"

	"deskset/audio/codec"
)

// margin is kept above the lateness that nearly all packets keep: what a
// network does next is a little worse than what it did.
const margin = 3 * time.Millisecond

// Hysteresis of the delay: it is made shorter when it is too long by slack,
// longer when it is too short by want; where voice resumes after a gap, what is
// too much by excess is left out at once.
const (
	slack  = 3 * time.Millisecond
	want   = 3 * time.Millisecond
	excess = 10 * time.Millisecond
)

// overlap of two packets' timestamps is let pass: some senders count badly.
const overlap = 5 * time.Millisecond

// Pull overwrites dst with the next samples, full scale ±1.0: voice, made-up
// voice, comfort noise, or silence.
func (b *Buffer) Pull(dst []float32) {
	for len(dst) > 0 {
		if len(b.ready) == 0 {
			b.produce(len(dst))
		}
		n := copy(dst, b.ready)
		b.conceal.played(dst[:n])
		b.ready = b.ready[n:]
		b.now += int64(n)
		dst = dst[n:]
	}
}

// target is the delay to aim at.
func (b *Buffer) target() int64 {
	return min(b.delays.needed()+b.samples(margin), b.delays.least()+b.samples(maxDelay))
}

// produce makes ready some samples, mostly; need is how many are pulled.
func (b *Buffer) produce(need int) {
	b.ready = b.room[:0]
	b.fill()
	if b.count > 0 {
		switch ahead := b.waiting[0].at - b.next; {
		case b.gap.open && ahead <= b.gap.made:
			if b.resume() {
				return
			}
		case !b.gap.open && ahead <= 0:
			before := b.last.decoder
			if b.decode() {
				if before != nil && before != b.last.decoder {
					// Two codecs differ in delay and phase.
					b.conceal.begin()
					b.conceal.merge(b.ready)
				}
				b.stretch()
				return
			}
		case b.recover(ahead - b.gap.made):
			return
		}
	}
	b.makeUp(need)
}

// fill finds out where to begin, and drops what lies before the place reached.
func (b *Buffer) fill() {
	if b.count > 0 && !b.filled {
		b.next, b.gap.made, b.filled = b.waiting[0].at, 0, true
	}
	for b.count > 0 && b.waiting[0].at < b.next-b.samples(overlap) {
		b.drop()
		b.Late.Add(1)
	}
}

// decode takes the first packet in line and appends its voice to what is
// ready. It is false, and the packet gone, if it cannot be decoded.
func (b *Buffer) decode() bool {
	s := b.waiting[0]
	b.drop()
	decoder := b.decoders[s.payloadType]
	if decoder == nil {
		return false
	}
	pcm, err := decoder.Decode(b.pcm[:0], s.payload[:s.length])
	if err != nil || !b.take(pcm) {
		return false
	}
	silencer, ok := decoder.(codec.Silencer)
	b.last = decoded{sequence: s.sequence, length: int64(len(pcm)), decoder: decoder, silent: ok && silencer.Silent()}
	b.next, b.gap.made = s.at+int64(len(pcm)), 0
	return true
}

// take appends samples to what is ready; false if there are none, or too many.
func (b *Buffer) take(pcm []int16) bool {
	if len(pcm) == 0 || len(pcm) > maxSamples || len(b.ready)+len(pcm) > 2*maxSamples {
		return false
	}
	for _, v := range pcm {
		b.ready = append(b.ready, float32(v)/32768)
	}
	return true
}

// resume ends a gap with the first packet in line, and is false if it is too
// early for that. The packet may come earlier in media than the samples made up
// would say: then it was late, and the delay grows by as much.
func (b *Buffer) resume() bool {
	first := b.waiting[0]
	late := b.now - first.at - b.target()
	if late <= -b.samples(want) {
		return false // more silence now is less of it later
	}
	silence := first.sequence == b.last.sequence+1 && first.at > b.next
	was, before := b.gap, b.last
	if !b.decode() {
		return false
	}
	skipped := b.skip(late)
	if len(b.ready) == 0 {
		return false
	}
	b.settle(was, before, silence, skipped)
	return true
}

// skip leaves out voice that is too late by so many samples, as far as there
// is voice that follows it, and tells whether it did.
func (b *Buffer) skip(late int64) bool {
	if late < b.samples(excess) {
		return false
	}
	left := late
	for left > 0 {
		if n := int64(len(b.ready)); n > left {
			b.ready = b.ready[left:]
			return true
		} else if b.count == 0 || b.waiting[0].at != b.next {
			return left < late
		} else {
			left -= n
			b.ready = b.room[:0]
		}
		if !b.decode() {
			return true
		}
	}
	return true
}

// stretch brings the delay nearer to its target: a pitch period of what is
// ready is taken out, or repeated.
func (b *Buffer) stretch() {
	delay := b.now + int64(len(b.ready)) - b.next
	over, under := delay-b.target(), b.target()-delay
	// Where the delay of the network has just grown, those that follow will be
	// as late.
	over = min(over, delay-b.delays.worst()-b.samples(margin))
	shortest, longest := b.samples(minPiece), b.samples(maxPiece)
	switch {
	case over >= b.samples(slack):
		if b.count > 0 && b.waiting[0].at == b.next && len(b.ready) < 2*int(longest) {
			b.decode() // more to look for a period in
		}
		if n, ok := piece(&b.seek, b.ready, int(shortest), int(min(longest, over)), b.likeEnough(over)); ok {
			b.ready = shorten(b.ready, n)
		}
	case under >= b.samples(want):
		longest = min(longest, max(shortest, under+b.samples(want)))
		if n, ok := piece(&b.seek, b.ready, int(shortest), int(longest), b.likeEnough(under)); ok {
			b.ready = lengthen(b.ready, n)
		}
	}
}

func (b *Buffer) likeEnough(off int64) float32 {
	return likeEnough(time.Duration(off) * time.Second / time.Duration(b.rate))
}
