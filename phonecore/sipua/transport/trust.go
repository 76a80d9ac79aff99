package transport

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"
)

// Limits of a file of authorities.
const (
	maxAuthorities = 64
	sessionCache   = 32
)

// CertificateError is a server's certificate that nobody whom we trust has
// signed: a person may trust it, unless it has Changed.
type CertificateError struct {
	// Host is what was asked for.
	Host string
	// Subject and Issuer are names in the certificate, as it says.
	Subject, Issuer string
	// Fingerprint is the SHA-256 of the certificate, in hexadecimal.
	Fingerprint         string
	NotBefore, NotAfter time.Time
	// Changed: another certificate was trusted for this host before.
	Changed bool
	// Misnamed: it does not name the host.
	Misnamed bool

	cause error
}

func (e *CertificateError) Error() string {
	if e.Changed {
		return fmt.Sprintf("the certificate of %s is not the one that was trusted before", e.Host)
	}
	return fmt.Sprintf("the certificate of %s is signed by nobody who is trusted here", e.Host)
}

// Unwrap gives what package x509 says.
func (e *CertificateError) Unwrap() error { return e.cause }

// Trust is whose certificates are believed, and the one that we show. Its
// methods may be called from any goroutine.
type Trust struct {
	mu    sync.Mutex
	roots *x509.CertPool // nil until they are asked for
	added []*x509.Certificate
	// pins are the fingerprints that a person has trusted, by host.
	pins   map[string]string
	client *tls.Certificate
	cache  tls.ClientSessionCache
}

// NewTrust believes the system's authorities.
func NewTrust() *Trust {
	return &Trust{pins: map[string]string{}, cache: tls.NewLRUClientSessionCache(sessionCache)}
}

// Authorities reads certificates in PEM.
func Authorities(data []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if len(list) == maxAuthorities {
			return nil, fmt.Errorf("more than %d certificates", maxAuthorities)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(list)+1, err)
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, errors.New("no certificate (want PEM: -----BEGIN CERTIFICATE-----)")
	}
	return list, nil
}

// Add believes further authorities, beside the system's and in place of those
// of the last call.
func (t *Trust) Add(authorities []*x509.Certificate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roots, t.added, t.cache = nil, authorities, tls.NewLRUClientSessionCache(sessionCache)
}

// believed is everybody who is. It is called with the lock held. To read the
// system's authorities takes longer than the rest of a start-up, so it is not
// done before somebody shows a certificate.
func (t *Trust) believed() *x509.CertPool {
	if t.roots != nil {
		return t.roots
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, c := range t.added {
		pool.AddCert(c)
	}
	t.roots = pool
	return pool
}

// Pin sets the fingerprints that a person has trusted, by host.
func (t *Trust) Pin(pins map[string]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pins = maps.Clone(pins)
}

// Show sets the certificate that we show to servers that ask for one.
func (t *Trust) Show(c *tls.Certificate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.client = c
}

// config is for a connection to a host.
func (t *Trust) config(host string) *tls.Config {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, ClientSessionCache: t.cache}
	if t.client != nil {
		c.Certificates = []tls.Certificate{*t.client}
	}
	// Package tls would check without asking for pins; VerifyConnection is called
	// for resumed sessions too.
	c.InsecureSkipVerify = true
	c.VerifyConnection = func(s tls.ConnectionState) error { return t.verify(host, s.PeerCertificates) }
	return c
}

// verify checks the chain first and the name then: a certificate that signs
// itself deserves a question, one that a trusted authority gave to somebody
// else does not.
//
// A pin stands in for an authority that is missing; it does not shut out the
// authorities that are believed. A person who has trusted a server's own
// certificate has not said that the server may never get one from an authority:
// when its operator does, all is better than before, and a refusal would only
// teach people to say yes. Who can get a certificate from such an authority in
// the host's name could deceive every phone without a pin as well.
func (t *Trust) verify(host string, chain []*x509.Certificate) error {
	if len(chain) == 0 {
		return errors.New("the server has no certificate")
	}
	t.mu.Lock()
	roots, pin := t.believed(), t.pins[pinName(host)]
	t.mu.Unlock()
	leaf := chain[0]
	o := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(o)
	if err == nil {
		return leaf.VerifyHostname(bracketless(host))
	}
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		return err
	}
	sum := sha256.Sum256(leaf.Raw)
	print := hex.EncodeToString(sum[:])
	if pin == print {
		return nil
	}
	return &CertificateError{
		Host: host, Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(), Fingerprint: print,
		NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, Changed: pin != "", cause: err,
		Misnamed: leaf.VerifyHostname(bracketless(host)) != nil,
	}
}

// pinName is how a host stands in the list of pins.
func pinName(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

func bracketless(host string) string { return strings.TrimSuffix(strings.Trim(host, "[]"), ".") }

// Verified tells whether there is a connection by TLS to a destination whose
// certificate was checked.
func (n *Net) Verified(to Destination) bool {
	n.mu.Lock()
	s := n.streams[streamKey{to.Network, to.Addr}]
	n.mu.Unlock()
	if s == nil || to.Network != TLS {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil && s.verified
}
