package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"deskset/provisioning/tftp"
)

// Defaults and bounds of an HTTP source.
const (
	// defaultConnectTimeout lets the third repetition of a lost SYN through
	// (RFC 6298: after 1, 3 and 7 seconds).
	defaultConnectTimeout = 10 * time.Second
	defaultAnswerTimeout  = 20 * time.Second
	defaultStallTimeout   = 10 * time.Second

	// graceTime and minRate end a transfer that drips, as in package tftp.
	graceTime = 20 * time.Second
	minRate   = 2048

	maxRedirects = 5
	maxHeader    = 64 << 10
	// maxDrain is read of an answer that is no file, so that its connection
	// can serve the next one.
	maxDrain  = 4 << 10
	idleConns = 2
	idleTime  = 30 * time.Second
)

// HTTPOptions says how to speak to a server. The zero value is ready to use.
type HTTPOptions struct {
	// RootCAs are the authorities to trust; nil: those of the system.
	RootCAs *x509.CertPool
	// Certificates of ours, for servers that ask for one.
	Certificates []tls.Certificate
	// ConnectTimeout is for the connection, AnswerTimeout for everything up to
	// the end of the answer's headers, redirections included, StallTimeout for
	// each silence in a file. Zero is the default.
	ConnectTimeout, AnswerTimeout, StallTimeout time.Duration
	// Trace goes round what speaks to the server, below authorization and
	// redirections; nil is no trace.
	Trace func(http.RoundTripper) http.RoundTripper
	// Log gets one record per file; nil discards.
	Log *slog.Logger

	// dial stands in for the network in tests.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (o HTTPOptions) withDefaults() HTTPOptions {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&o.ConnectTimeout, defaultConnectTimeout},
		{&o.AnswerTimeout, defaultAnswerTimeout},
		{&o.StallTimeout, defaultStallTimeout},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.dial == nil {
		o.dial = (&net.Dialer{Timeout: o.ConnectTimeout}).DialContext
	}
	return o
}

// HTTP is a directory on a web server: base is http or https, without query.
// A user and password in it are for that server alone, and are given when it
// asks: by Digest (RFC 7616) if it offers that, else by Basic (RFC 7617).
// The Source is an io.Closer.
//
// Redirections are followed, five at most, to http and https, never from https
// to http. Errors are of type *Error.
func HTTP(base *url.URL, options HTTPOptions) (Source, error) {
	o := options.withDefaults()
	at := url.URL{Scheme: strings.ToLower(base.Scheme), Host: base.Host, Path: base.Path, RawPath: base.RawPath}
	if !strings.HasSuffix(at.Path, "/") {
		at.Path, at.RawPath = at.Path+"/", at.EscapedPath()+"/"
	}
	s := &httpSource{base: at, options: o}
	switch {
	case at.Scheme != "http" && at.Scheme != "https" || base.Opaque != "" || at.Hostname() == "":
		return nil, fmt.Errorf("provisioning address %s: want http://SERVER/DIRECTORY/ or https://SERVER/DIRECTORY/", s)
	case base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("provisioning address %s: want a directory, without ? and #", s)
	}
	s.transport = &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: o.dial,
		TLSClientConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs, Certificates: o.Certificates,
		},
		DisableCompression:     true, // nothing may grow on its way to us
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           idleConns,
		IdleConnTimeout:        idleTime,
	}
	var wire http.RoundTripper = s.transport
	if o.Trace != nil {
		wire = o.Trace(wire)
	}
	s.client = &http.Client{CheckRedirect: checkRedirect, Transport: wire}
	if user := base.User.Username(); user != "" {
		password, _ := base.User.Password()
		s.auth = &authorizer{next: wire, origin: origin(&at), user: user, password: password, log: o.Log}
		s.client.Transport = s.auth
	}
	return s, nil
}

type httpSource struct {
	base      url.URL // ends in a slash, holds no user
	options   HTTPOptions
	transport *http.Transport
	client    *http.Client
	auth      *authorizer // nil if there is no user
}

// String implements Source.
func (s *httpSource) String() string { return tftp.Clean(s.base.String()) }

// Close ends the connections that are kept for further files.
func (s *httpSource) Close() error {
	s.transport.CloseIdleConnections()
	return nil
}

// Fetch implements Source.
func (s *httpSource) Fetch(ctx context.Context, file string, max int64) ([]byte, error) {
	return whole(ctx, s, file, max)
}

// Download implements Source.
func (s *httpSource) Download(ctx context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) error {
	began := time.Now()
	size, err := s.download(ctx, file, max, w, progress)
	if err != nil {
		s.options.Log.Info("HTTP failed", "server", s.String(), "file", tftp.Clean(file), "took", time.Since(began), "error", err)
		return err
	}
	s.options.Log.Info("HTTP fetched", "server", s.String(), "file", tftp.Clean(file), "took", time.Since(began), "bytes", size)
	return nil
}

func (s *httpSource) download(parent context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) (int64, error) {
	target, ok := s.locate(file)
	if !ok {
		return 0, s.fail(file, fault{err: ErrName})
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return 0, s.fail(file, fault{err: ErrName, detail: err.Error()})
	}
	request.Header.Set("User-Agent", "Deskset")
	request.Header.Set("Accept-Encoding", "identity")
	waiting := time.AfterFunc(s.options.AnswerTimeout, func() {
		cancel(fault{err: ErrTimeout, detail: fmt.Sprintf("no answer in %s", s.options.AnswerTimeout)})
	})
	response, err := s.client.Do(request)
	waiting.Stop()
	if err != nil {
		return 0, s.fail(file, explain(parent, ctx, err))
	}
	t := &transfer{source: s, file: file, max: max, w: w, progress: progress, response: response, cancel: cancel}
	size, err := t.run()
	_ = response.Body.Close()
	if err != nil {
		return 0, s.fail(file, explain(parent, ctx, err))
	}
	return size, nil
}

// locate gives the address of a file, which may lie in a directory below the
// base; what could lead out of it is refused or escaped.
func (s *httpSource) locate(file string) (address string, ok bool) {
	if !tftp.IsFileName(file) {
		return "", false
	}
	at := s.base
	raw := at.EscapedPath()
	separator := ""
	for part := range strings.SplitSeq(file, "/") {
		if part == "" || part == "." {
			continue
		}
		at.Path += separator + part
		raw += separator + url.PathEscape(part)
		separator = "/"
	}
	at.RawPath = raw
	return at.String(), separator != ""
}

// checkRedirect decides whether to follow, and takes away what the next server
// need not know.
func checkRedirect(next *http.Request, via []*http.Request) error {
	from, to := via[len(via)-1].URL, next.URL
	refused := fault{err: ErrProtocol, remedy: "correct the redirection on the server, or the address"}
	switch {
	case len(via) > maxRedirects:
		refused.detail = fmt.Sprintf("more than %d redirections", maxRedirects)
	case to.Scheme != "http" && to.Scheme != "https":
		refused.detail = "redirected to " + to.Scheme + ":, which is not followed"
	case from.Scheme == "https" && to.Scheme == "http":
		refused.detail = "redirected from https to http on " + to.Host + ", which is not followed"
	default:
		next.Header.Del("Referer")
		to.User = nil
		return nil
	}
	return refused
}

// isHTML tells a page for people from a file for phones. What the server calls
// it does not count: scripts that make configuration files call all of them
// HTML.
func isHTML(beginning []byte) bool {
	text := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(beginning), "\xef\xbb\xbf")))
	return strings.HasPrefix(text, "<") && (strings.Contains(text, "<html") || strings.HasPrefix(text, "<!doctype html"))
}
