package sipua

import (
	"errors"
	"net/netip"

	"deskset/phonecore/sipua/sdp"
)

var errNotBuilt = errors.New("the SIP user agent is not built yet")

// Agent is the SIP user agent of one phone. All its methods are called on the
// event loop of its owner; none blocks.
type Agent struct {
	o        Options
	accounts map[int]Account
}

// New makes an agent and begins to receive.
func New(o Options) *Agent { return &Agent{o: o, accounts: map[int]Account{}} }

// SetAccount starts, changes or (with Register false) stops the registration
// of a line.
func (a *Agent) SetAccount(acc Account) { a.accounts[acc.Line] = acc }

// Account gives a line's account.
func (a *Agent) Account(line int) (Account, bool) {
	acc, ok := a.accounts[line]
	return acc, ok
}

// Register registers a line now.
func (a *Agent) Register(line int) {}

// Shutdown hangs up, unregisters and closes the transport; done is called on
// the loop when all that has ended, after 2 seconds at the latest.
func (a *Agent) Shutdown(done func()) { a.o.Post(done) }

// Contact is where a line is reached.
func (a *Agent) Contact(line int) Contact { return Contact{} }

// LocalAddr is our address towards a line's server, for SDP. It is invalid
// while nothing is known: then leave sdp.Local.Addr so, and the agent fills it
// in.
func (a *Agent) LocalAddr(line int) netip.Addr { return netip.Addr{} }

// Dial calls a target on a line: a number, user@host or a SIP URI.
func (a *Agent) Dial(line int, target string, local sdp.Local) (*Call, error) {
	return nil, errNotBuilt
}
