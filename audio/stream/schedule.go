package stream

import "time"

// Times and shares of RTCP (RFC 3550 section 6.2 and 6.3.1).
const (
	minReportTime = 5 * time.Second
	// controlShare of the bandwidth of a session is for RTCP, senderShare of that
	// for those who send.
	controlShare = 0.05
	senderShare  = 0.25
	// compensation for what timer reconsideration converges to: e - 3/2.
	compensation = 1.21828
	// silentReports is after how many intervals a member that is not heard is one
	// no more (section 6.3.5), or a sender (section 6.3.2).
	silentReports = 5
	silentSender  = 2
)

// maxMembers bounds whom we believe to be there: a call has one peer, a
// mixer few.
const maxMembers = 64

// schedule decides when to report (RFC 3550 section 6.3 and appendix A.7). Times
// are those of the stream's clock.
type schedule struct {
	random func() float64 // 0 to 1

	bandwidth float64 // of the session, octets per second
	last      time.Duration
	next      time.Duration
	members   int // with us, at the last reconsideration
	average   float64
	reported  bool

	peers  map[uint32]*peerTimes
	weSent bool
}

// peerTimes is when a member was last heard: at all, and by RTP.
type peerTimes struct{ heard, sent time.Duration }

func newSchedule(random func() float64) schedule {
	return schedule{random: random, members: 1, peers: map[uint32]*peerTimes{}, bandwidth: 8000}
}

// begin joins the session; size is what our first report will be about.
func (c *schedule) begin(now time.Duration, size int) {
	c.average = float64(size)
	c.last = now
	c.next = now + c.interval(now)
}

// heard takes note of a member, by RTP or RTCP.
func (c *schedule) heard(ssrc uint32, now time.Duration, byRTP bool) {
	p := c.peers[ssrc]
	if p == nil {
		if len(c.peers) == maxMembers {
			return
		}
		p = &peerTimes{}
		c.peers[ssrc] = p
	}
	p.heard = now
	if byRTP {
		p.sent = now
	}
}

// passed follows the mean size of compound packets, with all headers (section
// 6.3.3).
func (c *schedule) passed(size int) {
	c.average += (float64(size) - c.average) / 16
}

// left is a member's BYE: those who stay report sooner (section 6.3.4, reverse
// reconsideration).
func (c *schedule) left(ssrc uint32, now time.Duration) {
	if c.peers[ssrc] == nil {
		return
	}
	delete(c.peers, ssrc)
	members := len(c.peers) + 1
	if members >= c.members {
		return
	}
	part := float64(members) / float64(c.members)
	c.next = now + time.Duration(part*float64(c.next-now))
	c.last = now - time.Duration(part*float64(now-c.last))
	c.members = members
}

// expired is asked when the time has come: whether to report now, and when to
// ask again (section 6.3.6, timer reconsideration).
func (c *schedule) expired(now time.Duration) (report bool, next time.Duration) {
	c.forget(now)
	c.next = c.last + c.interval(now)
	report = c.next <= now
	if report {
		c.last = now
		c.reported = true
		c.next = now + c.interval(now)
	}
	c.members = len(c.peers) + 1
	return report, c.next
}

// forget drops members that have been silent for long.
func (c *schedule) forget(now time.Duration) {
	limit := silentReports * c.mean(now)
	for ssrc, p := range c.peers {
		if now-p.heard > limit {
			delete(c.peers, ssrc)
		}
	}
}

// interval is mean, spread so that reports of many never fall together.
func (c *schedule) interval(now time.Duration) time.Duration {
	return time.Duration(float64(c.mean(now)) * (c.random() + 0.5) / compensation)
}

// mean is the deterministic interval: no more than a share of the bandwidth for
// all, and 5 s at least, 2.5 s before the first report.
func (c *schedule) mean(now time.Duration) time.Duration {
	least := minReportTime
	if !c.reported {
		least /= 2
	}
	members, senders := len(c.peers)+1, 0
	for _, p := range c.peers {
		if p.sent != 0 && now-p.sent < silentSender*minReportTime {
			senders++
		}
	}
	if c.weSent {
		senders++
	}
	bandwidth := c.bandwidth * controlShare
	if float64(senders) <= float64(members)*senderShare {
		if c.weSent {
			members, bandwidth = senders, bandwidth*senderShare
		} else {
			members, bandwidth = members-senders, bandwidth*(1-senderShare)
		}
	}
	mean := time.Duration(c.average * float64(members) / bandwidth * float64(time.Second))
	return max(mean, least)
}
