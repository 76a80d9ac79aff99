package sipua

import (
	"log/slog"
	"net/netip"
	"time"

	"deskset/phonecore/sipua/sdp"
)

// Options make an Agent.
type Options struct {
	// Post puts a function on the owner's event loop. It may be called from
	// any goroutine and never runs the function at once.
	Post func(func())
	// Handler is told what happens, on the event loop.
	Handler Handler
	// Transport carries the messages; see NewTransport and siptest.
	Transport Transport
	// Dialogs is how calls begin and are kept.
	Dialogs Dialogs
	// Timers of this phone; zero fields take the guide's defaults.
	Timers Timers
	// Resolver finds the addresses of servers; nil asks DNS.
	Resolver Resolver
	// UserAgent is the User-Agent header.
	UserAgent string
	// Media tells what we can do in general: for OPTIONS, and to refuse calls
	// that have no codec in common with us before they ring. Nil means G.711.
	Media func() sdp.Local
	// Events are the events whose NOTIFY outside of a dialog is passed to Notify,
	// which gives the status of the answer: 200, 401 to ask for a proof, 403,
	// 400 ... Other events are answered by 489. It runs on the event loop.
	Events []EventPackage
	Notify func(Notification) int
	// OnlyFromServers turns calls away that do not come from the server of a
	// line, where one has it or could; see strangers.go.
	OnlyFromServers bool
	// NAT is what is known of a router; see SetNAT.
	NAT NAT
	// Instance names the instrument in registrations, Outbound asks for calls
	// over our own connection; see Instance and outbound.go.
	Instance string
	Outbound bool
	// GRUU asks for an address that is valid everywhere, and uses it in calls.
	GRUU bool
	// Pace of registrations; nil is one that begins with the agent.
	Pace *Pace
	// Identity tells how we name ourselves now; nil is openly, by From alone.
	Identity func() IdentityRules
	// Trace sees every message on the wire, direction "in" or "out", with
	// credentials masked; local is Transport.LocalAddr, invalid where that fails.
	// It is called on the event loop; nil is no trace.
	Trace func(direction, network string, local, remote netip.AddrPort, message []byte)
	// Rand gives numbers from 0 up to 1 for jitter; nil means math/rand.
	Rand func() float64
	// Log gets one record per event, without secrets.
	Log *slog.Logger
}

// Timers are the SIP timers and counts of the guide's Table 3-1, per phone.
type Timers struct {
	T1, T2        time.Duration // timer_t1, timer_t2
	InviteExpires time.Duration // timer_invite_expires
	Retx          int           // sip_retx: retransmissions of other requests
	InviteRetx    int           // sip_invite_retx
	// RegisterDelta is how long before expiry a registration is refreshed.
	RegisterDelta time.Duration
	// MaxRedirects bounds how many 3xx one call follows; 0 means 5.
	MaxRedirects int
}

// Account is one line's identity and server.
type Account struct {
	Line        int    // 1 to 6
	User        string // linex_name: user part of the address of record
	Domain      string // host of the address of record; empty: the server in use
	DisplayName string // linex_displayname
	// UserInfo is the user parameter of our address in REGISTER: "phone", "ip"
	// or nothing (user_info).
	UserInfo string
	// AuthName and Password answer challenges; with empty ones nothing is
	// answered. CallAuthName and CallPassword (userx_*) are used for calls
	// where set, CallUser (userx_name) stands in their From.
	AuthName, Password                   string
	CallUser, CallAuthName, CallPassword string
	// Proxy is a host name or address, ProxyPort 0 means 5060 (5061 for TLS)
	// or, for a name, whatever DNS says.
	Proxy     string
	ProxyPort int
	// Backups are further servers, best first, for when Proxy fails; the line
	// returns to a better one that has answered for Monitor without a break. 0
	// means 2 minutes.
	Backups []Server
	Monitor time.Duration
	// Outbound is the proxy that all requests of the line go to, whatever they
	// ask for; empty for none (outbound_proxy). Emergency is a server of its own
	// that is reached directly nevertheless.
	Outbound  Server
	Emergency Server
	// Network is "udp", "tcp" or "tls"; empty means udp.
	Network string
	// Register wants a registration, for Expires.
	Register bool
	Expires  time.Duration
	// Encryption of the media of the line's calls.
	Encryption sdp.Encryption
	// KeysNeedTLS: no keys are offered where a call does not go by TLS, whatever
	// the line's server is reached by.
	KeysNeedTLS bool
}

// RegState is where a registration stands.
type RegState uint8

// The states of a registration.
const (
	// RegNone: no registration is wanted.
	RegNone RegState = iota
	// RegTrying: a REGISTER is on its way for the first time or after a failure.
	RegTrying
	// RegOK: registered (and quietly refreshed).
	RegOK
	// RegFailed: no server could be registered with; it is tried again at Retry.
	RegFailed
	// RegRejected: the account was refused. After 403, 404 and the like it is
	// tried again at Retry, which is long; a wrong password (three times in one
	// try) is not tried again until the account changes: Retry is 0.
	RegRejected
)

// Registration is what the Handler hears of a line's registration.
type Registration struct {
	Line    int
	State   RegState
	Code    int           // last final status; 408 for no answer, 503 for a transport failure
	Reason  string        // reason phrase or error text
	Err     error         // the error that Reason words, nil for a response
	Expires time.Duration // granted
	Server  string        // host:port asked
	Rank    int           // the server's place among Proxy and Backups, 0 first
	Retry   time.Duration // until the next try, for RegFailed and RegRejected
	Took    time.Duration // REGISTER to final response
	// Attempts at authentication that were refused in a row.
	Attempts int
}

// Party is a name and a SIP address.
type Party struct {
	Name string // display name
	User string // user part, unescaped: the number
	Host string
	URI  string // without parameters of the header
}

// CallState is the state of a call's signalling.
type CallState uint8

// The states, in the order in which a call passes through them.
const (
	CallCalling   CallState = iota // INVITE sent, nothing heard but perhaps 100
	CallRingOut                    // 180
	CallProgress                   // 183, 181, 182: see Media for early media
	CallIncoming                   // INVITE received, not answered
	CallConnected                  // 2xx
	CallEnded
)

// Event is what the Handler hears of a call.
type Event struct {
	State CallState
	// Code and Reason of the response or request that caused the event; for
	// CallEnded: of the final response, or 200 for a BYE in good order, 487
	// for a call cancelled, 408 for no answer at all, 503 for a transport
	// failure.
	Code   int
	Reason string
	// ByPeer is true if the far side ended the call.
	ByPeer bool
	// Media is set whenever offer and answer have (newly) agreed; Changed
	// says so. In an early state it means early media.
	Media   *sdp.Agreed
	Changed bool
	// Peer as far as it is known now; Asserted: the line's server says so.
	Peer     Party
	Asserted bool
	// RetryAfter of the final response, if it gave one (Retry-After).
	RetryAfter time.Duration
	// Redirected tells that the call goes on to another address (3xx).
	Redirected bool
	// AcceptedElsewhere is set when CANCEL's Reason says so (RFC 3326).
	AcceptedElsewhere bool
	// WantsOffer is set for an incoming call that needs Call.Offer before it may
	// ring.
	WantsOffer bool
	// Trusted tells that an incoming call comes from the line's server,
	// Anonymous that the caller keeps back who he is.
	Trusted, Anonymous bool
	// Diversions of an incoming call: who has sent it on, the last one first.
	Diversions []Diversion
	// Rings are those that the Alert-Info of an incoming call names.
	Rings []string
	// Answer is how an incoming call is to be answered, AnswerAfter when.
	Answer      AnswerMode
	AnswerAfter time.Duration
	// Transfer is how our transfer of this call goes, Referral the far side's wish
	// that we call somebody else.
	Transfer *Transferred
	Referral *Referral
	// Replaces is the call whose place an incoming call takes: it is answered at
	// once, and that one ended.
	Replaces *Call
	// Digit is one that the far side has sent by INFO; nothing else has changed.
	Digit byte
	// Took is the time from request to this response.
	Took time.Duration
}

// Handler is told what happens. All methods run on the event loop.
type Handler interface {
	// Registration changed.
	Registration(Registration)
	// Incoming call. Returning true lets it ring: 180 is sent to the caller.
	// Returning false means that it was turned away (or answered at once): the
	// handler has called Reject or Answer; if it has not, the call is refused
	// with 480.
	Incoming(*Call, Event) bool
	// Call changed.
	Call(*Call, Event)
	// Trouble that belongs to no call: a port in use, a broken connection.
	Trouble(error)
}

// LocalMedia is what we can do in one call: the base of our offer or answer.
type LocalMedia = sdp.Local

// Contact is where we are reached through a transport.
type Contact struct {
	Network string
	Addr    netip.AddrPort
}
