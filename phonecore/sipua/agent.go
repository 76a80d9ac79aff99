package sipua

import (
	"context"
	"fmt"
	"net/netip"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Limits of one agent.
const (
	// maxInflight bounds the packets that wait for the loop; more are dropped,
	// as the network may do anyway.
	maxInflight    = 512
	resolveTimeout = 10 * time.Second
	shutdownTime   = 2 * time.Second
)

// Agent is the SIP user agent of one phone. All its methods are called on the
// event loop of its owner; none blocks.
type Agent struct {
	o     Options
	tx    *transaction.Layer
	lines map[int]*line
	// leaving counts, by line, the registrations that are being taken away.
	leaving map[int]int
	calls   []*Call
	subs    []*Subscription
	prover  *digest.Guard
	// strangers are bounded; see strangers.go.
	strangers *strangers
	nat       nat

	// inAPI counts the methods of ours that the owner is in: what they cause
	// is told later, so that no handler runs inside the owner's own call.
	inAPI int

	ctx      context.Context
	stop     context.CancelFunc
	wg       sync.WaitGroup
	inflight atomic.Int32
	dropped  atomic.Uint64
	closing  bool
	closed   bool
	ended    func()   // checks whether Shutdown is complete
	gone     bool     // it is
	done     []func() // who waits for that
}

// New makes an agent and begins to receive.
func New(o Options) *Agent {
	a := &Agent{o: o.withDefaults(), lines: map[int]*line{}, leaving: map[int]int{}, prover: digest.NewGuard(), strangers: newStrangers()}
	a.ctx, a.stop = context.WithCancel(context.Background())
	a.tx = transaction.New(transaction.Config{
		Post:    a.o.Post,
		Send:    a.send,
		Local:   a.o.Transport.LocalAddr,
		Timers:  a.o.Timers.transaction(),
		Request: a.request,
		Cancel:  a.cancelled,
		Ack:     a.acked,
		Stray:   a.stray,
		Fit:     a.fit,
	})
	a.o.Transport.Start(receiver{a})
	a.explore()
	return a
}

// SetTimers changes the timers for what begins from now on.
func (a *Agent) SetTimers(t Timers) {
	a.o.Timers = t.withDefaults()
	a.tx.SetTimers(a.o.Timers.transaction())
}

// enter notes that the owner is in one of our methods; call the result at the
// end of it.
func (a *Agent) enter() (leave func()) {
	a.inAPI++
	return func() { a.inAPI-- }
}

// emit tells the handler something: at once, or after the owner's own call.
func (a *Agent) emit(f func()) {
	if a.inAPI > 0 {
		a.o.Post(f)
		return
	}
	f()
}

func (a *Agent) after(d time.Duration, f func()) *loop.Timer {
	return loop.After(a.o.Post, d, f)
}

// receiver is the agent as the transport sees it.
type receiver struct{ a *Agent }

// Receive takes a packet from any goroutine.
func (r receiver) Receive(p transport.Packet) {
	a := r.a
	left, ok := a.admit(p.From.Addr.Addr())
	if !ok {
		return
	}
	a.o.Post(func() {
		left()
		a.receive(p)
	})
}

// Closed hears that a connection has ended.
func (r receiver) Closed(to transport.Destination, err error) {
	r.a.o.Post(func() { r.a.connectionClosed(to, err) })
}

// Trouble passes a complaint of the transport on.
func (r receiver) Trouble(err error) {
	r.a.o.Post(func() {
		if !r.a.closed {
			r.a.o.Handler.Trouble(err)
		}
	})
}

func (a *Agent) connectionClosed(to transport.Destination, err error) {
	if a.closed {
		return
	}
	a.tx.Closed(to, err)
	for _, l := range a.lines {
		l.connectionClosed(to, err)
	}
}

// guard keeps a message that trips us up from taking the phone down.
func (a *Agent) guard(what string) {
	if r := recover(); r != nil {
		a.o.Log.Error("handling a SIP message panicked", "message", what, "panic", r, "stack", string(debug.Stack()))
		a.o.Handler.Trouble(fmt.Errorf("a SIP message (%s) could not be handled: %v", what, r))
	}
}

// send is the one way out.
func (a *Agent) send(to transport.Destination, m *wire.Message, failed func(error)) error {
	if a.o.Trace != nil {
		a.show("out", to, m.Encode())
	}
	return a.o.Transport.Send(to, m, failed)
}

// resolve finds the addresses of a target: f is called at once for an address
// and later for a name. It is not called any more after Shutdown.
func (a *Agent) resolve(t transport.Target, f func([]transport.Destination, error)) {
	if to, ok := transport.Literal(t); ok {
		f([]transport.Destination{to}, nil)
		return
	}
	if t.Host == "" {
		f(nil, errNoServer)
		return
	}
	a.wg.Add(1)
	go func() {
		defer a.wg.Done()
		ctx, cancel := context.WithTimeout(a.ctx, resolveTimeout)
		defer cancel()
		list, err := a.o.Resolver.Resolve(ctx, t)
		if err == nil && len(list) == 0 {
			err = fmt.Errorf("SIP server %.100q has no address", t.Host)
		}
		a.o.Post(func() {
			if !a.closed {
				f(list, err)
			}
		})
	}()
}

// Shutdown hangs up, unregisters and closes the transport; done is called on
// the loop when all that has ended, after 2 seconds at the latest. The agent
// is of no use afterwards.
func (a *Agent) Shutdown(done func()) {
	defer a.enter()()
	if a.gone {
		a.o.Post(done)
		return
	}
	a.done = append(a.done, done)
	if a.closing {
		return
	}
	a.closing = true
	for _, c := range append([]*Call(nil), a.calls...) {
		c.Hangup()
	}
	left := 1
	var limit *loop.Timer
	finish := func() {
		limit.Stop()
		a.close()
	}
	a.ended = func() {
		if left == 0 && len(a.calls) == 0 && !a.closed {
			finish()
		}
	}
	for _, s := range slices.Clone(a.subs) {
		left++
		s.leave(func() { left--; a.ended() })
	}
	for _, l := range a.lines {
		left++
		l.unregister(func() { left--; a.ended() })
	}
	limit = a.after(shutdownTime, finish)
	left--
	a.ended()
}

// close ends everything; the transport waits for its goroutines elsewhere.
func (a *Agent) close() {
	if a.closed {
		return
	}
	a.closed = true
	a.nat.stop()
	for _, l := range a.lines {
		l.stopTimers()
	}
	for _, c := range a.calls {
		c.stopTimers()
	}
	for _, s := range a.subs {
		s.stop()
	}
	a.tx.Close()
	a.stop()
	go func() {
		a.wg.Wait()
		if err := a.o.Transport.Close(); err != nil {
			a.o.Log.Debug("closing the SIP transport", "cause", err)
		}
		a.o.Post(func() {
			a.gone = true
			for _, done := range a.done {
				done()
			}
		})
	}()
}

// LocalAddr is our address towards a line's server, for SDP. It is invalid
// while nothing is known: then leave sdp.Local.Addr so, and the agent fills it
// in.
func (a *Agent) LocalAddr(line int) netip.Addr { return a.Contact(line).Addr.Addr() }

// LocalAddrTo is our address towards what would be dialled, which need not lie
// behind the line's server.
func (a *Agent) LocalAddrTo(line int, target string) netip.Addr {
	l := a.lines[line]
	if l == nil {
		return netip.Addr{}
	}
	if uri, err := l.dialled(target); err == nil {
		if to, ok := transport.Literal(l.hopFor(uri)); ok {
			if local, err := a.outside(l, to); err == nil {
				return local.Addr()
			}
		}
	}
	return a.LocalAddr(line)
}

// Contact is where a line is reached.
func (a *Agent) Contact(line int) Contact {
	to := transport.Destination{Network: transport.UDP}
	if l := a.lines[line]; l != nil {
		to = l.server().address()
	}
	local, err := a.outside(a.lines[line], to)
	if err != nil {
		return Contact{Network: to.Network}
	}
	return Contact{Network: to.Network, Addr: local}
}

// Pending is how many calls and transactions live: what a test of leaks asks.
func (a *Agent) Pending() (calls, transactions int) { return len(a.calls), a.tx.Pending() }
