package trace

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"deskset/audio"
)

const (
	// maxFile bounds the file of one run, in bytes, for text and pcapng alike.
	maxFile = 64 << 20
	// queueRecords and queueBytes bound what waits for the file.
	queueRecords = 1024
	queueBytes   = 8 << 20
	// visitTime is how often the voice is written down.
	visitTime = 50 * time.Millisecond
	// closeTime bounds how long the last packets may take.
	closeTime = 2 * time.Second
	// reserve is room for the last words of a file.
	reserve = 4 << 10
)

// capture is a pcapng file and the goroutine that writes it. Whoever has a
// packet to tell leaves it in the queue or, if it is voice, in the ring, and
// never waits.
type capture struct {
	file    *os.File
	log     *slog.Logger
	began   time.Time
	digits  bool
	voice   *ring
	queue   chan *record
	queued  atomic.Int64 // bytes
	dropped atomic.Uint64
	closing chan struct{}
	ended   chan struct{}

	// Of the writing goroutine.
	max        int
	batch      []*record
	buf        []byte
	interfaces []pipe
	written    int
	full       bool
	err        error
	shift      time.Duration // of the clock; see wall
	last       int64
	told       uint64 // dropped packets
	locals     locals
}

// pipe is an interface of the file.
type pipe struct {
	link    uint16
	name    string
	packets uint64
}

const about = "What Deskset itself sent and received. Headers of IP and UDP are made up from addresses and ports; " +
	"messages inside TCP or TLS are exported PDUs. Passwords, proofs of passwords and, unless asked for, dialled digits are masked."

// openCapture begins a file, in place of what was there.
func openCapture(path string, o Options) (*capture, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace file: %w; name another with -trace FILE", err)
	}
	c := &capture{
		file: f, log: o.Log, began: time.Now(), digits: o.Digits, max: cmp.Or(o.max, maxFile),
		voice: newRing(), queue: make(chan *record, queueRecords),
		closing: make(chan struct{}), ended: make(chan struct{}),
	}
	c.buf = appendSection(nil, o.Program, runtime.GOOS+"/"+runtime.GOARCH, about)
	if c.write(); c.err != nil {
		_ = f.Close()
		return nil, c.err
	}
	go c.run()
	return c, nil
}

// now is the time since the trace began.
func (c *capture) now() time.Duration { return time.Since(c.began) }

// tell leaves a packet for the file. It may be called from any goroutine, also
// after Close.
func (c *capture) tell(r *record) {
	r.at = c.now()
	size := r.size()
	if c.queued.Add(size) <= queueBytes {
		select {
		case c.queue <- r:
			return
		default:
		}
	}
	c.queued.Add(-size)
	c.dropped.Add(1)
}

// run is the writing goroutine.
func (c *capture) run() {
	defer close(c.ended)
	visit := time.NewTicker(visitTime)
	defer visit.Stop()
	for {
		select {
		case r := <-c.queue:
			c.batch = append(c.batch, r)
			c.collect()
		case <-visit.C:
			c.collect()
		case <-c.closing:
			c.collect()
			c.finish()
			return
		}
	}
}

// collect writes all that is there, in the order of time.
func (c *capture) collect() {
	for more := true; more && len(c.batch) < queueRecords; {
		select {
		case r := <-c.queue:
			c.batch = append(c.batch, r)
		default:
			more = false
		}
	}
	for n := 0; n < ringSlots && c.voice.take(c.addVoice); n++ {
	}
	if len(c.batch) == 0 && c.lost() == c.told {
		return
	}
	slices.SortStableFunc(c.batch, func(a, b *record) int { return cmp.Compare(a.at, b.at) })
	c.follow()
	for _, r := range c.batch {
		if r.place != onVoice {
			c.queued.Add(-r.size())
		}
		c.add(r)
	}
	clear(c.batch)
	c.batch = c.batch[:0]
	c.tellDrops()
	c.write()
}

func (c *capture) addVoice(at time.Duration, p audio.Packet) {
	c.batch = append(c.batch, voiceRecord(at, p, c.digits))
}

func (c *capture) lost() uint64 { return c.dropped.Load() + c.voice.dropped.Load() }

// tellDrops notes what was lost since the last time.
func (c *capture) tellDrops() {
	if lost := c.lost(); lost != c.told {
		c.add(c.note(fmt.Sprintf("%d packets are missing here: the file could not be written as fast as they came", lost-c.told)))
		c.told = lost
	}
}

// note is a line of our own among the packets, as a syslog message (RFC 3164;
// 14 is "user-level, informational").
func (c *capture) note(text string) *record {
	return &record{at: c.now(), place: onPDU, name: "syslog", data: []byte("<14>deskset: " + text), comment: text}
}

// add puts a packet into the buffer.
func (c *capture) add(r *record) {
	if c.full || c.err != nil {
		return
	}
	size, interfaces := len(c.buf), len(c.interfaces)
	p := c.append(r)
	if p == nil {
		return
	}
	if c.written+len(c.buf) > c.max-reserve {
		c.buf, c.interfaces = c.buf[:size], c.interfaces[:interfaces]
		c.full = true
		p = c.append(c.note(fmt.Sprintf("the trace ends here: it may have %d bytes", c.max)))
	}
	p.packets++
}

// append gives the interface that the packet belongs to; nil for what cannot be
// told.
func (c *capture) append(r *record) *pipe {
	var direction uint32
	switch {
	case r.name == "syslog":
	case r.out:
		direction = directionOut
	default:
		direction = directionIn
	}
	if r.local.IsValid() || r.remote.IsValid() {
		c.locate(r)
	}
	if (r.place == onUDP || r.place == onVoice) && !fitsIP(r) {
		if r.place == onVoice {
			return nil
		}
		r.place = onPDU
	}
	var data []byte
	var p *pipe
	var n int
	switch r.place {
	case onLink:
		n, p = c.pipe(linkEthernet, r.name, "Ethernet port of the phone")
		data = r.data
	case onPDU:
		n, p = c.pipe(linkPDU, "messages", "messages, taken out of TCP or TLS, or of a port that is not their own")
		data = appendPDU(nil, r)
	default:
		n, p = c.pipe(linkRaw, "udp", "datagrams; IP and UDP headers are made up")
		data = appendIP(nil, r)
	}
	length := len(data) + r.wireLength() - len(r.data)
	if len(data) > snapLength {
		data = data[:snapLength]
	}
	c.buf = appendPacket(c.buf, uint32(n), c.wall(r.at), data, length, direction, r.comment)
	return p
}

// pipe finds an interface or begins it.
func (c *capture) pipe(link uint16, name, description string) (int, *pipe) {
	i := slices.IndexFunc(c.interfaces, func(p pipe) bool { return p.link == link && p.name == name })
	if i < 0 {
		i = len(c.interfaces)
		c.interfaces = append(c.interfaces, pipe{link: link, name: name})
		c.buf = appendInterface(c.buf, link, name, description)
	}
	return i, &c.interfaces[i]
}

// follow catches up with a wall clock that is ahead: the clock that we measure
// with stands still while the computer sleeps. One that was set back is not
// followed, since time in a file only goes on.
func (c *capture) follow() {
	if ahead := time.Duration(time.Now().UnixNano() - c.reading(c.now())); ahead > time.Second {
		c.shift += ahead
	}
}

func (c *capture) reading(at time.Duration) int64 { return c.began.UnixNano() + int64(at+c.shift) }

// wall is the time in the file, in nanoseconds since 1970. It never goes back.
func (c *capture) wall(at time.Duration) int64 {
	c.last = max(c.last, c.reading(at))
	return c.last
}

// write gives the buffer to the file, whole blocks at once, so that a phone
// that is killed leaves a file that can be read.
func (c *capture) write() {
	if len(c.buf) == 0 || c.err != nil {
		return
	}
	n, err := c.file.Write(c.buf)
	c.buf = c.buf[:0]
	if err == nil {
		c.written += n
		return
	}
	c.err = fmt.Errorf("trace file: %w; the trace has ended", err)
	c.log.Error("trace", "error", c.err)
	_ = c.file.Truncate(int64(c.written)) // no half block, where that can be helped
}

// finish closes the interfaces with their counts.
func (c *capture) finish() {
	for i, p := range c.interfaces {
		var drops uint64
		if i == 0 {
			drops = c.lost()
		}
		if c.err == nil {
			c.buf = appendStatistics(c.buf, uint32(i), c.wall(c.now()), p.packets, drops, "")
		}
	}
	c.write()
}

// Close writes what is left.
func (c *capture) Close() error {
	// A pipe that nobody reads must not keep us; ordinary files know no
	// deadline and need none.
	_ = c.file.SetWriteDeadline(time.Now().Add(closeTime))
	close(c.closing)
	<-c.ended
	return errors.Join(c.err, c.file.Close())
}
