package stream

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestReportsKeepTheirTime: a call of two reports each 5 s on average, spread by
// half; the first sooner (RFC 3550 section 6.2 and 6.3).
func TestReportsKeepTheirTime(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	c := newSchedule(r.Float64)
	now := time.Second
	c.begin(now, 150)
	if first := c.next - now; first < 1020*time.Millisecond || first > 3080*time.Millisecond {
		t.Errorf("first after %v", first)
	}
	last, sum, count := now, time.Duration(0), 0
	for at := c.next; count < 4000; {
		now = at
		c.heard(7, now, true)
		c.weSent = true
		report, next := c.expired(now)
		if next <= now {
			t.Fatalf("asks again at %v, now is %v", next, now)
		}
		at = next
		if !report {
			continue
		}
		if gap := now - last; count > 0 && (gap < 2*time.Second || gap > 7500*time.Millisecond) {
			t.Fatalf("report after %v", gap)
		}
		sum += now - last
		last = now
		count++
	}
	if mean := sum / time.Duration(count); mean < 4700*time.Millisecond || mean > 5300*time.Millisecond {
		t.Errorf("mean %v, want about 5 s", mean)
	}
}

// TestManyMembersShareTheBandwidth: what all of them say stays a twentieth of the
// session's bandwidth, and when they leave the next report comes sooner.
func TestManyMembersShareTheBandwidth(t *testing.T) {
	c := newSchedule(func() float64 { return 0.5 })
	c.bandwidth = 2000
	now := time.Second
	c.begin(now, 200)
	c.reported = true
	for i := range maxMembers + 30 {
		c.heard(uint32(i), now, false)
	}
	// 65 who listen: 200 octets * 65 / (2000 * 0.05 * 0.75)
	want := 200 * 65 * time.Second / 75
	if got := c.mean(now); got < want-time.Second || got > want+time.Second {
		t.Errorf("interval %v, want %v", got, want)
	}
	if report, _ := c.expired(now + 3*time.Second); report {
		t.Error("the timer was not reconsidered")
	}
	before := c.next
	for i := range maxMembers - 1 {
		c.left(uint32(i), now+4*time.Second)
	}
	if c.next >= before || c.next > now+20*time.Second {
		t.Errorf("next %v, was %v", c.next, before)
	}
	c.left(12345, now) // nobody knows him
	if c.forget(now + 10*time.Minute); len(c.peers) != 0 {
		t.Errorf("%d members are left", len(c.peers))
	}
}
