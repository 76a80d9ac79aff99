package jitter

import (
	"sync/atomic"
	"time"

	"deskset/audio/codec"
)

// MaxPayload is the longest payload that the buffer takes, in bytes.
const MaxPayload = 1460

// maxSamples is the longest voice of one packet: G.729, eight samples a byte.
const maxSamples = 8 * MaxPayload

// slots bounds how many packets wait: 1.28 s at 20 ms.
const slots = 64

// maxDelay bounds how long a packet may be made to wait; what needs more is
// left to be late.
const maxDelay = 500 * time.Millisecond

// jump is a step of timestamps, or a silence of the network, after which
// nothing old matters.
const jump = time.Second

// standstill is how late a packet that begins talk must be to show that the
// sender's timestamps stood still in its silence.
const standstill = 200 * time.Millisecond

// Packet is what the buffer must know of an RTP packet.
type Packet struct {
	Sequence    uint16
	Timestamp   uint32
	PayloadType uint8
	// Marker: talk begins here (RFC 3551 section 4.1).
	Marker  bool
	Payload []byte
}

// Decoders holds the decoder of each payload type, nil where none was agreed.
type Decoders [128]codec.Codec

// Counters tell what the buffer did. They may be read from anywhere.
type Counters struct {
	// Late packets came after their time, or nowhere near it, and were thrown
	// away.
	Late atomic.Uint64
	// Concealed samples of made-up voice, faded silence not counted. They are
	// counted when voice resumes and shows that they were not silence.
	Concealed atomic.Uint64
	// Depth is how much voice the buffer holds when a packet has come, that
	// packet included, in samples, smoothed.
	Depth atomic.Int64
}

// slot is a packet that waits.
type slot struct {
	at          int64 // media position of its first sample
	sequence    uint16
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

	arrived arrived
	delays  delays
	waiting [slots]*slot // sorted by position
	count   int

	// next is the position of the first sample that has not been decoded. In a
	// gap, made samples have been made up since it was due.
	next   int64
	filled bool // next is known
	gap    gap
	last   decoded

	conceal concealer
	seek    search
	pcm     []int16
	room    []float32
	ready   []float32 // decoded and not yet pulled, within room
}

// decoded is what is known of the packet decoded last.
type decoded struct {
	sequence uint16
	length   int64
	decoder  codec.Codec
	silent   bool // it described silence
}

// New makes a buffer for voice at rate; clock counts its timestamps, both in
// Hz.
func New(rate, clock int) *Buffer {
	b := &Buffer{
		rate:    rate,
		perTick: int64(max(1, rate/clock)),
		conceal: newConcealer(rate),
		seek:    newSearch(rate, 2*ceilMs(rate, 10)),
		pcm:     make([]int16, 0, maxSamples),
		room:    make([]float32, 2*maxSamples+rate/10),
		gap:     gap{open: true},
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
	b.arrived = arrived{}
	b.restart()
}

// restart forgets when packets came, but not which.
func (b *Buffer) restart() {
	b.running, b.strayed, b.filled = false, false, false
	b.count = 0
	b.delays.reset()
	b.open()
	b.gap.pending = 0
	b.last = decoded{}
}

// Put takes a packet that arrived since the last Pull. The payload is copied;
// one that is too long is dropped.
func (b *Buffer) Put(p Packet) {
	if len(p.Payload) == 0 || len(p.Payload) > MaxPayload || b.arrived.before(p.Sequence) {
		return
	}
	at, ok := b.place(p.Timestamp, p.Marker)
	if !ok {
		b.Late.Add(1)
		return
	}
	if p.Marker && b.gap.open && b.count == 0 && b.now-at > b.delays.needed()+b.samples(standstill) {
		b.restart()
		at, _ = b.place(p.Timestamp, p.Marker)
	}
	b.arrived.note(p.Sequence)
	b.delays.add(b.now-at, b.now, 5*int64(b.rate))
	b.measure(at)
	if b.filled && at < b.next-b.samples(overlap) {
		b.Late.Add(1)
		return
	}
	b.insert(at, p)
}

// place unwraps a timestamp. A timestamp far from where it should be is a
// stray at first; a second one that follows it, or one that begins talk after a
// silence, means that the sender has begun anew.
func (b *Buffer) place(stamp uint32, talk bool) (at int64, ok bool) {
	limit := int64(jump) * int64(b.rate) / int64(time.Second)
	if b.running {
		at = b.lastAt + int64(int32(stamp-b.lastStamp))*b.perTick
		expected := b.now - b.delays.needed()
		if off := at - expected; off < limit && off > -limit {
			b.lastStamp, b.lastAt, b.strayed = stamp, at, false
			return at, true
		}
		follows := talk && b.gap.open && b.count == 0 || b.strayed && abs(int64(int32(stamp-b.strayedAt)))*b.perTick < limit
		b.strayed, b.strayedAt = true, stamp
		if !follows {
			return 0, false
		}
		b.restart()
	}
	b.running = true
	b.lastStamp, b.lastAt = stamp, b.now
	return b.now, true
}

// measure follows the depth for the statistics.
func (b *Buffer) measure(at int64) {
	length := b.last.length
	depth := length
	if b.filled {
		playing := b.next + b.gap.made - int64(len(b.ready))
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
		return // a duplicate under another number
	}
	s := b.waiting[b.count]
	copy(b.waiting[i+1:b.count+1], b.waiting[i:b.count])
	b.waiting[i] = s
	b.count++
	s.at, s.sequence, s.payloadType = at, p.Sequence, p.PayloadType
	s.length = copy(s.payload[:], p.Payload)
}

// drop removes the first packet in line; its slot goes to the end.
func (b *Buffer) drop() {
	s := b.waiting[0]
	copy(b.waiting[:b.count-1], b.waiting[1:b.count])
	b.count--
	b.waiting[b.count] = s
}

func (b *Buffer) samples(d time.Duration) int64 {
	return int64(d) * int64(b.rate) / int64(time.Second)
}

func abs(x int64) int64 { return max(x, -x) }
