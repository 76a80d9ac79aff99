package sipua

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Anybody can send us datagrams, under any address. So what comes from others
// than the lines' servers, and belongs to no call, is bounded before anything is
// remembered of it: in number for each source and for all of them, in what waits
// for the loop, and, beyond the first few, in the size of our answer, which is
// not larger than the request then: else we would be somebody's amplifier (RFC
// 3261 section 26.3.2.4 knows the attack and leaves the defence to us). Calls of
// strangers ring only on lines that no server brings calls to.

// Limits of strangers.
const (
	// maxStrangersInflight is their share of maxInflight.
	maxStrangersInflight = 64
	// maxStrangerCalls is their share of maxCalls.
	maxStrangerCalls = 4
	// calm and allCalm are how many requests, of one and of all, have answers as
	// long as they need be; those to more than that are cut down.
	calm, allCalm = 10, 50
)

// The rates: requests of one source and of all, calls of one and of all.
var (
	requestRate    = rate{every: 200 * time.Millisecond, burst: 50}
	allRequestRate = rate{every: 10 * time.Millisecond, burst: 200}
	callRate       = rate{every: 5 * time.Second, burst: 8}
	allCallRate    = rate{every: 2 * time.Second, burst: 16}
)

// rate is one request for each time, and how many may come at once.
type rate struct {
	every time.Duration
	burst int
}

// bucket is a token bucket as a time: when it will be full again (GCRA).
type bucket struct{ full time.Time }

func (b *bucket) take(r rate, now time.Time) bool {
	full := b.full
	if full.Before(now) {
		full = now
	}
	if full.Sub(now) > r.every*time.Duration(r.burst-1) {
		return false
	}
	b.full = full.Add(r.every)
	return true
}

// used is how many of a burst are gone.
func (b *bucket) used(r rate, now time.Time) int { return int(b.full.Sub(now) / r.every) }

// shelf has a bucket for every source. Its size is fixed: sources that fall
// upon the same one share it, and who sends does not know which they are.
type shelf struct {
	seed    maphash.Seed
	buckets [1024]bucket
}

func (s *shelf) of(source netip.Addr) *bucket {
	if source.Is6() { // one customer has a whole network
		source = netip.PrefixFrom(source.WithZone(""), 64).Masked().Addr()
	}
	return &s.buckets[maphash.Comparable(s.seed, source)%uint64(len(s.buckets))]
}

// strangers is what the agent keeps to bound them.
type strangers struct {
	requests, calls       shelf
	allRequests, allCalls bucket
	counts                Counts
	inflight              atomic.Int32
	// servers are the lines' addresses, for who receives, which is not the loop.
	servers atomic.Pointer[map[netip.Addr]struct{}]
	dropped atomic.Uint64
}

func newStrangers() *strangers {
	s := &strangers{}
	s.requests.seed, s.calls.seed = maphash.MakeSeed(), maphash.MakeSeed()
	s.servers.Store(&map[netip.Addr]struct{}{})
	return s
}

// Counts is what was not taken from the network.
type Counts struct {
	// Malformed could not be read; Refused are requests of strangers that were
	// turned away; Dropped had no answer, as there were too many.
	Malformed, Refused, Dropped uint64
}

// Counts since the agent was made.
func (a *Agent) Counts() Counts {
	c := a.strangers.counts
	c.Dropped += a.dropped.Load() + a.strangers.dropped.Load()
	return c
}

// SetOnlyFromServers turns strangers' calls away, or lets them ring.
func (a *Agent) SetOnlyFromServers(on bool) { a.o.OnlyFromServers = on }

// introduce tells who receives which addresses are servers'.
func (a *Agent) introduce() {
	servers := map[netip.Addr]struct{}{}
	for _, l := range a.lines {
		for _, s := range l.servers {
			for _, to := range s.inUse() {
				servers[to.Addr.Addr()] = struct{}{}
			}
		}
	}
	a.strangers.servers.Store(&servers)
}

// admit makes room for a packet before the loop has seen it; left is called
// when it has. The strangers' part is small, so that they cannot fill all.
func (a *Agent) admit(from netip.Addr) (left func(), ok bool) {
	count, most, dropped := &a.inflight, int32(maxInflight), &a.dropped
	if _, known := (*a.strangers.servers.Load())[from]; !known {
		count, most, dropped = &a.strangers.inflight, maxStrangersInflight, &a.strangers.dropped
	}
	if count.Add(1) > most {
		count.Add(-1)
		dropped.Add(1)
		return nil, false
	}
	return func() { count.Add(-1) }, true
}

// welcome decides on a request before a transaction remembers it. What belongs
// to a call or a subscription, or comes from a server, always is; of the rest
// there is only so much, and INVITE and OPTIONS are answered from here.
func (a *Agent) welcome(m *wire.Message, from transport.Destination) bool {
	if m.Method == "ACK" || !a.stranger(m, from) {
		return true // an ACK makes nothing and has no answer
	}
	now := time.Now()
	s := a.strangers
	if !s.requests.of(from.Addr.Addr()).take(requestRate, now) || !s.allRequests.take(allRequestRate, now) {
		s.counts.Dropped++
		return false
	}
	if m.Method != "INVITE" || a.tx.Known(m) {
		return true
	}
	switch {
	case m.To().Tag() != "": // of a call that is not: 481
	case !a.mayCall(m, from):
		s.counts.Refused++
		a.tx.Stateless(m, from, wire.NewResponse(m, 403, "", transaction.Token()))
		return false
	case !s.calls.of(from.Addr.Addr()).take(callRate, now), !s.allCalls.take(allCallRate, now), a.strangerCalls() >= maxStrangerCalls:
		s.counts.Dropped++
		return false
	}
	return true
}

// stranger tells a request that comes neither from a server nor within a call
// or subscription.
func (a *Agent) stranger(m *wire.Message, from transport.Destination) bool {
	if a.fromServer(from) || a.subscriptionOf(m) != nil {
		return false
	}
	c, _ := a.callOf(m)
	return c == nil
}

// mayCall tells whether a stranger's call may ring: the line that it is for has
// no server, or none that could bring it a call at present.
func (a *Agent) mayCall(m *wire.Message, from transport.Destination) bool {
	if !a.o.OnlyFromServers {
		return true
	}
	l := a.findLine(m, from)
	return l != nil && (l.target().Host == "" || l.alone())
}

// strangerCalls counts what rings by them.
func (a *Agent) strangerCalls() (n int) {
	for _, c := range a.calls {
		if c.state == CallIncoming && c.in != nil && !a.fromServer(c.in.srv.From) {
			n++
		}
	}
	return n
}

// alone tells that no server has the line, after all were asked.
func (l *line) alone() bool { return l.acc.Register && l.reg.alone }

// luxuries are what a response can do without, in the order in which they go.
var luxuries = []string{"Timestamp", "Accept-Language", "Accept-Encoding", "Supported", "Server", "Accept", "Warning", "Record-Route", "Contact", "Allow"}

// fit makes a response to a stranger who asks a lot no larger than the request
// was; nil if that cannot be. Only datagrams have senders that may be invented.
// A call that was taken by a person has its answer whole.
func (a *Agent) fit(to transport.Destination, req, res *wire.Message) *wire.Message {
	switch now, s := time.Now(), a.strangers; {
	case to.Network != transport.UDP || req.Size == 0 || res.Status/100 == 2 && req.Method == "INVITE",
		s.requests.of(to.Addr.Addr()).used(requestRate, now) <= calm && s.allRequests.used(allRequestRate, now) <= allCalm,
		!a.stranger(req, to):
		return res
	}
	size := len(res.Encode())
	if size <= req.Size {
		return res
	}
	res = res.Clone()
	size -= len(res.Body)
	if len(res.Body) > 0 {
		res.SetBody("", nil)
		size = len(res.Encode())
	}
	for _, name := range luxuries {
		if size <= req.Size {
			return res
		}
		if name == "Contact" && res.Status < 300 || strings.EqualFold(name, "Record-Route") && res.Status < 300 {
			continue // without them there is no way back
		}
		res.Header.Del(name)
		size = len(res.Encode())
	}
	if size > req.Size {
		a.strangers.counts.Dropped++
		return nil
	}
	return res
}
