package jitter

import "slices"

// window is how many packets the delay looks back on at most: 5 s at 10 ms.
// Those older than that are forgotten, but not the last few: what was learned
// before a silence of the sender is worth more than nothing.
const (
	window = 512
	few    = 100
)

// latePerMille is the share of packets that may come too late.
const latePerMille = 30

// lately is how many packets tell what the network does now.
const lately = 8

// delays keeps how late the last packets were, relative to their timestamps,
// in samples, both in order of arrival and sorted.
type delays struct {
	recent [window]struct{ late, at int64 }
	sorted [window]int64
	count  int
	next   int
}

// add takes up a packet that came now; those older than age are forgotten.
func (d *delays) add(late, now, age int64) {
	for d.count == window || d.count > few && d.oldest().at < now-age {
		i, _ := slices.BinarySearch(d.sorted[:d.count], d.oldest().late)
		copy(d.sorted[i:d.count-1], d.sorted[i+1:d.count])
		d.count--
	}
	i, _ := slices.BinarySearch(d.sorted[:d.count], late)
	copy(d.sorted[i+1:d.count+1], d.sorted[i:d.count])
	d.sorted[i] = late
	d.count++
	d.recent[d.next].late, d.recent[d.next].at = late, now
	d.next = (d.next + 1) % window
}

func (d *delays) oldest() struct{ late, at int64 } {
	return d.recent[(d.next-d.count+window)%window]
}

// needed is the lateness that all but a few packets keep; with few packets
// known it is the worst.
func (d *delays) needed() int64 {
	if d.count == 0 {
		return 0
	}
	return d.sorted[d.count-1-d.count*latePerMille/1000]
}

// least is the lateness of the fastest packet.
func (d *delays) least() int64 { return d.sorted[0] }

// worst is that of the slowest of the last packets.
func (d *delays) worst() int64 {
	worst := d.least()
	for i := range min(lately, d.count) {
		worst = max(worst, d.recent[(d.next-1-i+window)%window].late)
	}
	return worst
}

func (d *delays) reset() { d.count, d.next = 0, 0 }
