package phonecore

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/directory"
	"deskset/phonecore/history"
	"deskset/phonecore/menu"
	"deskset/phonecore/services"
	"deskset/phonecore/sipua"
	"deskset/phonecore/view"
	"deskset/provisioning/netstat"
	"deskset/provisioning/param"
)

// inboxSize bounds the events that wait for the loop. The loop itself posts
// now and then (through sipua), so it must never find the inbox full: sipua
// lets only a few hundred packets of the network wait in it, and timers are
// few. What faces bring has no such bound (a script, a key that repeats on a
// slow machine) and therefore waits elsewhere: there a face may be made to
// wait, but never the loop.
const (
	inboxSize = 4096
	keysSize  = 64
)

// shutdownLimit is how long the phone may take to hang up and unregister.
const shutdownLimit = 3 * time.Second

// mode is what the phone as a whole is doing.
type mode uint8

const (
	modeOff mode = iota
	modeStarting
	modeRunning
)

// Phone is one phone. Its methods may be called from any goroutine; they put
// an event on the loop and return.
type Phone struct {
	cfg     Config
	log     *slog.Logger
	inbox   chan func()
	keys    chan func()
	running context.Context // ends with the loop
	end     context.CancelFunc
	workers sync.WaitGroup

	// What follows belongs to the loop.
	ctx         context.Context
	mode        mode
	subscribers []chan view.View
	last        view.View
	ended       bool

	startup  startup
	timeline timeline
	params   *param.Set
	stored   map[string]string
	agent    *sipua.Agent
	noSIP    string // why there is no agent, for the display
	voice    audio.Engine
	lines    [view.NumLines]lineState
	calls    call.List
	legs     map[*call.Call]*leg
	rec      recordings
	lastCall *callStatistics // of the call that ended last
	conf     conference
	xfer     transfer
	reminder reminder
	// returning is set while another call is taken back in place of one that ends.
	returning bool
	entry     entry
	hook      hook
	volumes   [audio.NumRoles]int
	saver     saver
	sounds    sounds
	contrast  int
	rings     ringChoice
	// networkRings are the names of those that RINGLIST.DAT offers, ringList
	// those on the page that was opened last.
	networkRings, ringList []string
	// language is the person's choice, empty for none; see speak.
	language string
	// features are the choices of Call Preferences by parameter.
	features map[string]bool
	// forwards is where calls go; see forwardValue.
	forwards map[string]string
	auto     autoAnswer
	// processed are the choices of Voice Processing by parameter.
	processed map[string]string
	// devices are those of Audio Devices by the name of their row.
	devices  map[string]string
	trying   trying
	edits    edits
	lock     lock
	tap      *timer // multi-tap of the editing panel
	number   itemNumber
	redial   string
	history  *history.Log
	book     *directory.Book
	web      web
	missed   int
	pages    menu.Stack
	softAt   softPlace
	softPage int
	notice   notice
	helping  bool
	down     map[view.Key]func()
	status   statusLog
	blink    blinker
	ticker   *timer
	sample   *timer
	ringing  *call.Call
	ringerOn string // the ring that sounds for a call
	beside   bool   // it sounds while another call is up
	remote   remote
	first    firstRun
	live     live
	trust    trust
	network  netStatistics
	watching bool // the host is watched
	pace     *sipua.Pace
	spare    spare
	waiting  string // a link that came during the start-up
}

// New makes a phone; Run starts it.
func New(cfg Config) *Phone {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wrap == nil {
		cfg.Wrap = func(lines []string) []string { return lines }
	}
	if cfg.Web == nil {
		cfg.Web = func(o services.Options) Web { return services.NewClient(o) }
	}
	if cfg.NetStat == nil {
		cfg.NetStat = netstat.Read
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Phone{
		pace:  sipua.NewPace(),
		cfg:   cfg,
		log:   cfg.Log,
		inbox: make(chan func(), inboxSize),
		keys:  make(chan func(), keysSize),
		legs:  map[*call.Call]*leg{},
		down:  map[view.Key]func(){},
	}
	p.running, p.end = context.WithCancel(context.Background())
	return p
}

// Press reports that a key went down.
func (p *Phone) Press(k view.Key) { p.put(p.keys, func() { p.press(k) }) }

// Release reports that a key came up.
func (p *Phone) Release(k view.Key) { p.put(p.keys, func() { p.release(k) }) }

// Type reports text from a keyboard or the clipboard. "\r" confirms, "\x1b"
// cancels, "\b" deletes.
func (p *Phone) Type(text string) { p.put(p.keys, func() { p.typed(text) }) }

// Subscribe gives a stream of views. It holds the latest one only: a face
// that is slow skips views and never sees an old one after a new one. It is
// closed when the phone stops.
func (p *Phone) Subscribe() <-chan view.View { return p.Follow(1) }

// Follow is Subscribe for one who must see each view, such as a script that
// asks whether a screen has passed: the latest depth of them are held.
func (p *Phone) Follow(depth int) <-chan view.View {
	ch := make(chan view.View, depth)
	p.put(p.keys, func() {
		p.subscribers = append(p.subscribers, ch)
		ch <- p.last
	})
	// The loop may end without having seen ch, so it is not what closes it.
	context.AfterFunc(p.running, func() { close(ch) })
	return ch
}

// Run is the event loop. It returns when ctx ends and the phone has hung up
// and unregistered, within a few seconds.
func (p *Phone) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	p.ctx = work
	p.powerOn()
	p.publish()
	stop := ctx.Done()
	for !p.ended {
		select {
		case f := <-p.inbox:
			f()
		case f := <-p.keys:
			f()
		case <-stop:
			stop = nil
			cancel()
			p.powerOff()
		}
		p.drain()
		p.publish()
	}
	p.stopTimers()
	p.end()
	p.closeWeb()
	p.workers.Wait()
	if err := save(p.cfg.Flash, p.saver.pending); err != nil { // what came during the last write
		p.log.Warn("flash", "cause", err)
	}
	p.dropSpare()
	if p.voice != nil {
		return p.voice.Close()
	}
	return nil
}

// drainTime is how long a burst may keep the view back.
const drainTime = 20 * time.Millisecond

// drain takes the events that already wait, so that a burst costs one view.
func (p *Phone) drain() {
	for began := time.Now(); time.Since(began) < drainTime; {
		select {
		case f := <-p.inbox:
			f()
		case f := <-p.keys:
			f()
		default:
			return
		}
	}
}

// post puts an event on the loop; after the end of the loop it does nothing.
func (p *Phone) post(f func()) { p.put(p.inbox, f) }

func (p *Phone) put(queue chan func(), f func()) {
	select {
	case queue <- f:
	case <-p.running.Done():
	}
}

// work runs f on a goroutine that Run waits for.
func (p *Phone) work(f func(context.Context)) {
	ctx := p.ctx
	p.workers.Go(func() { f(ctx) })
}

// powerOff hangs up and unregisters; the loop ends when that is done. From
// here on keys and what is left of the start-up do nothing.
func (p *Phone) powerOff() {
	p.mode = modeOff
	p.startup.lamp = 0
	p.closeEntry()
	p.endAllCalls()
	if p.voice != nil {
		p.silence()
	}
	end := func() { p.ended = true }
	if p.agent == nil {
		end()
		return
	}
	p.after(shutdownLimit, end)
	p.agent.Shutdown(end)
}
