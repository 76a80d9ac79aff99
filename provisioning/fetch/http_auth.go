package fetch

import (
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/icholy/digest"
)

// authorizer gives user and password to one server when it asks, and to no
// other. What was once refused is not tried again: servers ban who does.
type authorizer struct {
	next           http.RoundTripper
	origin         string
	user, password string
	log            *slog.Logger

	mu        sync.Mutex
	basic     bool // asked for
	challenge *digest.Challenge
	count     int // answers to challenge
	refused   bool
}

// origin is a server: scheme, host and port (RFC 6454 section 4).
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

// RoundTrip implements http.RoundTripper.
func (a *authorizer) RoundTrip(request *http.Request) (*http.Response, error) {
	if origin(request.URL) != a.origin {
		return a.next.RoundTrip(request)
	}
	said := a.answer(request)
	response, err := a.send(request, said)
	if err != nil || response.StatusCode != http.StatusUnauthorized || !a.learn(response.Header, said) {
		return response, err
	}
	_, _ = io.CopyN(io.Discard, response.Body, maxDrain)
	_ = response.Body.Close()
	said = a.answer(request)
	if response, err = a.send(request, said); err == nil && response.StatusCode == http.StatusUnauthorized {
		a.learn(response.Header, said)
	}
	return response, err
}

func (a *authorizer) send(request *http.Request, authorization string) (*http.Response, error) {
	if authorization != "" {
		request = request.Clone(request.Context())
		request.Header.Set("Authorization", authorization)
	}
	return a.next.RoundTrip(request)
}

// answer makes the Authorization header; empty before the server has asked.
func (a *authorizer) answer(request *http.Request) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.refused:
		return ""
	case a.challenge != nil:
		a.count++
		credentials, err := digest.Digest(a.challenge, digest.Options{
			Method: request.Method, URI: request.URL.RequestURI(),
			Count: a.count, Username: a.user, Password: a.password,
		})
		if err != nil {
			return ""
		}
		return credentials.String()
	case a.basic:
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.user+":"+a.password))
	}
	return ""
}

// learn takes what a refusal asks for, and tells whether there is something
// new to answer. said is what was refused.
func (a *authorizer) learn(header http.Header, said string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	challenge, err := digest.FindChallenge(header)
	switch {
	case a.refused:
		return false
	case err == nil && (said == "" || challenge.Stale):
		a.challenge, a.count = challenge, 0
		return true
	case said != "":
		a.refused = true
		a.log.Warn("user and password were refused and are not tried again", "server", a.origin, "user", a.user)
		return false
	case !a.basic && asksBasic(header):
		a.basic = true
		if strings.HasPrefix(a.origin, "http:") {
			a.log.Warn("the password goes over the network in clear; use https", "server", a.origin)
		}
	}
	return a.basic
}

func asksBasic(header http.Header) bool {
	for _, challenge := range header.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(strings.TrimSpace(challenge), " "); strings.EqualFold(scheme, "Basic") {
			return true
		}
	}
	return false
}
