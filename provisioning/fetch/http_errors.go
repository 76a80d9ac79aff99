package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"deskset/provisioning/tftp"
)

// Error tells which server, which file, what happened and what to do.
type Error struct {
	// Server is the Source's name.
	Server string
	File   string
	// Detail is what the server said or did, cleaned; may be empty.
	Detail string
	// Remedy says what to do; may be empty.
	Remedy string
	Err    error
	// Cause is the error of the system or of TLS behind Err, nil if there is
	// none.
	Cause error
}

// Error gives it in one line:
//
//	https://pbx.example/p/ SIPDefault.cnf: file not found (404 Not Found): put it ...
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %v", e.Server, tftp.Clean(e.File), e.Err)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Remedy != "" {
		fmt.Fprintf(&b, ": %s", e.Remedy)
	}
	return b.String()
}

// Unwrap gives the sentinel, and the cause behind it.
func (e *Error) Unwrap() []error { return []error{e.Err, e.Cause} }

// fault is what went wrong before it is known where. Its remedy stands for the
// usual one of err.
type fault struct {
	err            error
	detail, remedy string
	cause          error
}

// Error implements error, for the ways through packages net/http and context.
func (f fault) Error() string { return f.detail }

var httpRemedies = []struct {
	err    error
	remedy string
}{
	{ErrTimeout, "check that the web server runs there, and the way to it"},
	{ErrUnreachable, "check the server's name and port, and the network"},
	{ErrNotFound, "put it into that directory; upper and lower case matter"},
	{ErrTooLarge, "check that it is the right file"},
	{ErrSize, "check the server, and what stands between it and this machine"},
	{ErrProtocol, "check what listens there"},
	{ErrServer, "look into the server's log"},
	{ErrName, "want a name without control characters and without .."},
}

func (s *httpSource) fail(file string, f fault) error {
	return &Error{Server: s.String(), File: file, Detail: tftp.Clean(f.detail), Remedy: f.whatToDo(), Err: f.err, Cause: f.cause}
}

// whatToDo is the remedy, or the usual one of the error.
func (f fault) whatToDo() string {
	for _, r := range httpRemedies {
		if f.remedy == "" && errors.Is(f.err, r.err) {
			return r.remedy
		}
	}
	return f.remedy
}

// explain finds out what an error of package net/http means. The caller's
// context comes first, then what ended the transfer's own.
func explain(parent, own context.Context, err error) fault {
	if parent.Err() != nil {
		return fault{err: context.Cause(parent)}
	}
	var ours fault
	if errors.As(err, &ours) || errors.As(context.Cause(own), &ours) {
		return ours
	}
	var where *url.Error
	if errors.As(err, &where) {
		err = where.Err // without its address
	}
	if f := explainTLS(err); f.err != nil {
		f.cause = err
		return f
	}
	var timeout net.Error
	var network *net.OpError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return fault{err: ErrTimeout, detail: err.Error()}
	case errors.As(err, &network):
		return fault{err: ErrUnreachable, detail: cmp.Or(network.Err, err).Error(), cause: err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return fault{err: ErrProtocol, detail: "the connection was closed without an answer"}
	}
	const preface = "net/http: HTTP/1.x transport connection broken: "
	return fault{err: ErrProtocol, detail: strings.TrimPrefix(err.Error(), preface)}
}

// explainTLS knows the errors of certificates.
func explainTLS(err error) fault {
	f := fault{err: ErrProtocol, detail: err.Error()}
	var (
		unknown  x509.UnknownAuthorityError
		host     x509.HostnameError
		invalid  x509.CertificateInvalidError
		alert    *net.OpError
		noRecord tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		f.detail = "its certificate is signed by an authority that is not trusted here"
		f.remedy = "name a file with the authority's certificate in provision_ca, or give the server one of a known authority"
	case errors.As(err, &host):
		f.detail, f.remedy = host.Error(), "use a name that the certificate is for"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		f.detail = fmt.Sprintf("its certificate is valid from %s to %s",
			invalid.Cert.NotBefore.UTC().Format(time.DateOnly), invalid.Cert.NotAfter.UTC().Format(time.DateOnly))
		f.remedy = "renew it on the server, or correct this machine's clock"
	case errors.As(err, &invalid):
		f.remedy = "give the server another certificate"
	case errors.As(err, &alert) && alert.Op == "remote error": // package tls does not export its alerts
		f.detail = alert.Err.Error()
		if f.remedy = "check the server's TLS versions: 1.2 or 1.3 is wanted"; strings.Contains(f.detail, "certificate") {
			f.err, f.remedy = ErrAccess, "give this phone a client's certificate that the server accepts"
		}
	case errors.As(err, &noRecord):
		f.remedy = "check whether the server speaks https on this port, or use http://"
	default:
		return fault{}
	}
	return f
}
