package jitter

import (
	"sync/atomic"
	"time"

	"deskset/audio/codec"
)

// MaxPayload is the longest payload that the buffer takes, in bytes.
const MaxPayload = 1460

// slots bounds how many packets wait: 1.28 s at 20 ms.
const slots = 64

// maxDelay bounds how long a packet may be made to wait; what needs more is
// left to be late.
const maxDelay = 500 * time.Millisecond

// jump is a step of timestamps, or a silence of the network, after which
// nothing old matters.
const jump = time.Second

// Packet is what the buffer must know of an RTP packet.
type Packet struct {
	Sequence    uint16
	Timestamp   uint32
	PayloadType uint8
	Payload     []byte
}

// Decoders holds the decoder of each payload type, nil where none was agreed.
type Decoders [128]codec.Codec

// Counters tell what the buffer did. They may be read from anywhere.
type Counters struct {
	// Late packets came after their time and were thrown away.
	Late atomic.Uint64
	// Concealed samples of made-up voice, faded silence not counted.
	Concealed atomic.Uint64
	// Depth is how much voice the buffer holds when a packet has come, that
	// packet included, in samples, smoothed.
	Depth atomic.Int64
}

// slot is a packet that waits.
type slot struct {
	at          int64 // media position of its first sample
	payloadType uint8
	length      int
	payload     [MaxPayload]byte
}

// Buffer is the playout buffer of one stream.
type Buffer struct {
	Counters

	rate     int
	perTick  int64 // samples for each unit of timestamps
	decoders *Decoders

	// now counts the samples pulled. All media positions are timestamps in
	// samples, unwrapped.
	now int64

	running   bool // position and lastStamp are known
	lastStamp uint32
	lastAt    int64 // position of lastStamp
	strayed   bool  // the last packet jumped
	strayedAt uint32

	delays  delays
	waiting [slots]*slot // sorted by position
	count   int

	// next is the position of the first sample that has not been decoded. In a
	// gap, made samples have been made up since it was due.
	next   int64
	filled bool // next is known
	gap    bool
	made   int64

	conceal concealer
	seek    search
	pcm     []int16
	room    []float32
	ready   []float32 // decoded and not yet pulled, within room
}

// New makes a buffer for voice at rate; clock counts its timestamps, both in
// Hz.
func New(rate, clock int) *Buffer {
	b := &Buffer{
		rate:    rate,
		perTick: int64(max(1, rate/clock)),
		conceal: newConcealer(rate),
		pcm:     make([]int16, 0, 4*MaxPayload),
		room:    make([]float32, 16*MaxPayload),
		gap:     true,
		seek:    newSearch(rate, 2*ceilMs(rate, 10)),
	}
	b.conceal.fall()
	for i := range b.waiting {
		b.waiting[i] = new(slot)
	}
	return b
}

// SetDecoders sets the decoders that the next packets meet.
func (b *Buffer) SetDecoders(d *Decoders) { b.decoders = d }

// Reset forgets all packets and what was learned of their delay: for a new
// source, or after a time in which nobody pulled. The voice that sounds fades.
func (b *Buffer) Reset() {
	b.running, b.strayed, b.filled = false, false, false
	b.count = 0
	b.delays.reset()
	b.open()
}

// open begins a gap, unless there is one.
func (b *Buffer) open() {
	if !b.gap {
		b.gap, b.made = true, 0
		b.conceal.begin()
	}
}

// Put takes a packet that arrived since the last Pull. The payload is copied;
// one that is too long is dropped.
func (b *Buffer) Put(p Packet) {
	if len(p.Payload) == 0 || len(p.Payload) > MaxPayload {
		return
	}
	at, ok := b.place(p.Timestamp)
	if !ok {
		b.Late.Add(1)
		return
	}
	b.delays.add(b.now - at)
	b.measure(at)
	if b.filled && at < b.next-b.samples(overlap) {
		b.Late.Add(1)
		return
	}
	b.insert(at, p)
}

// place unwraps a timestamp. A timestamp far from where it should be is a
// stray at first; a second one that follows it means that the sender has begun
// anew.
func (b *Buffer) place(stamp uint32) (at int64, ok bool) {
	limit := int64(jump) * int64(b.rate) / int64(time.Second)
	if b.running {
		at = b.lastAt + int64(int32(stamp-b.lastStamp))*b.perTick
		expected := b.now - b.delays.needed()
		if off := at - expected; off < limit && off > -limit {
			b.lastStamp, b.lastAt, b.strayed = stamp, at, false
			return at, true
		}
		follows := b.strayed && abs(int64(int32(stamp-b.strayedAt)))*b.perTick < limit
		b.strayed, b.strayedAt = true, stamp
		if !follows {
			return 0, false
		}
		b.Reset()
	}
	b.running = true
	b.lastStamp, b.lastAt = stamp, b.now
	return b.now, true
}

// measure follows the depth for the statistics.
func (b *Buffer) measure(at int64) {
	length := int64(len(b.pcm))
	depth := length
	if b.filled {
		playing := b.next + b.made - int64(len(b.ready))
		depth = max(0, at+length-playing)
	}
	old := b.Depth.Load()
	b.Depth.Store(old + (depth-old)/8)
}

// insert puts a packet in its place in line. When all slots are taken, nobody
// has pulled for long, and the oldest goes.
func (b *Buffer) insert(at int64, p Packet) {
	if b.count == slots {
		b.drop()
	}
	i := b.count
	for i > 0 && b.waiting[i-1].at >= at {
		i--
	}
	if i < b.count && b.waiting[i].at == at {
		return // a duplicate
	}
	s := b.waiting[b.count]
	copy(b.waiting[i+1:b.count+1], b.waiting[i:b.count])
	b.waiting[i] = s
	b.count++
	s.at, s.payloadType = at, p.PayloadType
	s.length = copy(s.payload[:], p.Payload)
}

// drop removes the first packet in line; its slot goes to the end.
func (b *Buffer) drop() {
	s := b.waiting[0]
	copy(b.waiting[:b.count-1], b.waiting[1:b.count])
	b.count--
	b.waiting[b.count] = s
}

func abs(x int64) int64 { return max(x, -x) }
