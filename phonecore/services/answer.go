package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"deskset/provisioning/fetch"
	"deskset/provisioning/param"
)

func errSlow(d time.Duration) error {
	return &Error{Err: ErrTimeout, Detail: fmt.Sprintf("not all of it came in %s", d), Remedy: "check the server, and the network to it"}
}

func errStalled(d time.Duration) error {
	return &Error{Err: ErrTimeout, Detail: fmt.Sprintf("nothing came for %s", d), Remedy: "check the server, and the network to it"}
}

// explain says what an error of a request means.
func explain(parent, own context.Context, at *url.URL, err error) error {
	var ours *Error
	var host *net.DNSError
	if parent.Err() == nil && (errors.As(err, &ours) || errors.As(context.Cause(own), &ours)) {
		known := *ours
		known.Address = shown(at)
		return &known
	}
	e := &Error{Address: shown(at)}
	e.Err, e.Detail, e.Remedy = fetch.Explain(parent, own, err)
	switch {
	case errors.As(err, &host) && host.IsNotFound:
		e.Err, e.Detail, e.Remedy = ErrHost, line(host.Name, maxName), "check the server's name, and the phone's name server"
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Err, e.Detail = ErrSize, "the connection ended in the middle of the page"
	}
	e.Detail = line(e.Detail, 160)
	return e
}

// judge tells what is wrong with an answer before its body (RFC 9110 section
// 15); nil if nothing is.
func judge(at *url.URL, r *http.Response) error {
	e := &Error{Address: shown(at), Status: r.StatusCode, Detail: line(r.Status, maxName)}
	encoding := strings.ToLower(r.Header.Get("Content-Encoding"))
	switch code := r.StatusCode; {
	case code == http.StatusUnauthorized:
		e.Err, e.Asked, e.Realm = ErrAccess, true, realm(r.Header)
		e.Remedy = "give the user and password that the server wants"
	case code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		e.Err, e.Remedy = ErrAccess, "allow this phone on the server or proxy"
	case code == http.StatusNotFound, code == http.StatusGone:
		e.Err, e.Remedy = ErrNotFound, "check the address"
	case code >= 400:
		e.Err, e.Remedy = ErrServer, "look into the server's log"
	case code != http.StatusOK:
		e.Err, e.Remedy = ErrProtocol, "check what listens there"
	case encoding != "" && encoding != "identity":
		e.Err, e.Detail = ErrProtocol, "compressed although that was not asked for"
	case r.ContentLength > MaxSize:
		e.Err, e.Detail = ErrTooLarge, fmt.Sprintf("%d bytes, at most %d are taken", r.ContentLength, MaxSize)
	default:
		return nil
	}
	return e
}

var realmParameter = regexp.MustCompile(`(?i)\brealm\s*=\s*"([^"\\]{0,200})"`)

// realm is what a server calls what it protects (RFC 9110 section 11.5).
func realm(h http.Header) string {
	for _, challenge := range h.Values("WWW-Authenticate") {
		if m := realmParameter.FindStringSubmatch(challenge); m != nil {
			return line(m[1], maxName)
		}
	}
	return ""
}

// page makes a page of an answer.
func (c *Client) page(at *url.URL, r *http.Response, data []byte) (*Page, error) {
	object, notes, err := Parse(shown(at), r.Header.Get("Content-Type"), data)
	if err != nil {
		return nil, &Error{Address: shown(at), Status: r.StatusCode, Err: err, Remedy: "check what the server sends"}
	}
	p := &Page{URL: at, Object: object, Notes: notes, Expired: expired(r.Header, time.Now()), device: c.options.Device}
	if p.Refresh, err = p.refresh(r.Header.Get("Refresh")); err != nil {
		p.Notes = append(p.Notes, param.Problem{Severity: param.Warning, Code: param.CodeBadValue, Source: shown(at), Text: "header Refresh: " + err.Error()})
	}
	return p, nil
}

// expired tells whether a page was out of date when it came (RFC 9110 section
// 5.6.7; what is no date counts as past, as servers that send 0 or -1 mean it).
func expired(h http.Header, now time.Time) bool {
	expires := h.Get("Expires")
	if expires == "" {
		return false
	}
	until, err := http.ParseTime(expires)
	if err != nil {
		return true
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // both by the server's clock
	}
	return !until.After(now)
}

// maxRefresh in seconds, a day.
const maxRefresh = 24 * 60 * 60

// refresh reads the header Refresh: seconds, then perhaps a URL, with or
// without "url=" and quotes, behind a semicolon or comma. Without a URL it is
// the page itself; 0 or no seconds wait for the key.
func (p *Page) refresh(header string) (Refresh, error) {
	if header = strings.TrimSpace(header); header == "" {
		return Refresh{}, nil
	}
	number, target := header, ""
	if i := strings.IndexAny(header, ";,"); i >= 0 {
		number, target = header[:i], strings.TrimSpace(header[i+1:])
	}
	if len(target) > 4 && strings.EqualFold(target[:3], "url") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(target[3:]), "="); ok {
			target = strings.TrimSpace(value)
		}
	}
	target = strings.Trim(target, `"'`)
	wait := Refresh{URL: p.URL}
	if number = strings.TrimSpace(number); number != "" {
		seconds, err := strconv.ParseFloat(number, 64)
		if err != nil || seconds != seconds || seconds < 0 {
			return Refresh{}, fmt.Errorf("%q: want seconds", line(number, maxTitle))
		}
		wait.After = time.Duration(min(seconds, maxRefresh)) * time.Second
	}
	if target == "" {
		return wait, nil
	}
	uri, err := p.Resolve(target)
	if err != nil {
		return Refresh{}, err
	}
	to, ok := uri.(Fetch)
	if !ok {
		return Refresh{}, refuse(target, "want http:// or https://")
	}
	wait.URL = to.URL
	return wait, nil
}
