package trace

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"sync"
)

// HTTP is the hook of fetch.HTTPOptions: it goes round what speaks to the
// server, below authorization and redirections.
func (t *Trace) HTTP() func(next http.RoundTripper) http.RoundTripper {
	c := t.file()
	if c == nil {
		return nil
	}
	return func(next http.RoundTripper) http.RoundTripper { return &roundTripper{c, next} }
}

type roundTripper struct {
	c    *capture
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	x := &exchange{c: t.c, request: request}
	ctx := httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{GotConn: x.begin})
	response, err := t.next.RoundTrip(request.WithContext(ctx))
	if err == nil {
		x.head = responseHead(response)
		response.Body = &body{ReadCloser: response.Body, x: x}
	}
	return response, err
}

// exchange is one request with its answer.
type exchange struct {
	c       *capture
	request *http.Request
	mu      sync.Mutex // GotConn is called from any goroutine
	local   netip.AddrPort
	remote  netip.AddrPort
	head    []byte // of the answer
	once    sync.Once
}

// begin tells the request, once it is known what connection it takes.
func (x *exchange) begin(info httptrace.GotConnInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.local, _ = netip.ParseAddrPort(info.Conn.LocalAddr().String())
	x.remote, _ = netip.ParseAddrPort(info.Conn.RemoteAddr().String())
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", x.request.Method, x.request.URL.RequestURI(), x.request.Host)
	secrets := writeHeader(&b, x.request.Header)
	var m masker // for what may be in a query
	m.mask(b.Bytes())
	x.tell(true, b.Bytes(), b.Len(), secrets || m.hidden > 0)
}

func (x *exchange) tell(out bool, message []byte, length int, secrets bool) {
	r := &record{place: onPDU, out: out, name: "http", tcp: true, local: x.local, remote: x.remote, data: message, length: length}
	if secrets {
		r.comment = "credentials masked"
	}
	x.c.tell(r)
}

// finish tells the answer, with as much of the body as is kept, once.
func (x *exchange) finish(content []byte, size int) {
	x.once.Do(func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		var m masker
		answer := append(x.head, content...)
		m.mask(answer)
		x.tell(false, answer, len(x.head)+size, m.hidden > 0)
	})
}

func responseHead(r *http.Response) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/%d.%d %s\r\n", r.ProtoMajor, r.ProtoMinor, r.Status)
	writeHeader(&b, r.Header)
	return b.Bytes()
}

// hiddenFields hold proofs of a password, or what is as good as one.
var hiddenFields = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Authentication-Info"}

// writeHeader writes header fields and the empty line behind them.
func writeHeader(b *bytes.Buffer, header http.Header) (secrets bool) {
	header = header.Clone()
	for _, name := range hiddenFields {
		if header.Get(name) != "" {
			header.Set(name, "masked")
			secrets = true
		}
	}
	_ = header.Write(b) // a buffer does not fail
	b.WriteString("\r\n")
	return secrets
}

// body keeps the beginning of an answer's body as it is read.
type body struct {
	io.ReadCloser
	x    *exchange
	kept []byte
	size int
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += n
	b.kept = append(b.kept, p[:min(n, maxContent-len(b.kept))]...)
	if err != nil {
		b.x.finish(b.kept, b.size)
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	b.x.finish(b.kept, b.size)
	return b.ReadCloser.Close()
}
