//go:build linux

package interop_test

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/app/lab"
)

// shown is what the phone makes of a fault of the lab.
type shown struct {
	// status is on the page of status messages, page on the start-up page.
	status, page []string
	// never is on neither.
	never []string
	// lines are registered, in spite of the fault.
	lines bool
	// twice is the phone that starts up a second time.
	twice bool
	// args beside -lab-fault fault.
	args  []string
	fault string
}

const (
	registeredLines = "2 of 2 lines registered"
	flashValues     = "Using the values stored in flash"
)

// promised is what each of the lab's faults promises (lab.Scenario.Shows).
var promised = map[string]shown{
	"no-switch":            {page: []string{"No switch announced a voice VLAN", "untagged"}, lines: true},
	"wrong-vlan":           {status: []string{"Invalid VLAN 4095 from the switch"}, page: []string{"untagged"}, lines: true},
	"dhcp-silent":          {status: []string{"DHCP Timeout: no server answered", flashValues}},
	"dhcp-nak":             {status: []string{"DHCP: the server refused every address"}},
	"dhcp-duplicate":       {status: []string{"Duplicate IP"}},
	"dhcp-bootp":           {status: []string{"BOOTP Server Used"}, lines: true},
	"dhcp-no-tftp":         {status: []string{"No TFTP server"}},
	"tftp-timeout":         {status: []string{"TFTP Timeout", flashValues}},
	"tftp-error":           {status: []string{"TFTP Error"}, never: []string{"\x1b", "\x9b", "\x07"}},
	"tftp-size":            {status: []string{"TFTP Size Error"}},
	"tftp-endless":         {status: []string{"TFTP Size Error"}},
	"slow-tftp":            {lines: true},
	"lossy-tftp":           {lines: true},
	"no-files":             {status: []string{"File Not Found: OS79XX.TXT", "File Not Found: SIPDefault.cnf", flashValues}},
	"missing-default-file": {status: []string{"File Not Found: SIPDefault.cnf"}, page: []string{"SIP00503EFFD842.cnf, "}},
	"missing-phone-file":   {status: []string{"File Not Found: SIP00503EFFD842.cnf"}, never: []string{registeredLines}},
	"bad-config":           {status: []string{"SIPDefault.cnf:", "keeping g711ulaw"}, lines: true},
	"bad-image-name":       {status: []string{"Load ID Incorrect"}, page: []string{"DS79-0-1-0 from slot 1"}, lines: true},
	"truncated-image":      {status: []string{"DS79-0-2-0 is cut off"}, lines: true},
	"corrupt-image":        {status: []string{"Checksum Error"}, lines: true},
	"registrar-down":       {status: []string{"503"}, never: []string{registeredLines}},
	"registrar-flap":       {status: []string{"503"}},
	"auth-loop":            {status: []string{"Line 1"}, never: []string{registeredLines}},
	"wrong-password":       {status: []string{"wrong name or password"}, never: []string{registeredLines}},
	"proxy-silent":         {status: []string{"Line 1", "no answer"}, never: []string{registeredLines}, args: []string{"-timer_t1", "50", "-sip_retx", "3"}},
	"primary-down":         {lines: true, args: []string{"-timer_t1", "50", "-sip_retx", "3"}},
	"servers-down":         {status: []string{"Line 1", "no answer"}, never: []string{registeredLines}, args: []string{"-timer_t1", "50", "-sip_retx", "3"}},
	"check-sync":           {status: []string{"Resetting (check-sync)"}, lines: true, twice: true},
	"reset":                {status: []string{"Resetting (service-control reset)"}, lines: true, twice: true},
	"restart":              {status: []string{"Restarting (service-control restart)"}, lines: true, twice: true},
}

// TestEveryFaultOfTheLabReachesItsMessage starts the whole phone with each
// fault. What the fault promises is waited for in the log, which has every
// status message, and is then on the page that a person reads.
func TestEveryFaultOfTheLabReachesItsMessage(t *testing.T) {
	t.Parallel()
	together(t, func(yield func(string, shown) bool) {
		for _, s := range lab.Scenarios() {
			want, ok := promised[s.Name]
			if !ok {
				t.Errorf("%s: not tested; it promises: %s", s.Name, s.Shows)
			}
			want.fault = s.Name
			yield(s.Name, want)
		}
	}, func(t *testing.T, want shown) { want.prove(t) })
	if n := len(lab.Scenarios()); n != len(promised) {
		t.Errorf("%d scenarios, %d promises", n, len(promised))
	}
}

func (want shown) prove(t *testing.T) {
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: append([]string{"-lab-fault", want.fault}, want.args...)})
	phone.Do("timeout 60s", "screen idle")
	for _, text := range want.status {
		interop.WaitFor(t, time.Minute, "the message "+text, func() bool { return strings.Contains(phone.Journal(), text) })
	}
	if want.twice {
		interop.WaitFor(t, time.Minute, "the second start-up", func() bool { return len(startTimes(phone.Journal())) == 2 })
	}
	page := []string{}
	if want.lines {
		phone.Do("stage done Registration")
		page = append(page, registeredLines)
	}
	startPage := startPage(phone)
	wantText(t, "the start-up page", startPage, append(page, want.page...)...)
	wantStatus(t, phone, want.status...)
	for _, never := range want.never {
		if strings.Contains(startPage+phone.Screens(), never) {
			t.Errorf("%q is shown", never)
		}
	}
	phone.Quit()
}

// wantStatus looks for messages on the page of status messages as a person
// does: from the latest on, down to the first.
func wantStatus(t *testing.T, phone *interop.Deskset, want ...string) {
	t.Helper()
	const most = 60 // lines to scroll over
	openPage(phone, "menu.status.messages", "Status", "Status Messages")
	for range most {
		screen := oneLine(showScreen(phone))
		want = slices.DeleteFunc(want, func(text string) bool { return strings.Contains(screen, text) })
		if len(want) == 0 {
			return
		}
		phone.Do("press scroll.down")
	}
	t.Errorf("Status Messages lack %q; the log:\n%s", want, phone.Journal())
}

// together runs subtests ten at once, however many processors there are: most
// of each is waiting.
func together[T any](t *testing.T, cases iter.Seq2[string, T], prove func(*testing.T, T)) {
	t.Helper()
	const atOnce = 10
	var all sync.WaitGroup
	slots := make(chan bool, atOnce)
	for name, c := range cases {
		slots <- true
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(name, func(t *testing.T) { prove(t, c) })
		})
	}
	all.Wait()
}
