package jitter

import "time"

// margin is kept above the lateness that nearly all packets keep: what a
// network does next is a little worse than what it did.
const margin = 5 * time.Millisecond

// Hysteresis of the delay: it is made shorter when it is too long by slack,
// longer when it is too short by want; where voice resumes after a gap, what is
// too much by excess is left out at once.
const (
	slack  = 4 * time.Millisecond
	want   = 2 * time.Millisecond
	excess = 10 * time.Millisecond
)

// overlap of two packets' timestamps is let pass: some senders count badly.
const overlap = 5 * time.Millisecond

func (b *Buffer) samples(d time.Duration) int64 {
	return int64(d) * int64(b.rate) / int64(time.Second)
}

// Pull overwrites dst with the next samples, full scale ±1.0: voice, made-up
// voice, or silence.
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
	limit := b.delays.least() + b.samples(maxDelay)
	return min(b.delays.needed()+b.samples(margin), limit)
}

// produce makes ready at least one sample; need is how many are pulled.
func (b *Buffer) produce(need int) {
	b.ready = b.room[:0]
	b.fill()
	if b.count > 0 {
		switch ahead := b.waiting[0].at - b.next; {
		case b.gap && ahead <= b.made && b.resume():
			return
		case !b.gap && ahead <= 0 && b.decode():
			b.stretch()
			return
		}
	}
	b.makeUp(need)
}

// fill finds out where to begin, and drops what lies before the place reached.
func (b *Buffer) fill() {
	if b.count > 0 && !b.filled {
		b.next, b.made, b.filled = b.waiting[0].at, 0, true
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
	if err != nil || len(pcm) == 0 || len(b.ready)+len(pcm) > cap(b.pcm) {
		return false
	}
	b.pcm = pcm
	for _, v := range pcm {
		b.ready = append(b.ready, float32(v)/32768)
	}
	b.next, b.made = s.at+int64(len(pcm)), 0
	return true
}

// resume ends a gap with the first packet in line, and is false if it is too
// early for that. The packet may come earlier in media than the samples made up
// would say: then it was late, and the delay grows by as much.
func (b *Buffer) resume() bool {
	late := b.now - b.waiting[0].at - b.target()
	if late <= -b.samples(want) {
		return false // more silence now is less of it later
	}
	if !b.decode() {
		return false
	}
	b.skip(late)
	if len(b.ready) == 0 {
		return false
	}
	b.conceal.merge(b.ready)
	b.gap = false
	return true
}

// skip leaves out voice that is too late by so many samples, as far as there
// is voice that follows it.
func (b *Buffer) skip(late int64) {
	if late < b.samples(excess) {
		return
	}
	for late > 0 {
		if n := int64(len(b.ready)); n > late {
			b.ready = b.ready[late:]
			return
		} else if b.count == 0 || b.waiting[0].at != b.next {
			return
		} else {
			late -= n
			b.ready = b.room[:0]
		}
		if !b.decode() {
			return
		}
	}
}

// makeUp conceals what is missing.
func (b *Buffer) makeUp(need int) {
	b.open()
	n := min(need, cap(b.pcm))
	if b.filled && b.count > 0 {
		// Not past the begin of the voice that waits; where that is held back
		// to let the delay grow, in small steps.
		step := b.samples(time.Millisecond)
		if ahead := b.waiting[0].at - b.next - b.made; ahead > 0 {
			step = ahead
		}
		n = int(min(int64(n), step))
	}
	b.ready = b.room[:n]
	if !b.conceal.silent() {
		b.Concealed.Add(uint64(n))
	}
	b.conceal.read(b.ready)
	b.made += int64(n)
}

// stretch brings the delay nearer to its target: a pitch period of what is
// ready is taken out, or repeated.
func (b *Buffer) stretch() {
	over := b.now + int64(len(b.ready)) - b.next - b.target()
	threshold := likeEnough(time.Duration(abs(over)) * time.Second / time.Duration(b.rate))
	shortest, longest := b.samples(minPiece), b.samples(maxPiece)
	switch {
	case over >= b.samples(slack):
		if b.count > 0 && b.waiting[0].at == b.next && len(b.ready) < 2*int(longest) {
			b.decode() // more to look for a period in
		}
		longest = min(longest, over)
		if n, ok := piece(&b.seek, b.ready, int(shortest), int(longest), threshold); ok {
			b.ready = shorten(b.ready, n)
		}
	case over <= -b.samples(want):
		longest = min(longest, max(shortest, -over+b.samples(want)))
		if n, ok := piece(&b.seek, b.ready, int(shortest), int(longest), threshold); ok {
			b.ready = lengthen(b.ready, n)
		}
	}
}
