package lab

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"
)

// Options make a lab. The zero value is a lab on 127.0.0.1 that works.
type Options struct {
	// Log gets one record per event, without secrets. Nil logs nothing.
	Log *slog.Logger
	// Listen is the address to bind; an invalid one means 127.0.0.1.
	Listen netip.Addr
	// MAC of the phone that is provisioned, twelve hexadecimal digits; empty
	// means DefaultMAC.
	MAC string
	// Image is the image_version that the files name: the phone's running
	// load, so that it does not upgrade. Empty means DefaultImage.
	Image string
	// Fault is a name out of Faults, or empty.
	Fault string
	// MinExpires is the shortest registration that is granted, others get 423
	// (RFC 3261 section 10.3); 0 means 60 s.
	MinExpires time.Duration
}

// Defaults of Options.
const (
	DefaultMAC   = "00503EFFD842"
	DefaultImage = "DS79-0-1-0"
	Realm        = "lab.deskset"
)

// Account is one line of the phone that the lab provisions.
type Account struct {
	Line        int    // 1 or 2
	User        string // address of record, and the name for digest authentication
	Password    string // random for each start
	DisplayName string
}

// Registration is one binding of the registrar.
type Registration struct {
	User    string
	Contact string
	Network string // "udp" or "tcp"
	Source  netip.AddrPort
	Expires time.Time
}

// Call is one call that the lab has seen.
type Call struct {
	ID       string // Call-ID
	From, To string // user parts
	Start    time.Time
	Answered time.Time // zero: not (yet)
	Ended    time.Time // zero: not yet, or out of the proxy's sight
	Code     int       // final status of the INVITE; 0 while it rings
}

// Lab is a running lab.
type Lab struct {
}

// Start binds the ports and begins to serve. The lab ends with Close, or when
// ctx is done.
func Start(ctx context.Context, o Options) (*Lab, error) {
	return nil, errors.New("lab: under construction")
}

// TFTP is where the TFTP server listens.
func (l *Lab) TFTP() netip.AddrPort { return netip.AddrPort{} }

// Proxy is where the registrar and proxy listens, UDP and TCP alike.
func (l *Lab) Proxy() netip.AddrPort { return netip.AddrPort{} }

// MAC of the phone that the files are for.
func (l *Lab) MAC() string { return "" }

// Accounts of the phone's lines, in order.
func (l *Lab) Accounts() []Account { return nil }

// Digits gives, one by one, what extension 2 heard in its last call.
func (l *Lab) Digits() []string { return nil }

// Registrations lists the bindings of all users.
func (l *Lab) Registrations() []Registration { return nil }

// Calls lists the last calls, oldest first.
func (l *Lab) Calls() []Call { return nil }

// CallMe calls a registered user after a time, as extension 7, and plays music.
func (l *Lab) CallMe(user string, after time.Duration) {}

// Close ends all calls, frees the ports and waits for everything to stop.
func (l *Lab) Close() error { return nil }
