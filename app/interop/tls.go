//go:build linux

package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate says what is strange about a server's certificate. The zero value
// is one for the server's address, valid today, of an authority that nobody
// knows.
type Certificate struct {
	// Names are those that it is for, in place of the server's address.
	Names []string
	// Nameless has a name in the subject only, as many makers of certificates
	// by hand still have it.
	Nameless bool
	// Expired since yesterday.
	Expired bool
	// SelfSigned is its own authority.
	SelfSigned bool
}

// apply makes the certificate so.
func (c Certificate) apply(leaf *x509.Certificate) {
	if len(c.Names) > 0 {
		leaf.Subject.CommonName, leaf.DNSNames, leaf.IPAddresses = c.Names[0], c.Names, nil
	}
	if c.Nameless {
		leaf.DNSNames, leaf.IPAddresses = nil, nil
	}
	if c.Expired {
		leaf.NotBefore, leaf.NotAfter = leaf.NotBefore.AddDate(0, -3, 0), leaf.NotBefore.AddDate(0, 0, -1)
	}
}

// identity writes an authority of our own, and a certificate that it has given
// to an address, into a directory: what an administrator of a PBX makes by
// hand. It gives the authority's certificate (PEM).
func identity(t testing.TB, dir, address string, c Certificate) (authority []byte) {
	t.Helper()
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority of the proof"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: address}, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		IPAddresses: []net.IP{net.ParseIP(address)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	c.apply(leaf)
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	check(t, err)
	issuer, signer := root, rootKey
	if c.SelfSigned {
		issuer, signer = leaf, leafKey
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, issuer, &leafKey.PublicKey, signer)
	check(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	check(t, err)
	check(t, writePEM(filepath.Join(dir, "cert.pem"), "CERTIFICATE", leafDER))
	check(t, writePEM(filepath.Join(dir, "key.pem"), "PRIVATE KEY", keyDER))
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tlsModule is where Debian's kamailio-tls-modules puts what it has.
const tlsModule = "/usr/lib/*/kamailio/modules/tls.so"

// secured adds TLS to Kamailio's configuration.
func (k *Kamailio) secured(t testing.TB, dir string, c Certificate) string {
	t.Helper()
	if found, _ := filepath.Glob(tlsModule); len(found) == 0 {
		t.Skip("kamailio-tls-modules is not installed; packaging/install-deps peers")
	}
	k.TLSPort, k.Authority = FreePort(t), identity(t, dir, k.Host, c)
	return fmt.Sprintf("enable_tls=yes\nlisten=tls:%s:%d\nloadmodule \"tls.so\"\nmodparam(\"tls\", \"tls_method\", \"TLSv1.2+\")\n"+
		"modparam(\"tls\", \"certificate\", \"%s/cert.pem\")\nmodparam(\"tls\", \"private_key\", \"%[3]s/key.pem\")\n", k.Host, k.TLSPort, dir)
}
