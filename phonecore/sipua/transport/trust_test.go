package transport_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/transport"
)

// authority signs certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	cert, parsed := certificate(t, "authority.example.com")
	return &authority{t, parsed, cert.PrivateKey.(*ecdsa.PrivateKey)}
}

func (a *authority) sign(name string, until time.Time) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve answers each connection with one line end, until the test ends; got has
// the first line of each.
func serve(t *testing.T, c *tls.Config) (to transport.Destination, got chan string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", c)
	if err != nil {
		t.Fatal(err)
	}
	got = make(chan string, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(10 * time.Second))
			line, _ := bufio.NewReader(c).ReadString('\n')
			got <- line
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	to = at(transport.TLS, uint16(l.Addr().(*net.TCPAddr).Port))
	to.Host = "pbx.example.com"
	return to, got
}

// try sends one message; nil means that it has arrived.
func try(t *testing.T, n *transport.Net, to transport.Destination, got chan string) error {
	t.Helper()
	failed := make(chan error, 1)
	if err := n.Send(to, options("x"), func(err error) { failed <- err }); err != nil {
		return err
	}
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line := <-got:
			if line != "" { // else it is the end of a connection that was refused
				return nil
			}
		case err := <-failed:
			return err
		case <-deadline:
			t.Fatal("neither sent nor refused")
		}
	}
}

func fingerprint(c tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	return hex.EncodeToString(sum[:])
}

func TestWhoseCertificatesAreBelieved(t *testing.T) {
	known, stranger := newAuthority(t), newAuthority(t)
	hour, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	good, other, foreign := known.sign("pbx.example.com", hour), known.sign("evil.example.com", hour), stranger.sign("pbx.example.com", hour)
	var (
		wrongName x509.HostnameError
		invalid   x509.CertificateInvalidError
		unknown   *transport.CertificateError
	)
	for name, c := range map[string]struct {
		cert    tls.Certificate
		pin     string
		want    any // what the error must be, nil for none
		changed bool
	}{
		"signed by a known authority":     {good, "", nil, false},
		"of somebody else":                {other, "", &wrongName, false},
		"expired":                         {known.sign("pbx.example.com", past), "", &invalid, false},
		"signed by a stranger":            {foreign, "", &unknown, false},
		"trusted by a person":             {foreign, fingerprint(foreign), nil, false},
		"another one than was trusted":    {foreign, fingerprint(good), &unknown, true},
		"trusted before an authority was": {good, fingerprint(foreign), nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			to, got := serve(t, &tls.Config{Certificates: []tls.Certificate{c.cert}})
			trust := transport.NewTrust()
			trust.Add([]*x509.Certificate{known.cert})
			if c.pin != "" {
				trust.Pin(map[string]string{"pbx.example.com": c.pin})
			}
			n, _ := start(t, transport.Options{Trust: trust})
			err := try(t, n, to, got)
			switch {
			case c.want == nil && err != nil, c.want != nil && !errors.As(err, c.want):
				t.Fatalf("%v", err)
			case c.want != nil && n.Verified(to):
				t.Error("verified")
			}
			if ce, ok := errors.AsType[*transport.CertificateError](err); ok {
				if ce.Changed != c.changed || ce.Fingerprint != fingerprint(c.cert) || !strings.Contains(ce.Subject, "pbx.example.com") || ce.Host != "pbx.example.com" {
					t.Errorf("%+v", ce)
				}
			}
		})
	}
}

func TestPinsCountWithoutANewStart(t *testing.T) {
	cert := newAuthority(t).sign("pbx.example.com", time.Now().Add(time.Hour))
	to, got := serve(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	trust := transport.NewTrust()
	n, _ := start(t, transport.Options{Trust: trust})
	ce, ok := errors.AsType[*transport.CertificateError](try(t, n, to, got))
	if !ok {
		t.Fatal("no question")
	}
	trust.Pin(map[string]string{ce.Host: ce.Fingerprint})
	if err := try(t, n, to, got); err != nil {
		t.Error(err)
	}
}

func TestServersMayDemandOurCertificate(t *testing.T) {
	known := newAuthority(t)
	pool := x509.NewCertPool()
	pool.AddCert(known.cert)
	to, got := serve(t, &tls.Config{Certificates: []tls.Certificate{known.sign("pbx.example.com", time.Now().Add(time.Hour))},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MaxVersion: tls.VersionTLS12})
	trust := transport.NewTrust()
	trust.Add([]*x509.Certificate{known.cert})
	n, _ := start(t, transport.Options{Trust: trust})
	if err := try(t, n, to, got); err == nil {
		t.Fatal("taken without a certificate")
	}
	mine := known.sign("phone", time.Now().Add(time.Hour))
	trust.Show(&mine)
	if err := try(t, n, to, got); err != nil {
		t.Error(err)
	}
}

// TestServersOfTLS13MayDemandOurCertificate: with TLS 1.3 our handshake is over
// before the server has said no (RFC 8446 section 4.4.2.4), and what was sent by
// then is lost: we must hear of it.
func TestServersOfTLS13MayDemandOurCertificate(t *testing.T) {
	known := newAuthority(t)
	pool := x509.NewCertPool()
	pool.AddCert(known.cert)
	to, got := serve(t, &tls.Config{Certificates: []tls.Certificate{known.sign("pbx.example.com", time.Now().Add(time.Hour))},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS13})
	trust := transport.NewTrust()
	trust.Add([]*x509.Certificate{known.cert})
	n, ear := start(t, transport.Options{Trust: trust})
	if err := n.Send(to, options("x"), func(err error) { ear.closed <- err }); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ear.closed:
		if err == nil || !strings.Contains(err.Error(), "certificate required") {
			t.Errorf("the reason is %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nobody is told")
	}
	if line := <-got; line != "" {
		t.Fatalf("%q is taken without a certificate", line)
	}
	mine := known.sign("phone", time.Now().Add(time.Hour))
	trust.Show(&mine)
	if err := try(t, n, to, got); err != nil {
		t.Error(err)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	known := newAuthority(t)
	to, got := serve(t, &tls.Config{Certificates: []tls.Certificate{known.sign("pbx.example.com", time.Now().Add(time.Hour))},
		MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	trust := transport.NewTrust()
	trust.Add([]*x509.Certificate{known.cert})
	n, _ := start(t, transport.Options{Trust: trust})
	if err := try(t, n, to, got); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Error(err)
	}
}

func TestFilesOfAuthorities(t *testing.T) {
	one := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: newAuthority(t).cert.Raw})
	for name, c := range map[string]struct {
		data string
		n    int
	}{
		"one":       {string(one), 1},
		"two":       {"# our own\n" + string(one) + "\n" + string(one), 2},
		"none":      {"hello", 0},
		"a key":     {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0},
		"broken":    {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0},
		"very many": {strings.Repeat(string(one), 65), 0},
	} {
		list, err := transport.Authorities([]byte(c.data))
		if len(list) != c.n || (err == nil) != (c.n > 0) {
			t.Errorf("%s: %d, %v", name, len(list), err)
		}
	}
}
