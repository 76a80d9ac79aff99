package discovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"deskset/provisioning/link"
)

// Times of the announcements.
const (
	// cdpInterval and cdpHold are what all of CDP's speakers use.
	cdpInterval = 60 * time.Second
	cdpHold     = 180

	// lldpInterval is msgTxInterval (IEEE 802.1AB-2016, 9.2.5.7) and lldpHold
	// four of it and a second (msgTxHold, 9.2.5.6, 9.2.5.22).
	lldpInterval = 30 * time.Second
	lldpHold     = 121

	// fastInterval and fastCount are the fast start (ANSI/TIA-1057, 11.2.1,
	// medFastStartRepeatCount); the trigger of CDP is repeated as often.
	fastInterval = time.Second
	fastCount    = 4

	// slowest is the longest pause between two questions of Find.
	slowest = 16 * time.Second

	// defaultListen is for Options.Listen of 0: six questions.
	defaultListen = 10 * time.Second
)

// Speaker is the phone's side of CDP and LLDP-MED. Find and Announce may follow
// each other, in this order and not at the same time; Announce goes on from what Find has heard.
type Speaker struct {
	who Identity
	o   Options

	mu    sync.Mutex
	table neighbors
	told  Neighbor // what the caller knows
}

// NewSpeaker gives a Speaker that announces who. With neither CDP nor LLDP in
// the options Find fails at once and Announce does nothing.
func NewSpeaker(who Identity, o Options) *Speaker {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Listen <= 0 {
		o.Listen = defaultListen
	}
	return &Speaker{who: who, o: o}
}

// Find announces the phone, asks for the voice VLAN (with CDP's trigger) and
// waits for the first switch that names one: at once, after 1, 2 and 3 seconds,
// and then with longer and longer pauses until Options.Listen is over. Frames
// that make no sense are passed over. A switch that speaks but names no VLAN
// gives a Neighbor with VLAN 0 when the time is over. Its error is
// ErrNoNeighbor, ctx's or the wire's.
func (s *Speaker) Find(ctx context.Context, wire link.Wire) (Neighbor, error) {
	s.mu.Lock()
	s.table, s.told = neighbors{}, Neighbor{}
	s.mu.Unlock()
	if !s.o.CDP && !s.o.LLDP {
		return Neighbor{}, fmt.Errorf("%w: neither CDP nor LLDP is on", ErrNoNeighbor)
	}
	end := time.Now().Add(s.o.Listen)
	pause := fastInterval
	var unsent error
	for count := 1; ; count++ {
		if err := s.send(wire, s.who, s.o.CDP, s.o.LLDP); errors.Is(err, link.ErrClosed) {
			return Neighbor{}, err
		} else if err != nil {
			unsent = err
		}
		if count >= fastCount {
			pause = min(2*pause, slowest)
		}
		until := time.Now().Add(pause)
		if until.After(end) {
			until = end
		}
		err := s.listen(ctx, wire, until, func(Protocol, bool) bool { return s.best().VLAN != 0 })
		n := s.best()
		switch {
		case err != nil:
			return Neighbor{}, err
		case n.VLAN == 0 && time.Now().Before(end):
			continue
		case n.Protocol == None && unsent != nil:
			return Neighbor{}, fmt.Errorf("%w, nor could it be asked: %w", ErrNoNeighbor, unsent)
		case n.Protocol == None:
			return Neighbor{}, fmt.Errorf("%w within %v", ErrNoNeighbor, s.o.Listen)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = n
		return n, nil
	}
}

// Announce repeats the announcements (60 s CDP, 30 s LLDP) until ctx ends, and
// tells of each change of what the switch says. It begins at once, and goes
// through LLDP-MED's fast start when it hears a new switch. A switch that falls
// silent is forgotten, but not told of: there is nothing better to do than to
// stay. At the end it takes the phone's LLDP announcement back.
func (s *Speaker) Announce(ctx context.Context, wire link.Wire, who func() Identity, changed func(Neighbor)) {
	cdp := turn{on: s.o.CDP, interval: cdpInterval, next: time.Now()}
	lldp := turn{on: s.o.LLDP, interval: lldpInterval, next: time.Now()}
	if !cdp.on && !lldp.on {
		return
	}
	for {
		now := time.Now()
		if err := s.send(wire, who(), cdp.due(now), lldp.due(now)); errors.Is(err, link.ErrClosed) {
			return
		}
		until := cdp.next
		if !cdp.on || lldp.on && lldp.next.Before(until) {
			until = lldp.next
		}
		err := s.listen(ctx, wire, until, func(by Protocol, fresh bool) bool {
			s.tell(s.best(), changed)
			if fresh && by == LLDPMED {
				lldp.fast()
			}
			return fresh
		})
		if err != nil {
			break
		}
	}
	if lldp.on {
		s.withdraw(wire, who())
	}
}

// turn is when the next announcement of a protocol is due.
type turn struct {
	on       bool
	interval time.Duration
	next     time.Time
	quick    int // announcements left of the fast start
}

// due tells whether it is time, and if so sets the next time.
func (t *turn) due(now time.Time) bool {
	if !t.on || now.Before(t.next) {
		return false
	}
	t.next = now.Add(t.interval)
	if t.quick--; t.quick > 0 {
		t.next = now.Add(fastInterval)
	}
	return true
}

// fast begins a fast start, unless one is under way.
func (t *turn) fast() {
	if t.on && t.quick <= 0 {
		t.quick, t.next = fastCount, time.Now()
	}
}

// listen takes frames in until the time is over or enough, which is called with
// what hear gives for each message of a switch, is true. The error is ctx's or
// the wire's.
func (s *Speaker) listen(ctx context.Context, wire link.Wire, until time.Time, enough func(Protocol, bool) bool) error {
	wait, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	for {
		frame, err := wire.Receive(wait)
		switch {
		case err == nil: // even if the time is over since: the frame is there
			if by, fresh := s.hear(frame, wire); by != None && enough(by, fresh) {
				return nil
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case wait.Err() != nil:
			return nil
		default:
			return err
		}
	}
}

// tell gives the caller news.
func (s *Speaker) tell(n Neighbor, changed func(Neighbor)) {
	s.mu.Lock()
	news := n.Protocol != None && n != s.told
	if news {
		s.told = n
	}
	s.mu.Unlock()
	if news {
		changed(n)
	}
}

func (s *Speaker) best() Neighbor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.best(time.Now())
}
