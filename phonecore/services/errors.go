package services

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"deskset/provisioning/fetch"
)

// Errors of Parse and Fetch, for errors.Is.
var (
	// ErrNoObject: what came is no CiscoIPPhone XML, but for example a web
	// page for people.
	ErrNoObject = errors.New("no CiscoIPPhone object")
	// ErrUnsupported: an object of later phones.
	ErrUnsupported = errors.New("an object that this phone does not show")
	// ErrMalformed: the object lacks what makes it one.
	ErrMalformed = errors.New("a broken CiscoIPPhone object")
	// ErrRedirect: too many redirections, a loop, or one to where the phone
	// does not follow.
	ErrRedirect = errors.New("a redirection that is not followed")
	// ErrHost: the server's name is not known.
	ErrHost = errors.New("the server's name is not known")

	ErrTimeout     = fetch.ErrTimeout
	ErrUnreachable = fetch.ErrUnreachable
	ErrNotFound    = fetch.ErrNotFound
	ErrAccess      = fetch.ErrAccess
	ErrTooLarge    = fetch.ErrTooLarge
	ErrSize        = fetch.ErrSize
	ErrProtocol    = fetch.ErrProtocol
	ErrServer      = fetch.ErrServer
)

// Error is why a page could not be had.
type Error struct {
	// Address of the page without user and query, either of which may hold a
	// password.
	Address string
	// Status of HTTP, 0 if no answer came.
	Status int
	// Detail is what happened, Remedy what to do; either may be empty.
	Detail, Remedy string
	// Realm, if Err is ErrAccess and a user would help, is what the server
	// calls the place, cleaned. It may be empty with Asked true.
	Realm string
	// Asked: the server wants a user and password; see [Client.Authorize].
	Asked bool
	// Err is one of the errors above, or the cause of the context's end.
	Err error
}

// Error gives it in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %v", e.Address, e.Err)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Remedy != "" {
		fmt.Fprintf(&b, ": %s", e.Remedy)
	}
	return b.String()
}

// Unwrap gives the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// shown is an address as errors and logs may show it.
func shown(u *url.URL) string {
	public := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return line(public.String(), 120)
}
