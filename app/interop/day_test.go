//go:build linux

package interop_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
	"deskset/phonecore/flash"
)

// TestADayOfTheRealProgram is TestAWorkingDayInFastMotion of phonecore with the
// real process, sound server, sockets and disk: the lab's extensions are called
// while devices are pulled out and servers fail. Memory, goroutines, handles and
// sound streams are as before, flash is sound. Each of the short list is done
// twice; with DESKSET_DAY=10m (make day) it goes on with the long one, at random
// by DESKSET_DAY_SEED, for as long.
func TestADayOfTheRealProgram(t *testing.T) {
	d := startDay(t)
	for _, c := range shortCalls[:firstCalls] { // what is made on first use
		d.make(c)
	}
	if d.length > 0 {
		for _, c := range append(shortCalls, longCalls...) {
			d.make(c)
		}
		d.make(shortCalls[firstCalls-1]) // restarts have closed its connection
	}
	d.resting()
	before := d.now()
	d.calls = 0
	for _, c := range shortCalls {
		d.make(c)
	}
	for began := time.Now(); time.Since(began) < d.length; {
		all := append(shortCalls, longCalls...)
		d.make(all[d.r.IntN(len(all))])
	}
	d.resting()
	d.compare(before)
	d.checkFlash()
}

// workday is a phone at work.
type workday struct {
	t      *testing.T
	phone  *interop.Deskset
	sound  *pulsetest.Server
	length time.Duration
	r      *rand.Rand
	calls  int
}

func startDay(t *testing.T) *workday {
	d := &workday{t: t}
	seed := 7960
	if text := os.Getenv("DESKSET_DAY_SEED"); text != "" {
		seed, _ = strconv.Atoi(text) // what is no number is 0
	}
	if text := os.Getenv("DESKSET_DAY"); text != "" {
		var err error
		if d.length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("DESKSET_DAY=%v DESKSET_DAY_SEED=%d", d.length, seed)
	d.r = rand.New(rand.NewPCG(uint64(seed), 8))
	d.sound = pulsetest.Start(t)
	d.phone = interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-lab"}, Env: soundEnv(d.sound), OwnSound: true,
		Settings: map[string]string{
			"audio_headset": pulsetest.Headset + " / " + pulsetest.Mic, "record_calls": "on_demand",
			"timer_t1": "100", "timer_t2": "400", // what times out does so in fast motion, too
		},
	})
	d.phone.Do("timeout 30s", "screen idle", "stage done Registration")
	return d
}

// make makes a call and ends idle. Commands that begin with ! are ours.
func (d *workday) make(c dayCall) {
	d.t.Helper()
	var batch []string
	for _, command := range append(strings.Split(c.commands, "; "), "screen idle") {
		if outside, ok := outsides[command]; ok {
			d.phone.Do(batch...)
			outside(d)
			batch = nil
			continue
		}
		batch = append(batch, command)
	}
	d.phone.Do(batch...)
	d.calls += c.calls
}

// outsides are what happens to a phone from outside.
var outsides = map[string]func(*workday){
	"!unplug":       func(d *workday) { d.sound.Unplug(pulsetest.Headset) },
	"!plug":         func(d *workday) { d.sound.AddSink(pulsetest.Headset) },
	"!default ring": func(d *workday) { d.sound.SetDefault(pulsetest.Ringer) },
	"!default spk":  func(d *workday) { d.sound.SetDefault(pulsetest.Speaker) },
	"!crash":        func(d *workday) { d.sound.Kill(); d.sound.Restart() },
	"!freeze": func(d *workday) { // as a laptop that is closed for a moment
		_ = syscall.Kill(d.phone.PID(), syscall.SIGSTOP)
		talk(2 * time.Second)
		_ = syscall.Kill(d.phone.PID(), syscall.SIGCONT)
	},
}

// dayCall is how many calls, and the commands of a script for them.
type dayCall struct {
	calls    int
	commands string
}

// up dials an extension of the lab that answers.
func up(extension string) string {
	return "type " + extension + "; soft Dial; screen connected; "
}

// firstCalls are done before anything is counted. The last of them needs a request
// that is too long for a datagram, and the connection for it stays for a while.
const firstCalls = 6

// shortCalls take a second or two each.
var shortCalls = []dayCall{
	{1, up("1") + "type 19#; wait 200ms; soft EndCall"},
	{1, "lab call; screen incoming; press handset; screen connected; press handset"},
	{1, up("3") + "soft Record; expect Recording; wait 300ms; soft StopRec; expect Recorded:; soft EndCall"},
	{1, "press headset 1; screen connected; !unplug; expect headset lost; !plug; expect headset uses; press headset"},
	{2, up("1") + "soft Trnsfer; expect Transfer to; type 31; expect Trnsfer puts; soft Trnsfer; expect Transferred"},
	{2, "type 81; soft Dial; expect To 31; screen connected; soft EndCall"},
	{1, up("31") + "soft Hold; screen held; soft Resume; screen connected; press mute; lamp mute on; press volume.up volume.down mute; soft EndCall"},
	{1, "press speaker 3; screen connected; press headset; lamp headset on; press handset speaker; lamp speaker on; press handset; soft EndCall"},
	{2, up("3") + "soft Confrn; screen offhook; type 1; expect Confrn joins; soft Confrn; screen conference; soft Hold; soft Resume; screen conference; soft EndCall"},
	{1, up("1") + "soft BlndXfr; expect Transfer to; type 31; expect Transferred"},
	{2, up("1") + "lab call; expect Call waiting; press scroll.down; soft Answer; screen connected; soft EndCall; soft EndCall"},
	{1, "lab call; screen incoming; lab give-up"},
	{1, "lab call; screen incoming; soft Reject"},
	{1, "type 4; soft Dial; screen failed; soft EndCall"},
	{1, "type 5; soft Dial; screen ringout; soft EndCall"},
	{1, up("6") + "soft EndCall"},
	{1, up("1") + "press settings scroll.down settings directories 1 directories info info; wait 100ms; press settings; soft EndCall"},
}

// longCalls are what takes longer.
var longCalls = []dayCall{
	{1, up("32") + "wait 1s; soft EndCall"},
	{1, up("33") + "wait 1s; soft EndCall"},
	{1, up("34") + "wait 1s; soft EndCall"},
	{1, up("35") + "wait 1s; soft EndCall"},
	{1, "type 44; soft Dial; screen failed; soft EndCall"},
	{1, "type 47; soft Dial; screen failed; soft EndCall"},
	{1, "type 48; soft Dial; screen failed; soft EndCall"},
	{2, "type 82; soft Dial; expect To 31; screen connected; soft EndCall"},
	{2, "type 83; soft Dial; expect Lab 31; soft EndCall"},
	{1, up("84") + "soft BlndXfr; type 1; expect Transfer failed; screen connected; soft EndCall"},
	{2, up("8") + "soft EndCall; screen idle; lamp message on; " + up("8") + "soft EndCall; screen idle; lamp message off"},
	{1, up("1") + "!default ring; wait 2s; !default spk; wait 2s; soft EndCall"},
	{1, up("1") + "!crash; wait 4s; soft EndCall"},
	{1, up("1") + "!freeze; wait 1s; screen connected; soft EndCall"},
	{1, "lab fault proxy-silent; type 1; soft Dial; screen failed; soft EndCall; lab fault none"},
	{1, up("1") + "lab fault proxy-silent; wait 1s; soft EndCall; screen idle; lab fault none"},
	{1, "lab fault auth-loop; type 1; soft Dial; wait 1s; soft EndCall; lab fault none"},
	{1, "restart; passed startup; screen idle; stage done Registration; " + up("1") + "soft EndCall"},
	{1, "lab fault tftp-error; restart; passed startup; screen idle; stage done Registration; lab fault none; " +
		"restart; passed startup; screen idle; stage done Registration; " + up("1") + "soft EndCall"},
	{1, "lab fault registrar-down; restart; passed startup; screen idle; wait 1s; lab fault none; restart; passed startup; " +
		"screen idle; stage done Registration; " + up("1") + "soft EndCall"},
}

// standing is what the program holds.
type standing struct {
	interop.Usage
	goroutines, heap int
}

func (s standing) String() string {
	return fmt.Sprintf("%d goroutines, heap %d kB, resident %d kB, %d handles, %d threads", s.goroutines, s.heap>>10, s.Memory>>10, s.Files, s.Threads)
}

var usageLine = regexp.MustCompile(`(?m)^usage: (\d+) goroutines, (\d+) bytes of heap$`)

// resting waits until no sound device is in use.
func (d *workday) resting() {
	d.t.Helper()
	interop.WaitFor(d.t, 10*time.Second, "the devices to be closed on hook", func() bool { return len(d.sound.Streams()) == 0 })
}

// now asks the program what it holds.
func (d *workday) now() (s standing) {
	d.t.Helper()
	d.phone.Do("usage")
	all := usageLine.FindAllStringSubmatch(d.phone.Screens(), -1)
	if len(all) == 0 {
		d.t.Fatal("the phone does not tell its usage")
	}
	last := all[len(all)-1]
	s.goroutines, _ = strconv.Atoi(last[1]) // numbers, by the expression
	s.heap, _ = strconv.Atoi(last[2])
	s.Usage = d.phone.Usage()
	return s
}

// compare compares the program with what it was, once it has had time to let go.
func (d *workday) compare(before standing) {
	t := d.t
	t.Helper()
	after := d.now()
	for limit := time.Now().Add(40 * time.Second); (after.goroutines > before.goroutines || after.Files > before.Files) && time.Now().Before(limit); after = d.now() {
		talk(time.Second)
	}
	t.Logf("%d calls", d.calls)
	t.Logf("before: %v", before)
	t.Logf("after:  %v", after)
	if after.goroutines > before.goroutines {
		d.phone.Do("usage goroutines")
		_, stacks, _ := strings.Cut(d.phone.Screens(), "goroutine ")
		t.Errorf("%d goroutines became %d:\n%s", before.goroutines, after.goroutines, stacks)
	}
	if after.Files > before.Files {
		t.Errorf("%d handles became %d: %v", before.Files, after.Files, d.handles())
	}
	if after.Memory > before.Memory+10<<20 || after.heap > before.heap+10<<20 {
		t.Error("more than 10 MB of memory are not given back")
	}
	if show := d.clock(); show != "" {
		t.Error(show)
	}
}

// checkFlash ends the phone and reads what it has stored.
func (d *workday) checkFlash() {
	t := d.t
	t.Helper()
	d.phone.Quit()
	f, err := flash.Open(d.phone.FlashDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stored, err := f.Load()
	if err != nil || f.Damaged() != "" || stored["line1_name"] != "5551212" {
		t.Errorf("flash: %v, damaged %q, line 1 is %q", err, f.Damaged(), stored["line1_name"])
	}
}

// handles are what the program has open.
func (d *workday) handles() (open []string) {
	dir := fmt.Sprintf("/proc/%d/fd/", d.phone.PID())
	entries, err := os.ReadDir(dir)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range entries {
		what, _ := os.Readlink(dir + e.Name()) // empty: closed meanwhile
		open = append(open, what)
	}
	return open
}

// clock tells what is wrong with the time on the LCD.
func (d *workday) clock() string {
	earliest := time.Now()
	d.phone.Do("show")
	screens := strings.Split(strings.TrimSpace(d.phone.Screens()), "\n")
	shown := strings.Join(screens[max(0, len(screens)-24):], "\n")
	if latest := time.Now(); !strings.Contains(shown, earliest.Format("15:04")) && !strings.Contains(shown, latest.Format("15:04")) {
		return fmt.Sprintf("at %s the LCD shows\n%s", latest.Format("15:04"), shown)
	}
	return ""
}
