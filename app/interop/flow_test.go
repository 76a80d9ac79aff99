//go:build linux

package interop_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/phonecore/sipua/siptest/flow"
)

// patience is for a loaded machine.
const patience = 60 * time.Second

// realFlow is a call flow of the guide's Appendix B among real phones, through
// a real proxy: the part that our phone has, and how it comes about. Behind it
// stand the parts of further phones of ours.
type realFlow struct {
	figures, title, role string // figures that are the same to this part
	play                 func(*stage)
}

// stage has our phone and what a flow needs of others.
type stage struct {
	*testing.T
	kamailio *interop.Kamailio
	account  interop.Account
	phone    *interop.Deskset
	// others are phones of ours in other parts, users whose phone is whose.
	others map[string]*interop.Deskset
	users  map[*interop.Deskset]string
}

// Accounts of the flows, of which each phone gets one of its own; the last six
// are in three pairs: from and to in a forward.
const (
	firstFlow, lastFlow = 1100, 1160
	always, busy, late  = "1155", "1157", "1159"
)

var flowAccounts atomic.Int32

// another is an account that no other phone has.
func (s *stage) another() interop.Account {
	return s.kamailio.Accounts[flowAccounts.Add(1)-1]
}

func (s *stage) named(user string) interop.Account {
	for _, a := range s.kamailio.Accounts {
		if a.User == user {
			return a
		}
	}
	s.Fatalf("no account %s", user)
	return interop.Account{}
}

// deskset starts a phone of ours; if it has a part, its trace is compared, too.
func (s *stage) deskset(role string, a interop.Account) *interop.Deskset {
	s.Helper()
	phone := interop.StartDeskset(s.T, interop.DesksetConfig{Settings: line(1, s.kamailio, a)})
	phone.Do("timeout 60s", "screen idle")
	interop.WaitFor(s.T, patience, a.User+" to be registered", func() bool { return len(s.kamailio.Bindings(a.User)) == 1 })
	if s.users[phone] = a.User; role != "" {
		s.others[role] = phone
	}
	return phone
}

func (s *stage) number(phone *interop.Deskset) string { return s.users[phone] }

// baresip starts another's phone; a slow one rings until it is told to answer.
func (s *stage) baresip(a interop.Account, slow bool) *interop.Baresip {
	s.Helper()
	return interop.StartBaresip(s.T, interop.BaresipConfig{Account: a, Proxy: s.kamailio.Addr(), Domain: s.kamailio.Realm, Tone: theirTone, Manual: slow})
}

// calledBy lets another phone call ours and ours answer.
func (s *stage) calledBy(peer *interop.Baresip) {
	s.Helper()
	s.ringBy(peer)
	s.phone.Do("soft Answer", "screen connected")
	s.settled()
}

func (s *stage) ringBy(peer *interop.Baresip) {
	s.Helper()
	peer.Dial("sip:" + s.account.User + "@" + s.kamailio.Realm)
	s.phone.Do("expect From " + peer.Account.User)
}

// settled waits until no request of our phone is under way.
func (s *stage) settled() {
	s.Helper()
	interop.WaitFor(s.T, patience, "all requests to be answered", func() bool {
		return flow.Quiet(flow.Conversations(s.phone.Trace()))
	})
}

// calls waits until our phone has had a number of calls and is quiet.
func (s *stage) calls(n int) {
	s.Helper()
	interop.WaitFor(s.T, patience, "the calls to be over", func() bool {
		all := flow.Conversations(s.phone.Trace())
		return len(all) >= n && flow.Quiet(all)
	})
}

// dial calls a number.
func (s *stage) dial(number string) { s.Helper(); s.phone.Do("press " + number + " pound") }

// holdAndResume is the person's.
func (s *stage) holdAndResume() {
	s.Helper()
	s.phone.Do("soft Hold", "screen held")
	s.settled()
	s.phone.Do("soft Resume", "screen connected")
	s.settled()
}

// end hangs up.
func (s *stage) end() { s.Helper(); s.phone.Do("soft EndCall", "screen idle"); s.calls(1) }

// grows waits until our phone has sent or received something more.
func (s *stage) grows(what string, n int) {
	s.Helper()
	interop.WaitFor(s.T, patience, what, func() bool {
		all := flow.Conversations(s.phone.Trace())
		found := 0
		for _, c := range all {
			for _, m := range c {
				if m == what {
					found++
				}
			}
		}
		return found >= n && flow.Quiet(all)
	})
}

// TestAppendixBAmongRealPhones plays flows through Kamailio with baresip and
// compares our phone's trace with the guide's tables.
func TestAppendixBAmongRealPhones(t *testing.T) {
	accounts := interop.Accounts(firstFlow, lastFlow)
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{Accounts: accounts, Forwards: []interop.Forward{
		{User: always, When: "always", To: "1156"}, {User: busy, When: "busy", To: "1158"}, {User: late, When: "noanswer", To: "1160"},
	}})
	for _, f := range realFlows {
		t.Run(strings.Join([]string{f.figures, "as", f.role, f.title}, " "), func(t *testing.T) {
			t.Parallel()
			s := &stage{T: t, kamailio: kamailio, others: map[string]*interop.Deskset{}, users: map[*interop.Deskset]string{}}
			s.account = s.another()
			s.phone = s.deskset(f.role[:1], s.account)
			f.play(s)
			if len(s.others) != len(f.role) {
				t.Errorf("%d phones of ours in the parts %s", len(s.others), f.role)
			}
			for role, phone := range s.others {
				for _, figure := range strings.Fields(f.figures) {
					s.compare(flow.Titled(figure, f.title), role, phone)
				}
				phone.Quit()
			}
		})
	}
}

// compare lays a phone's trace beside a table.
func (s *stage) compare(f flow.Flow, role string, phone *interop.Deskset) {
	s.Helper()
	interop.WaitFor(s.T, patience, "all requests to be answered", func() bool { return flow.Quiet(flow.Conversations(phone.Trace())) })
	if d := flow.Difference(f.Seen(role, flow.Modern), flow.Conversations(phone.Trace())); d != "" {
		s.Errorf("%s as %s: %s", f.Figure, role, d)
	}
}
