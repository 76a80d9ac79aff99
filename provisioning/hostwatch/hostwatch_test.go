package hostwatch

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host is a machine in virtual time.
type host struct {
	mu    sync.Mutex
	sleep time.Duration
	net   Network
	looks int
	poke  func()
	deaf  bool // the system does not tell of changes
}

func (h *host) slept() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.sleep
	h.sleep = 0
	return d
}

func (h *host) network() Network {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.looks++
	return h.net
}

func (h *host) changes(ctx context.Context, poke func()) error {
	if h.deaf {
		return errors.New("no netlink here")
	}
	h.mu.Lock()
	h.poke = poke
	h.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// falls asleep for a time.
func (h *host) falls(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sleep += d
}

// has is given an address, in a message of the kernel.
func (h *host) has(prefix string) {
	h.mu.Lock()
	h.net = Network{Interface: "eth0"}
	if prefix != "" {
		h.net.Prefix = netip.MustParsePrefix(prefix)
	}
	poke := h.poke
	h.mu.Unlock()
	if poke != nil {
		poke()
	}
}

// on runs a test with a watch over a host; events come with the time since the
// start.
func on(t *testing.T, h *host, f func(events func() []told)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		var mu sync.Mutex
		var all []told
		start := time.Now()
		h.has("192.0.2.44/24")
		done := make(chan struct{})
		go func() {
			defer close(done)
			watcher{slog.New(slog.DiscardHandler), h.slept, h.network, h.changes}.run(ctx, func(e Event) {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, told{time.Since(start), e})
			})
		}()
		synctest.Wait()
		f(func() []told {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return all
		})
		cancel()
		<-done
	})
}

type told struct {
	at time.Duration
	Event
}

func TestNothingIsToldOfAHostThatStaysAwakeAndAtItsPlace(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		for range 100 {
			time.Sleep(30 * time.Second)
			h.falls(4 * time.Second) // a busy machine
			h.has("192.0.2.44/24")   // a message about something else
		}
		if got := events(); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestSleepIsToldWithinTwoSecondsOfWaking(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		time.Sleep(10*time.Second + 300*time.Millisecond)
		h.falls(8 * time.Hour)
		time.Sleep(2 * time.Second)
		got := events()
		if len(got) != 1 || got[0].at != 11500*time.Millisecond || got[0].Kind != Resumed || got[0].Asleep != 8*time.Hour {
			t.Errorf("%+v", got)
		}
	})
}

func TestChangesAreToldOnceWhenTheyHaveSettled(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		time.Sleep(10 * time.Second)
		for _, prefix := range []string{"", "", "198.51.100.7/24"} { // six messages, 200 ms apart
			h.has(prefix)
			time.Sleep(200 * time.Millisecond)
			h.has(prefix)
			time.Sleep(200 * time.Millisecond)
		}
		time.Sleep(time.Second)
		got := events()
		if len(got) != 1 || got[0].at != 11500*time.Millisecond || got[0].Kind != Changed ||
			got[0].Before.Prefix.String() != "192.0.2.44/24" || got[0].Now.Prefix.String() != "198.51.100.7/24" {
			t.Errorf("%+v", got)
		}
	})
}

func TestLossAndReturnOfTheNetworkAreBothTold(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		h.has("")
		time.Sleep(time.Minute)
		h.has("192.0.2.44/24")
		time.Sleep(time.Minute)
		got := events()
		if len(got) != 2 || got[0].Now.Prefix.IsValid() || !got[1].Now.Prefix.IsValid() {
			t.Errorf("%+v", got)
		}
	})
}

func TestSleepAndANewNetworkAreOneEvent(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		time.Sleep(10 * time.Second)
		h.falls(time.Hour)
		h.has("198.51.100.7/24")
		time.Sleep(900 * time.Millisecond)
		h.falls(0)
		time.Sleep(3 * time.Second)
		kinds := Kind(0)
		for _, e := range events() {
			kinds |= e.Kind
		}
		if kinds != Resumed|Changed || len(events()) > 2 {
			t.Errorf("%+v", events())
		}
	})
}

func TestNetworkThatNeverIsQuietIsLookedAtAllTheSame(t *testing.T) {
	h := &host{}
	on(t, h, func(events func() []told) {
		h.has("198.51.100.7/24")
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			h.has("198.51.100.7/24")
		}
		got := events()
		if len(got) != 1 || got[0].at > maxSettle+time.Second {
			t.Errorf("%+v", got)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.looks > 5 {
			t.Errorf("the network was looked at %d times in 10 s of messages", h.looks)
		}
	})
}

func TestSystemThatDoesNotTellIsAskedEveryTwoSeconds(t *testing.T) {
	h := &host{deaf: true}
	on(t, h, func(events func() []told) {
		time.Sleep(9 * time.Second)
		h.has("198.51.100.7/24")
		time.Sleep(2 * time.Second)
		got := events()
		if len(got) != 1 || got[0].at != 10500*time.Millisecond {
			t.Errorf("%+v", got)
		}
	})
}

func TestThisMachineCanBeWatched(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	defer cancel()
	Watch(ctx, nil, func(e Event) { t.Logf("%+v", e) })
	if meter := newSleepMeter(); meter() > leastSleep {
		t.Error("the clocks of this machine drift apart")
	}
}
