package exchange

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"sync"
)

// tlsHandshake is the first byte of a connection by TLS (RFC 8446 section 5.1);
// no SIP message begins with it.
const tlsHandshake = 22

// either is a connection that speaks TLS if its first byte says so: the lab has
// one port for all transports.
type either struct {
	net.Conn // as it was accepted
	config   *tls.Config
	once     sync.Once
	known    chan struct{} // closed when inner is set
	inner    net.Conn
}

func newEither(c net.Conn, config *tls.Config) *either {
	return &either{Conn: c, config: config, known: make(chan struct{})}
}

// begun is a connection whose first bytes have been read already.
type begun struct {
	net.Conn
	r io.Reader
}

func (b begun) Read(p []byte) (int, error) { return b.r.Read(p) }

// Read decides with the first byte.
func (e *either) Read(p []byte) (int, error) {
	e.once.Do(func() {
		defer close(e.known)
		var first [1]byte
		n, err := e.Conn.Read(first[:])
		e.inner = begun{e.Conn, io.MultiReader(bytes.NewReader(first[:n]), e.Conn)}
		if err == nil && first[0] == tlsHandshake {
			e.inner = tls.Server(e.inner, e.config)
		}
	})
	return e.inner.Read(p)
}

// Write waits until the far side has begun.
func (e *either) Write(p []byte) (int, error) {
	<-e.known
	return e.inner.Write(p)
}

// networkOf is that of a connection from which something was read.
func networkOf(c net.Conn) string {
	if e, ok := c.(*either); ok {
		if _, ok := e.inner.(*tls.Conn); ok {
			return "tls"
		}
	}
	return "tcp"
}
