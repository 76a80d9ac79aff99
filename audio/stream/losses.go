package stream

import "sync"

// gmin is how many packets in a row must be good to end a burst of losses (RFC
// 3611 section 4.7.2, the value it recommends).
const gmin = 16

// patience is how long, in packets, one that is missing may still come before it
// counts as lost in bursts and gaps.
const patience = 32

// losses follows how packets are lost or thrown away: in bursts, or one here and
// there in the gaps between them. It is written by the receiving goroutine.
type losses struct {
	mu sync.Mutex
	tally

	// Of the receiving goroutine: bit i is the packet highest-i.
	tooLate uint64
	pending int // packets that are not judged yet, those of seen
}

// tally of packets that were judged, in their order.
type tally struct {
	total, lost, discarded uint64
	// runs of bad packets: one or more in a row.
	runs uint64

	// Bursts that are over. What is in none is in the gaps.
	bursts, burstPackets, burstBad uint64
	gaps                           uint64
	burstEnd                       uint64 // place behind the last burst

	// The group of bad packets that may become a burst.
	groupBad, groupBegin, groupEnd uint64 // places of its first bad packet and behind its last
}

// begin starts anew with the first packet of a source.
func (l *losses) begin() {
	l.mu.Lock()
	l.tally = tally{}
	l.mu.Unlock()
	l.tooLate, l.pending = 0, 1
}

// advance makes room for so many packets; seen is which of the last 64 have come,
// before that.
func (l *losses) advance(seen uint64, step int) {
	l.mu.Lock()
	for range step {
		if l.pending++; l.pending > patience {
			l.pending--
			const oldest = 1 << (patience - 1)
			l.judge(seen&oldest != 0, l.tooLate&oldest != 0)
		}
		seen <<= 1
		l.tooLate <<= 1
	}
	l.mu.Unlock()
}

// late tells that n of the packets that came last were thrown away.
func (l *losses) late(seen uint64, n uint64) {
	for i := 0; n > 0 && i < patience; i++ {
		if bit := uint64(1) << i; seen&bit != 0 && l.tooLate&bit == 0 {
			l.tooLate |= bit
			n--
		}
	}
}

// read gives what was judged so far.
func (l *losses) read() tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally
}

// judge takes the next packet in order.
func (t *tally) judge(came, discarded bool) {
	place := t.total
	t.total++
	switch {
	case !came:
		t.lost++
	case discarded:
		t.discarded++
	default:
		if t.groupBad > 0 && t.total-t.groupEnd >= gmin {
			t.close()
		}
		return
	}
	if t.groupBad == 0 {
		t.groupBegin = place
	}
	if t.groupBad == 0 || t.groupEnd != place {
		t.runs++
	}
	t.groupBad++
	t.groupEnd = t.total
}

// close ends a group: two bad packets or more are a burst, a single one is part
// of the gap around it.
func (t *tally) close() {
	if t.groupBad > 1 {
		if t.groupBegin > t.burstEnd {
			t.gaps++
		}
		t.bursts++
		t.burstPackets += t.groupEnd - t.groupBegin
		t.burstBad += t.groupBad
		t.burstEnd = t.groupEnd
	}
	t.groupBad = 0
}

// pattern is the tally as RFC 3611 section 4.7.2 reports it, as if good packets
// followed.
type pattern struct {
	burstDensity, gapDensity float64 // share of bad packets, 0 to 1
	burstMean, gapMean       float64 // packets
	// ratio of the mean run of bad packets to that of the same loss at random
	// (ITU-T G.107 section 7.5).
	ratio float64
}

func (t tally) pattern() (p pattern) {
	bad := t.lost + t.discarded
	t.close()
	if t.total > t.burstEnd {
		t.gaps++
	}
	p.burstDensity = ratio(t.burstBad, t.burstPackets)
	p.burstMean = ratio(t.burstPackets, t.bursts)
	p.gapDensity = ratio(bad-t.burstBad, t.total-t.burstPackets)
	p.gapMean = ratio(t.total-t.burstPackets, t.gaps)
	p.ratio = max(1, ratio(bad, t.runs)*(1-ratio(bad, t.total)))
	return p
}

func ratio(a, b uint64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
