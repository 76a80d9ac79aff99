package flow

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
)

// Times of a play, in virtual time.
const (
	// patience is how long a message of the phone may take.
	patience = 10 * time.Second
	// linger is how long the network is watched after the last step, so that
	// every retransmission (64*T1, RFC 3261 section 17) would be seen.
	linger = 40 * time.Second
)

// Phone is the phone under test and the person before it.
type Phone interface {
	// Address of its SIP.
	Address() string
	// Do works its keys, or looks at it: a verb of the tables.
	Do(Act)
}

// Act is what a person does, or what is looked at.
type Act struct {
	Verb string
	// With is the other part, and Proxied tells that it is reached by its
	// number through a proxy.
	With    Party
	Proxied bool
	Args    []string
	Profile Profile
}

// Party is a part as the phone can know it.
type Party struct {
	Name, Number, Address string
	// Media is where the part receives voice.
	Media netip.AddrPort
}

// runner is one play of a flow.
type runner struct {
	t       testing.TB
	flow    Flow
	profile Profile
	role    string
	phone   Phone
	parties map[string]*party
	step    Step
	count   int // for identifiers
}

// Play plays a flow with the phone in a part. It fails the test at the first
// step that goes otherwise.
func Play(t testing.TB, n *siptest.Network, f Flow, p Profile, role string, phone Phone) {
	t.Helper()
	r := &runner{t: t, flow: f, profile: p, role: role, phone: phone, parties: map[string]*party{}}
	for _, s := range f.in(p) {
		for _, name := range []string{s.From, s.To} {
			if name != "" && r.parties[name] == nil {
				r.parties[name] = r.newParty(n, name)
			}
		}
	}
	for _, r.step = range f.in(p) {
		r.play()
	}
	r.step = Step{Verb: "the end"}
	<-time.After(linger)
	for _, p := range r.parties {
		p.nothingLeft()
	}
}

// fail ends the test, saying where in the table.
func (r *runner) fail(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("figure %s, %s, phone as %s, step %q: %s", r.flow.Figure, r.profile, r.role, r.step, fmt.Sprintf(format, args...))
}

func (r *runner) play() {
	r.t.Helper()
	s := r.step
	switch {
	case s.Verb == "waits" && s.From == r.role:
		d, err := time.ParseDuration(s.Args[0])
		if err != nil {
			r.fail("%v", err)
		}
		<-time.After(d)
	case s.Verb != "" && s.From == r.role:
		r.phone.Do(Act{Verb: s.Verb, With: r.partyOf(s.To), Proxied: r.parties["P"] != nil, Args: s.Args, Profile: r.profile})
	case s.Verb != "":
	case s.From == r.role && s.What == "100":
		// The guide's gateway flows have a 100 Trying. RFC 3261 section 17.2.1
		// wants none of who answers within 200 ms, and ours does.
	default:
		if s.From != r.role {
			r.parties[s.From].send(s)
		}
		if s.To != r.role {
			r.parties[s.To].await(s)
		}
	}
}

func (r *runner) partyOf(name string) Party {
	if name == "" {
		return Party{}
	}
	p := r.parties[name]
	return Party{Name: name, Number: Number(name), Address: p.addr, Media: p.media()}
}

// token is an identifier that no other play's network holds.
func (r *runner) token() string {
	r.count++
	return fmt.Sprintf("%s%d", r.flow.Figure, r.count)
}
