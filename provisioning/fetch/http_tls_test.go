package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority signs certificates of a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	a := authority{}
	made := a.issue(t, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	a.certificate, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// issue signs a certificate of 127.0.0.1 unless it is for another name; the
// zero authority signs by the certificate's own key.
func (a authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.Subject = big.NewInt(1), pkix.Name{CommonName: "test"}
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	if template.DNSNames == nil {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	signer, parent := a.key, a.certificate
	if signer == nil {
		signer, parent = key, template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// serveTLS gives the file "f" to those that its configuration lets in.
func serveTLS(t *testing.T, config *tls.Config) string {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, "http://"+r.Host+"/f", http.StatusFound)
			return
		}
		io.WriteString(w, "secret configuration")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestHTTPSTrust(t *testing.T) {
	ours, foreign := newAuthority(t), newAuthority(t)
	good := ours.issue(t, &x509.Certificate{})
	expired := ours.issue(t, &x509.Certificate{NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(1.1e9, 0)})
	elsewhere := ours.issue(t, &x509.Certificate{DNSNames: []string{"other.example"}})
	client := ours.issue(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	stranger := foreign.issue(t, &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	picky := &tls.Config{Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ours.pool()}

	for _, test := range []struct {
		name    string
		server  *tls.Config
		options HTTPOptions
		file    string
		want    error
		text    string
	}{
		{"good", &tls.Config{Certificates: []tls.Certificate{good}}, HTTPOptions{RootCAs: ours.pool()}, "f", nil, ""},
		{"unknown authority", &tls.Config{Certificates: []tls.Certificate{good}}, HTTPOptions{RootCAs: foreign.pool()}, "f", ErrProtocol, "not trusted here"},
		{"self-signed, the system's authorities", &tls.Config{Certificates: []tls.Certificate{authority{}.issue(t, &x509.Certificate{})}}, HTTPOptions{}, "f", ErrProtocol, "not trusted here"},
		{"wrong host", &tls.Config{Certificates: []tls.Certificate{elsewhere}}, HTTPOptions{RootCAs: ours.pool()}, "f", ErrProtocol, "use a name"},
		{"expired", &tls.Config{Certificates: []tls.Certificate{expired}}, HTTPOptions{RootCAs: ours.pool()}, "f", ErrProtocol, "to 2004-11-09"},
		{"old TLS only", &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, HTTPOptions{RootCAs: ours.pool()}, "f", ErrProtocol, "1.2"},
		{"client's certificate", picky, HTTPOptions{RootCAs: ours.pool(), Certificates: []tls.Certificate{client}}, "f", nil, ""},
		{"client without one", picky, HTTPOptions{RootCAs: ours.pool()}, "f", ErrAccess, "client's certificate"},
		{"client with a strange one", picky, HTTPOptions{RootCAs: ours.pool(), Certificates: []tls.Certificate{stranger}}, "f", ErrAccess, "client's certificate"},
		{"redirect to http", &tls.Config{Certificates: []tls.Certificate{good}}, HTTPOptions{RootCAs: ours.pool()}, "down", ErrProtocol, "from https to http"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := source(t, serveTLS(t, test.server), "", test.options)
			data, err := s.Fetch(t.Context(), test.file, 100)
			if !errors.Is(err, test.want) || err == nil && string(data) != "secret configuration" {
				t.Fatalf("%q, %v; want %v", data, err, test.want)
			}
			if err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v lacks %q", err, test.text)
			}
		})
	}
}

func TestHTTPSWhereHTTPIsSpoken(t *testing.T) {
	server := serveHTTP(t, func(http.ResponseWriter, *http.Request) {})
	_, err := source(t, strings.Replace(server.URL, "http:", "https:", 1), "", HTTPOptions{}).Fetch(t.Context(), "f", 10)
	if !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), "HTTP") {
		t.Error(err)
	}
	// And the other way about.
	_, err = source(t, strings.Replace(serveTLS(t, nil), "https:", "http:", 1), "", HTTPOptions{}).Fetch(t.Context(), "f", 10)
	if err == nil {
		t.Error("no error")
	}
}
