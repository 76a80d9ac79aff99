package services

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"deskset/provisioning/fetch"
)

// Bounds of a fetch.
const (
	// MaxSize of a page, its pictures included.
	MaxSize = 64 << 10

	maxRedirects = 5
	maxHeader    = 16 << 10
	maxDrain     = 4 << 10
	maxServers   = 32 // whose passwords are kept
	idleConns    = 2
	idleTime     = 30 * time.Second
)

// times bound a fetch; shorter in tests.
type times struct{ whole, answer, stall time.Duration }

var standardTimes = times{whole: 10 * time.Second, answer: 6 * time.Second, stall: 4 * time.Second}

// Options of a client. The zero value is ready to use.
type Options struct {
	// Device replaces #DEVICENAME# in URLs: SEP and the MAC address.
	Device string
	// Model is what the phone says it is, "CP-7960" if empty: servers choose
	// by it what they send.
	Model string
	// Version of the program, for the User-Agent.
	Version string
	// Language of the pages wanted, such as "de"; "en" if empty.
	Language string
	// Proxy for all pages (http_proxy_addr); nil takes that of the
	// environment.
	Proxy *url.URL
	// RootCAs are the authorities to trust; nil: those of the system.
	RootCAs *x509.CertPool
	// Log gets one record per page; nil discards.
	Log *slog.Logger

	times times
}

// Client fetches pages. Its methods may be called from several goroutines.
type Client struct {
	options   Options
	transport *http.Transport

	mu sync.Mutex
	// users answer the servers that ask, by origin.
	users map[string]http.RoundTripper
}

// NewClient makes a client; close it.
func NewClient(o Options) *Client {
	o.Model = cmp.Or(o.Model, "CP-7960")
	o.Language = cmp.Or(o.Language, "en")
	o.Version = cmp.Or(o.Version, "0")
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	o.times = cmp.Or(o.times, standardTimes)
	proxy := http.ProxyFromEnvironment
	if o.Proxy != nil {
		proxy = http.ProxyURL(o.Proxy)
	}
	return &Client{
		options: o,
		users:   map[string]http.RoundTripper{},
		transport: &http.Transport{
			Proxy:                  proxy,
			DialContext:            (&net.Dialer{Timeout: o.times.answer}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
			DisableCompression:     true, // nothing may grow on its way to us
			ResponseHeaderTimeout:  o.times.answer,
			MaxResponseHeaderBytes: maxHeader,
			MaxIdleConns:           idleConns,
			IdleConnTimeout:        idleTime,
		},
	}
}

// Close ends the connections that are kept and forgets all passwords.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.users)
	c.transport.CloseIdleConnections()
	return nil
}

// Authorize gives the user and password that the server of an address is to
// get when it asks for them.
func (c *Client) Authorize(address, user, password string) error {
	at, err := parseFetch(expand(address, c.options.Device), nil)
	if err != nil {
		return err
	}
	c.authorize(at.(Fetch).URL, user, password)
	return nil
}

func (c *Client) authorize(server *url.URL, user, password string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.users) >= maxServers {
		clear(c.users)
	}
	c.users[fetch.Origin(server)] = fetch.Authorize(c.transport, server, user, password, c.options.Log)
}

// way is how requests reach a server.
func (c *Client) way(server *url.URL) http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	if user, ok := c.users[fetch.Origin(server)]; ok {
		return user
	}
	return c.transport
}

// Fetch gets a page. A user and password in the address are for its server.
// Errors are of type *Error, or ErrURI for what is no address.
func (c *Client) Fetch(ctx context.Context, address string) (*Page, error) {
	uri, err := ParseURI(expand(address, c.options.Device), nil)
	if err != nil {
		return nil, err
	}
	first, ok := uri.(Fetch)
	if !ok {
		return nil, refuse(address, "want http:// or https://")
	}
	at := first.URL
	if user := at.User; user != nil {
		at.User = nil
		if password, _ := user.Password(); c.way(at) == c.transport {
			c.authorize(at, user.Username(), password)
		}
	}
	began := time.Now()
	page, err := c.follow(ctx, at)
	log := c.options.Log.With("address", shown(at), "took", time.Since(began))
	if err != nil {
		log.Info("service failed", "error", err)
		return nil, err
	}
	log.Info("service fetched", "object", fmt.Sprintf("%T", page.Object), "notes", len(page.Notes))
	return page, nil
}

// follow gets a page by way of redirections.
func (c *Client) follow(parent context.Context, at *url.URL) (*Page, error) {
	ctx, stop := context.WithTimeoutCause(parent, c.options.times.whole, errSlow(c.options.times.whole))
	defer stop()
	seen := map[string]bool{}
	for {
		if seen[at.String()] {
			return nil, &Error{Address: shown(at), Err: ErrRedirect, Detail: "a loop", Remedy: remedyRedirect}
		}
		seen[at.String()] = true
		next, page, err := c.hop(parent, ctx, at)
		if err != nil || page != nil {
			return page, err
		}
		if len(seen) > maxRedirects {
			return nil, &Error{Address: shown(at), Err: ErrRedirect, Detail: fmt.Sprintf("more than %d", maxRedirects), Remedy: remedyRedirect}
		}
		at = next
	}
}

const remedyRedirect = "correct the redirection on the server, or the address"

// hop makes one request: it gives the page or where to go next.
func (c *Client) hop(parent, ctx context.Context, at *url.URL) (next *url.URL, page *Page, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, nil, &Error{Address: shown(at), Err: ErrURI}
	}
	c.introduce(request.Header)
	response, err := c.way(at).RoundTrip(request)
	if err != nil {
		return nil, nil, explain(parent, ctx, at, err)
	}
	defer response.Body.Close()
	if location := response.Header.Get("Location"); location != "" && isRedirection(response.StatusCode) {
		_, _ = io.CopyN(io.Discard, response.Body, maxDrain)
		next, err := redirected(at, location)
		return next, nil, err
	}
	if fail := judge(at, response); fail != nil {
		_, _ = io.CopyN(io.Discard, response.Body, maxDrain)
		return nil, nil, fail
	}
	data, err := c.read(response.Body, cancel)
	if err != nil {
		return nil, nil, explain(parent, ctx, at, err)
	}
	page, err = c.page(at, response, data)
	return nil, page, err
}

// introduce says who asks, in the way the servers of such phones read it.
func (c *Client) introduce(h http.Header) {
	h.Set("User-Agent", "Deskset/"+c.options.Version)
	h.Set("Accept", "x-CiscoIPPhone/*, text/xml, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1")
	h.Set("Accept-Language", c.options.Language)
	h.Set("Accept-Charset", "utf-8, iso-8859-1;q=0.8")
	h.Set("Accept-Encoding", "identity")
	// Servers choose by these between pictures of two bits and PNG files, and
	// whether to send soft keys.
	h.Set("X-CiscoIPPhoneModelName", c.options.Model)
	h.Set("X-CiscoIPPhoneDisplay", fmt.Sprintf("%d, %d, 2, G", paneWidth, paneHeight))
	h.Set("X-CiscoIPPhoneSDKVersion", "3.3.4")
}

func isRedirection(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirected is where a redirection leads: to http and https, never from
// https to http, and without a user that the redirection names.
func redirected(from *url.URL, location string) (*url.URL, error) {
	uri, err := parseFetch(location, from)
	fail := &Error{Address: shown(from), Err: ErrRedirect, Remedy: remedyRedirect}
	if err != nil {
		scheme, _, _ := strings.Cut(location, ":")
		fail.Detail = "to " + line(scheme, maxTitle) + ":"
		return nil, fail
	}
	to := uri.(Fetch).URL
	to.User = nil
	if from.Scheme == "https" && to.Scheme == "http" {
		fail.Detail = "from https to http on " + line(to.Host, maxName)
		return nil, fail
	}
	return to, nil
}

// read takes the body, within its size and times.
func (c *Client) read(body io.Reader, cancel context.CancelCauseFunc) ([]byte, error) {
	stall := time.AfterFunc(c.options.times.stall, func() { cancel(errStalled(c.options.times.stall)) })
	defer stall.Stop()
	var data []byte
	buffer := make([]byte, 8<<10)
	for {
		n, err := body.Read(buffer)
		stall.Reset(c.options.times.stall)
		data = append(data, buffer[:n]...)
		switch {
		case len(data) > MaxSize:
			return nil, &Error{Err: ErrTooLarge, Detail: fmt.Sprintf("more than %d KiB", MaxSize>>10)}
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		}
	}
}
