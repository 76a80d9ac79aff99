package lab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"deskset/app/lab/exchange"
)

// What a running lab has seen, and what it can be told to do.

// Registration is one binding of a registrar.
type Registration = exchange.Registration

// Call is one call that the lab has seen.
type Call = exchange.Call

// Registrations lists the bindings of all users, those of the first server
// first.
func (l *Lab) Registrations() []Registration {
	var all []Registration
	for _, x := range l.exchanges() {
		all = append(all, x.Registrations()...)
	}
	return all
}

// Calls lists the last calls, oldest first.
func (l *Lab) Calls() []Call {
	var all []Call
	for _, x := range l.exchanges() {
		all = append(all, x.Calls()...)
	}
	slices.SortStableFunc(all, func(a, b Call) int { return a.Start.Compare(b.Start) })
	return all
}

// Requests lists the names of the files asked for by TFTP, oldest first.
func (l *Lab) Requests() []string { return l.tftp.Requests() }

// Digits gives, one by one, what extension 2 heard in its last call.
func (l *Lab) Digits() []string {
	var all []string
	for _, x := range l.exchanges() {
		for _, d := range x.Digits() {
			all = append(all, string(rune(d.Key)))
		}
	}
	return all
}

// DigitMethods tells for each of Digits how it came: "event" (RFC 4733),
// "tone" (in-band) or "info" (SIP INFO).
func (l *Lab) DigitMethods() []string {
	var all []string
	for _, x := range l.exchanges() {
		for _, d := range x.Digits() {
			all = append(all, d.Method)
		}
	}
	return all
}

// CallMe calls a registered user after a time, as one of the extensions that
// call back (7 if it is none), and plays music.
// The call comes from the server where the user is registered now, or else from
// the first one.
func (l *Lab) CallMe(user, number string, after time.Duration) {
	at := l.Proxy()
	for _, r := range slices.Backward(l.Registrations()) {
		if r.User == user {
			at = r.Server
		}
	}
	for _, x := range l.exchanges() {
		if x.Addr() == at {
			x.CallLater(user, number, after)
		}
	}
}

// GiveUp ends the lab's own calls that nobody has answered yet.
func (l *Lab) GiveUp() {
	for _, x := range l.exchanges() {
		x.GiveUp()
	}
}

// Notice is what a phone can be told outside of any call.
type Notice = exchange.Notice

// The notices that phones of this kind know.
var (
	// CheckSync: compare syncinfo.xml; see ChangeSync.
	CheckSync    = Notice{Event: "check-sync"}
	Reset        = Notice{Event: "service-control", Action: "reset"}
	Restart      = Notice{Event: "service-control", Action: "restart"}
	CheckVersion = Notice{Event: "service-control", Action: "check-version"}
)

// Notify sends a notice to all contacts of a user, at the first server where it
// is registered, and answers the phone's challenge, if it has one, as the user.
// The status is the final one of the contact that registered last, 408 if it
// does not answer within 32 s. It fails with exchange.ErrNotRegistered,
// exchange.ErrClosed or the context's error.
func (l *Lab) Notify(ctx context.Context, user string, n Notice) (status int, err error) {
	for _, x := range l.exchanges() {
		if status, err = x.Notify(ctx, user, n); !errors.Is(err, exchange.ErrNotRegistered) {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("lab: %w", err)
	}
	return status, nil
}
