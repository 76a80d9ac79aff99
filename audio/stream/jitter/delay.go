package jitter

import "slices"

// window is how many packets the delay looks back on: 5 s at 20 ms.
const window = 256

// latePerMille is the share of packets that may come too late.
const latePerMille = 30

// delays keeps how late the last packets were, relative to their timestamps,
// in samples, both in order of arrival and sorted.
type delays struct {
	recent [window]int64
	sorted [window]int64
	count  int
	next   int
}

// add takes up a packet; the oldest is forgotten.
func (d *delays) add(late int64) {
	if d.count == window {
		i, _ := slices.BinarySearch(d.sorted[:], d.recent[d.next])
		copy(d.sorted[i:], d.sorted[i+1:])
		d.count--
	}
	i, _ := slices.BinarySearch(d.sorted[:d.count], late)
	copy(d.sorted[i+1:d.count+1], d.sorted[i:d.count])
	d.sorted[i] = late
	d.count++
	d.recent[d.next] = late
	d.next = (d.next + 1) % window
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

func (d *delays) reset() { d.count, d.next = 0, 0 }
