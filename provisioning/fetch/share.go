package fetch

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
)

// What the phone's other web client, for its XML services, has in common with
// this one.

// Authorize gives user and password to one server, when it asks for them by
// Digest or Basic, and to no other. Once they were refused they are not sent
// again. A nil log discards.
func Authorize(next http.RoundTripper, server *url.URL, user, password string, log *slog.Logger) http.RoundTripper {
	log = cmp.Or(log, slog.New(slog.DiscardHandler))
	return &authorizer{next: next, origin: origin(server), user: user, password: password, log: log}
}

// Origin is the scheme, host and port of a server, to compare servers by.
func Origin(u *url.URL) string { return origin(u) }

// Explain tells what an error of package net/http means: one of this package's
// errors or the cause of the caller's context, what happened, and what to do;
// the texts may be empty. parent is the caller's context, own that of the
// request.
func Explain(parent, own context.Context, err error) (kind error, detail, remedy string) {
	f := explain(parent, own, err)
	return f.err, f.detail, f.whatToDo()
}
