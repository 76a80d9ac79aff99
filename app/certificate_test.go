package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/param"
)

// identity writes a certificate and its key.
func identity(t *testing.T, dir, name string) (certificate, key string) {
	t.Helper()
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &pair.PublicKey, pair)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	for path, b := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

func TestOurCertificateIsLoadedOrItsFaultToldPlainly(t *testing.T) {
	dir := noSettings(t)
	mine, key := identity(t, dir, "phone")
	_, foreign := identity(t, dir, "other")
	broken := filepath.Join(dir, "broken.key")
	if err := os.WriteFile(broken, []byte("canary, not PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing.pem")
	for name, c := range map[string]struct{ certificate, key, want string }{
		"a pair":                {mine, key, ""},
		"no certificate":        {"", key, "tls_certificate and tls_key belong together"},
		"no key":                {mine, "", "tls_certificate and tls_key belong together"},
		"the key of another":    {mine, foreign, "private key does not match public key"},
		"a missing file":        {missing, key, missing + ": no such file"},
		"a key that is none":    {mine, broken, "failed to find any PEM data in key"},
		"the two the wrong way": {key, mine, "may have been switched"},
	} {
		t.Run(name, func(t *testing.T) {
			set, problems := parse(t, "-tls_certificate", c.certificate, "-tls_key", c.key)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			got, err := certificate(set)
			switch {
			case c.want == "" && (err != nil || got == nil || len(got.Certificate) != 1):
				t.Errorf("%v %v", got, err)
			case c.want != "" && (err == nil || got != nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary")):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	set, _ := parse(t)
	if c, err := certificate(set); c != nil || err != nil {
		t.Errorf("none is set: %v %v", c, err)
	}
}

func TestAuthoritiesOfThisComputerAreReadFromAWholePathOnly(t *testing.T) {
	dir := noSettings(t)
	company, key := identity(t, dir, "company")
	for name, c := range map[string]struct {
		file, want string
		read       bool
	}{
		"a file of ours":                      {company, "", true},
		"a file of the configuration server":  {"pbx-ca.pem", "", false},
		"none":                                {"", "", false},
		"a missing file":                      {filepath.Join(dir, "missing.pem"), "missing.pem: no such file", false},
		"a key, which is none":                {key, "no certificate (want PEM", false},
		"a directory in the place of a file ": {dir, "is a directory", false},
	} {
		t.Run(name, func(t *testing.T) {
			set, _ := parse(t, "-tls_ca_file", c.file)
			got, err := authorities(set)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) || (len(got) > 0) != c.read {
				t.Errorf("%d bytes, %v; want %q", len(got), err, c.want)
			}
		})
	}
	network := param.Layer{Origin: param.FromPhoneFile, Name: "SIP00503EFFD842.cnf", Entries: []param.Entry{{Name: "tls_ca_file", Text: company}}}
	set, _ := param.Merge(param.ProfileGuide, network)
	if got, err := authorities(set); got != nil || err != nil {
		t.Errorf("a file of ours was read because the network said so: %v", err)
	}
}
