package exchange

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
)

// User may register, and call.
type User struct {
	Name, Password, Display string
}

// Options make an exchange.
type Options struct {
	// Log gets one record per event, without secrets.
	Log    *slog.Logger
	Listen netip.Addr
	Realm  string
	Users  []User
	// MinExpires is the shortest registration granted; 0 means 60 s.
	MinExpires time.Duration
	// MD5Only leaves SHA-256 out of the challenges.
	MD5Only bool
	// Certificate serves TLS on the port of TCP, too; nil does not.
	Certificate *tls.Certificate
	// Fault changes how requests are treated; the zero value is health.
	Fault Fault
}

// Limits of the exchange: far above what one phone needs, far below what
// hurts the machine.
const (
	maxTransactions = 2048
	maxCalls        = 32
	maxCallTime     = 4 * time.Hour
	inboxSize       = 1024
)

// Exchange is a running exchange.
type Exchange struct {
	Options
	net   network
	inbox chan func()
	done  chan struct{}
	stop  context.CancelFunc
	ended sync.WaitGroup // the loop and the sockets' readers

	// What follows belongs to the loop.
	servers  map[string]*serverTx
	clients  map[string]*clientTx
	users    map[string]*account
	nonces   nonces
	legs     map[legID]*leg
	answers  map[*answer]struct{}
	outgoing map[*outgoing]struct{}
	watchers map[legID]*watcher
	calls    []*Call
	digits   []talk.Digit
	digitsOf *talk.Session // whose they are
	ill      time.Time     // when the fault began
	reminded *Reminder     // the one that was sent, or is on its way
}

// network is the sockets, or what a test has in their place.
type network interface {
	local() netip.AddrPort
	// send never waits.
	send(x *Exchange, to hop, data []byte) error
	close()
}

// Start binds UDP and TCP on the same free port and serves until ctx is done
// or Close.
func Start(ctx context.Context, o Options) (*Exchange, error) {
	t := &transport{}
	if err := t.open(o.Listen); err != nil {
		return nil, err
	}
	x := create(ctx, o, t)
	t.serve(x)
	return x, nil
}

// create makes the exchange and starts its loop.
func create(ctx context.Context, o Options, n network) *Exchange {
	x := &Exchange{
		Options:  o,
		net:      n,
		inbox:    make(chan func(), inboxSize),
		done:     make(chan struct{}),
		servers:  map[string]*serverTx{},
		clients:  map[string]*clientTx{},
		users:    map[string]*account{},
		legs:     map[legID]*leg{},
		answers:  map[*answer]struct{}{},
		outgoing: map[*outgoing]struct{}{},
		watchers: map[legID]*watcher{},
	}
	if x.Log == nil {
		x.Log = slog.New(slog.DiscardHandler)
	}
	if x.MinExpires == 0 {
		x.MinExpires = defaultMinExpires
	}
	for _, u := range o.Users {
		x.users[u.Name] = &account{User: u}
	}
	x.nonces.init()
	x.ill = time.Now()
	ctx, x.stop = context.WithCancel(ctx)
	x.ended.Add(1)
	go x.run(ctx)
	return x
}

// Addr is where the exchange listens, UDP and TCP alike.
func (x *Exchange) Addr() netip.AddrPort { return x.net.local() }

// Close ends all calls, closes the sockets and waits for every goroutine.
func (x *Exchange) Close() {
	x.stop()
	<-x.done
	x.ended.Wait()
}

// run is the loop that owns everything.
func (x *Exchange) run(ctx context.Context) {
	defer x.ended.Done()
	defer close(x.done)
	defer x.net.close()
	for {
		select {
		case <-ctx.Done():
			x.hangUpAll()
			return
		case f := <-x.inbox:
			x.safely(f)
		}
	}
}

// safely keeps the exchange alive whatever one message does to it.
func (x *Exchange) safely(f func()) {
	defer func() {
		if r := recover(); r != nil {
			x.Log.Error("lab: internal error, the message is dropped", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// post hands a function to the loop; false if the loop has ended. It must not
// be called from the loop.
func (x *Exchange) post(f func()) bool {
	select {
	case x.inbox <- f:
		return true
	case <-x.done:
		return false
	}
}

// tryPost is post for what a datagram brought: when the loop cannot keep up,
// it is dropped, and the sender repeats it.
func (x *Exchange) tryPost(f func()) {
	select {
	case x.inbox <- f:
	default:
	}
}

// ask runs f on the loop and waits for it; false if the exchange has ended.
func (x *Exchange) ask(f func()) bool {
	answered := make(chan struct{})
	x.post(func() { defer close(answered); f() })
	select {
	case <-answered:
		return true
	case <-x.done:
		return false
	}
}

// hangUpAll ends media and timers when the exchange closes; callers are told.
func (x *Exchange) hangUpAll() {
	for a := range x.answers {
		a.refuse(503, "Service Unavailable")
	}
	for o := range x.outgoing {
		o.giveUp("the lab is closing")
	}
	for _, l := range x.legs {
		l.bye("the lab is closing")
		l.end()
	}
	for _, w := range x.watchers {
		w.end()
	}
	for _, tx := range x.servers {
		tx.drop()
	}
	for _, tx := range x.clients {
		tx.drop()
	}
}

// uri is the exchange's own SIP URI for a number; a number is never escaped,
// the table of numbers has none that needs it.
func (x *Exchange) uri(number string) string {
	if number != "" {
		number += "@"
	}
	return "sip:" + number + x.Addr().String()
}

// ours tells whether a URI names this exchange.
func (x *Exchange) ours(u wire.URI) bool {
	self := x.Addr()
	if u.Port != 0 && u.Port != self.Port() {
		return false
	}
	if u.Host == x.Realm || u.Host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(u.Host)
	return err == nil && addr.Unmap() == self.Addr()
}

// reachable tells whether the exchange may send there. A loopback exchange
// speaks to loopback only, so that nobody can aim it at somebody else.
func (x *Exchange) reachable(to netip.AddrPort) bool {
	return to.IsValid() && to.Port() != 0 && !to.Addr().IsMulticast() && !to.Addr().IsUnspecified() &&
		to.Addr().IsLoopback() == x.Addr().Addr().IsLoopback() && to != x.Addr()
}
