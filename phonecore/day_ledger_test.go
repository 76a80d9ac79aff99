package phonecore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/provisioning/param"
)

// ledger is what there is of a phone that rests.
type ledger struct {
	goroutines int
	heap       uint64
	// views and sent are how often the phone looked at the clock, and what it has
	// sent, while nobody touched it: a timer that was left behind shows here.
	views int64
	sent  map[string]int
	// stored is what flash keeps of the settings, calls how large the log of calls
	// is, transactions and subscriptions what is left in the signalling.
	stored, values map[string]string
	preferences    string
	calls          int
	talks          int // of the far end
	transactions   int
}

// String is what people want to know.
func (l ledger) String() string {
	return fmt.Sprintf("%d goroutines, heap %d kB, %d views and %v sent in an idle while, %d transactions, log of calls %d B",
		l.goroutines, l.heap>>10, l.views, l.sent, l.transactions, l.calls)
}

const (
	// restBefore lets everything run out that a day may have begun: the longest are
	// a registration's time and the pause after a server has failed.
	restBefore = 2 * time.Hour
	// restWhile is two refreshes of a registration of an hour, ten minutes more.
	restWhile = 130 * time.Minute
)

// rest leaves the phone alone, and then counts.
func (d *day) rest() (l ledger) {
	d.t.Helper()
	d.heal()
	d.move("") // what has lost its registration has it again
	d.wait(restBefore)
	d.quiet()
	d.net.Forget()
	before := d.wall.reads.Load()
	d.wait(restWhile)
	d.checkClock()
	l.views = d.wall.reads.Load() - before
	l.sent = map[string]int{}
	for _, e := range d.net.Log() {
		if e.From.String() == d.addr && e.Message.IsRequest() {
			l.sent[e.Message.Method]++
		}
	}
	d.quiet()
	d.on(func() { d.look(&l) })
	l.talks = len(d.robot.live())
	for _, user := range []string{"5551212", "5551213"} {
		if at := d.net.proxy.Registered(user); !strings.Contains(at, strings.TrimSuffix(d.addr, ":5060")) {
			d.t.Errorf("%s is registered at %q, the phone is at %s", user, at, d.addr)
		}
	}
	l.stored, l.values = d.stored(d.flash), d.values()
	preferences, err := d.flash.Get(blobPreferences)
	if err != nil {
		d.t.Error(err)
	}
	l.preferences = string(preferences)
	if record, err := d.flash.Calls(); err != nil {
		d.t.Error(err)
	} else {
		l.calls = len(fmt.Sprint(record))
	}
	d.web.mu.Lock()
	d.web.asked = nil
	d.web.mu.Unlock()
	l.goroutines, l.heap = d.size()
	return l
}

// look counts what only the loop may see.
func (d *day) look(l *ledger) {
	p := d.phone
	d.voice.keys = ""
	calls, transactions := p.agent.Pending()
	l.transactions = transactions
	if calls != 0 {
		d.t.Errorf("%d calls are left in the signalling", calls)
	}
	if n := len(p.status.entries); n > maxStatus {
		d.t.Errorf("%d status messages", n)
	}
	if n := len(p.timeline.frames); n > maxFrames {
		d.t.Errorf("%d frames of the start-up", n)
	}
	if p.saver.writing || len(p.saver.pending) > 0 || len(p.pages) > 0 || len(p.live.pages) > 0 || p.web.request != nil || p.spare.stream != nil {
		d.t.Errorf("something is still under way: %+v, %d pages, %+v, %v", p.saver, len(p.pages), p.live, p.web.request)
	}
	for i := range p.lines {
		if l := &p.lines[i]; l.configured() && l.reg.State != sipua.RegOK {
			d.t.Errorf("line %d: %+v", i+1, l.reg)
		}
	}
}

// compare tells what is not as it was.
func (l ledger) compare(t *testing.T, before ledger) {
	t.Helper()
	if l.goroutines != before.goroutines {
		t.Errorf("%d goroutines became %d", before.goroutines, l.goroutines)
	}
	if l.heap > before.heap+10<<20 {
		t.Errorf("heap of %d kB became %d kB", before.heap>>10, l.heap>>10)
	}
	if l.transactions != before.transactions || l.talks != 0 {
		t.Errorf("%d transactions became %d, the far end is in %d calls", before.transactions, l.transactions, l.talks)
	}
	// The moments of two refreshes may fall on either side of the while's end.
	if extra := l.views - before.views; extra > 16 || extra < -16 {
		t.Errorf("%d views of an idle phone became %d", before.views, l.views)
	}
	for _, method := range slices.Sorted(maps.Keys(l.sent)) {
		if extra := l.sent[method] - before.sent[method]; extra > 2 {
			t.Errorf("%d %s of an idle phone became %d", before.sent[method], method, l.sent[method])
		}
	}
	if !maps.Equal(l.stored, before.stored) || l.preferences != before.preferences {
		t.Errorf("flash held\n%v %s\nand holds\n%v %s", before.stored, before.preferences, l.stored, l.preferences)
	}
	for _, p := range param.All() {
		if l.values[p.Name] != before.values[p.Name] {
			t.Errorf("%s was %q and is %q", p.Name, before.values[p.Name], l.values[p.Name])
		}
	}
	if l.calls > 200<<10 {
		t.Errorf("the log of calls takes %d bytes", l.calls)
	}
}
