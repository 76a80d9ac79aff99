package phonecore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"syscall"

	"deskset/phonecore/text"
	"deskset/provisioning/fetch"
)

// problem is why a try has failed.
type problem struct {
	kind   problemKind
	server string
	code   int // SIP status, 0 for none
	reason string
	err    error
	mac    string
}

type problemKind uint8

const (
	problemAccount problemKind = iota
	problemFetch
	problemLab
	problemSound
)

// trouble is a problem in words: what happened and what to do.
type trouble struct {
	is           func(problem) bool
	what, remedy text.ID
}

// troubles are what can be wrong, the most telling first: errors come before
// the status that sipua gives them.
var troubles = []trouble{
	{ofKind(problemLab), text.WrongLab, text.WrongLabDo},
	{ofKind(problemSound), text.WrongSound, text.WrongSoundDo},

	{noSuchName, text.WrongName, text.WrongNameDo},
	{caused[*net.DNSError], text.WrongDNS, text.WrongDNSDo},
	{changed, text.CertChanged, text.CertChangedDo},
	{untrusted, text.WrongAuthority, text.WrongAuthorityDo},
	{nameless, text.WrongNameless, text.WrongNamelessDo},
	{caused[x509.HostnameError], text.WrongHost, text.WrongHostDo},
	{expired, text.WrongExpired, text.WrongExpiredDo},
	{caused[x509.CertificateInvalidError], text.WrongAuthority, text.WrongAuthorityDo},
	{caused[tls.RecordHeaderError], text.WrongTLS, text.WrongTLSDo},
	{noRoute, text.WrongRoute, text.WrongRouteDo},
	{both(ofKind(problemFetch), refused), text.WrongRefused, text.WrongReachDo},
	{refused, text.WrongRefused, text.WrongRefusedDo},

	{is(fetch.ErrNotFound), text.WrongNoFile, text.WrongNoFileDo},
	{is(fetch.ErrAccess), text.WrongLogin, text.WrongLoginDo},
	{is(fetch.ErrUnreachable), text.WrongRefused, text.WrongReachDo},
	{both(ofKind(problemFetch), timedOut), text.WrongSilent, text.WrongReachDo},
	{timedOut, text.WrongSilent, text.WrongSilentDo},
	{ofKind(problemFetch), text.WrongFetch, text.WrongFetchDo},

	{status(401, 407), text.WrongPassword, text.WrongPasswordDo},
	{status(403), text.WrongForbidden, text.WrongForbiddenDo},
	{status(404, 410, 604), text.WrongUnknown, text.WrongUnknownDo},
	{func(w problem) bool { return w.err == nil && w.code/100 == 5 }, text.WrongServer, text.WrongServerDo},
	{func(problem) bool { return true }, text.WrongOther, text.WrongOtherDo},
}

// trouble is the row of the table for a problem.
func (w problem) trouble() trouble {
	return troubles[slices.IndexFunc(troubles, func(t trouble) bool { return t.is(w) })]
}

// explain words a problem.
func (w problem) explain() (what, remedy string) {
	t := w.trouble()
	switch t.what {
	case text.WrongHost:
		what = text.Get(t.what, w.server, certifiedNames(w.err))
	case text.WrongExpired:
		from, until := validity(w.err)
		what = text.Get(t.what, w.server, from, until)
	case text.WrongLab, text.WrongSound:
		what = text.Get(t.what, w.reason)
	case text.WrongServer:
		what = text.Get(t.what, w.server, w.code)
	case text.WrongOther:
		what = text.Get(t.what, w.server, w.code, w.reason)
	default:
		what = text.Get(t.what, w.server)
	}
	switch t.remedy {
	case text.WrongNoFileDo:
		return what, text.Get(t.remedy, w.mac)
	case text.WrongFetchDo:
		return what, text.Get(t.remedy, w.server)
	}
	return what, text.Get(t.remedy)
}

func ofKind(k problemKind) func(problem) bool { return func(w problem) bool { return w.kind == k } }

func both(a, b func(problem) bool) func(problem) bool {
	return func(w problem) bool { return a(w) && b(w) }
}

func is(target error) func(problem) bool {
	return func(w problem) bool { return errors.Is(w.err, target) }
}

func status(codes ...int) func(problem) bool {
	return func(w problem) bool { return w.err == nil && slices.Contains(codes, w.code) }
}

func caused[E error](w problem) bool {
	_, ok := errors.AsType[E](w.err)
	return ok
}

func noSuchName(w problem) bool {
	e, ok := errors.AsType[*net.DNSError](w.err)
	return ok && e.IsNotFound
}

func nameless(w problem) bool {
	e, ok := errors.AsType[x509.HostnameError](w.err)
	return ok && len(e.Certificate.DNSNames) == 0 && len(e.Certificate.IPAddresses) == 0
}

func expired(w problem) bool {
	e, ok := errors.AsType[x509.CertificateInvalidError](w.err)
	return ok && e.Reason == x509.Expired
}

// Numbers of the same errors on Windows (winsock2.h), where package syscall
// gives its constants other values.
const (
	wsaNetUnreach  syscall.Errno = 10051
	wsaRefused     syscall.Errno = 10061
	wsaHostUnreach syscall.Errno = 10065
)

func untrusted(w problem) bool {
	return certificateOf(w.err) != nil || caused[x509.UnknownAuthorityError](w)
}

func changed(w problem) bool {
	e := certificateOf(w.err)
	return e != nil && e.Changed
}

func refused(w problem) bool { return hasErrno(w.err, syscall.ECONNREFUSED, wsaRefused) }

func noRoute(w problem) bool {
	return hasErrno(w.err, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, wsaNetUnreach, wsaHostUnreach)
}

func hasErrno(err error, numbers ...syscall.Errno) bool {
	errno, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains(numbers, errno)
}

// timedOut is no answer at all: of a transaction (408 by sipua itself), of a
// connection, of a file server.
func timedOut(w problem) bool {
	slow, ok := errors.AsType[net.Error](w.err)
	return w.code == 408 || ok && slow.Timeout() || errors.Is(w.err, fetch.ErrTimeout) || errors.Is(w.err, context.DeadlineExceeded)
}
