package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"deskset/provisioning/tftp"
)

// transfer is one answer of a server on its way to a writer.
type transfer struct {
	source   *httpSource
	file     string
	max      int64
	w        io.Writer
	progress func(done, total int64)
	response *http.Response
	cancel   context.CancelCauseFunc

	size     int64         // that the writer got
	received int64         // in the body
	waited   time.Duration // for it
	err      error         // of the body
}

const (
	chunkSize = 32 << 10
	// sniffed is how much of a file is looked at before it is passed on.
	sniffed = 512
)

// run passes the file on and gives its size.
func (t *transfer) run() (int64, error) {
	body := bufio.NewReaderSize(t, chunkSize)
	if wrong := t.judge(); wrong.err != nil {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
		return 0, wrong
	}
	if beginning, _ := body.Peek(sniffed); isHTML(beginning) && !strings.HasPrefix(strings.ToLower(path.Ext(t.file)), ".htm") {
		return 0, fault{
			err: ErrProtocol, detail: "a web page came instead of the file" + t.elsewhere(),
			remedy: "log in to the network if it wants that (a captive portal), or correct the address",
		}
	}
	buffer := make([]byte, chunkSize)
	for {
		n, err := body.Read(buffer)
		if writeErr := t.pass(buffer[:n]); writeErr != nil {
			return 0, writeErr
		}
		switch {
		case err == io.EOF:
			return t.size, nil
		case err != nil:
			return 0, err
		}
	}
}

// pass gives data to the writer.
func (t *transfer) pass(b []byte) error {
	if t.size += int64(len(b)); t.size > t.max {
		return fault{err: ErrTooLarge, detail: fmt.Sprintf("more than %d bytes", t.max)}
	}
	if len(b) == 0 {
		return nil
	}
	if n, err := t.w.Write(b); err != nil || n < len(b) {
		if err == nil {
			err = io.ErrShortWrite
		}
		return fault{err: err}
	}
	if t.progress != nil {
		t.progress(t.size, t.response.ContentLength)
	}
	return nil
}

// Read implements io.Reader on the body, with the bounds of time. Its error
// stays, since Peek forgets it.
func (t *transfer) Read(b []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	stall, began := t.source.options.StallTimeout, time.Now()
	watch := time.AfterFunc(stall, func() {
		t.cancel(fault{err: ErrTimeout, detail: fmt.Sprintf("nothing came for %s", stall)})
	})
	var n int
	n, t.err = t.response.Body.Read(b)
	watch.Stop()
	t.received += int64(n)
	t.waited += time.Since(began)
	over := t.waited - graceTime
	switch {
	case errors.Is(t.err, io.ErrUnexpectedEOF):
		t.err = fault{err: ErrSize, detail: "the connection ended in the middle of the file" + t.announced()}
	case t.err == nil && over > 0 && float64(t.received) < minRate*over.Seconds():
		t.err = fault{err: ErrTimeout, detail: fmt.Sprintf("too slow: %d bytes in %s", t.received, t.waited.Round(time.Second))}
	}
	return n, t.err
}

func (t *transfer) announced() string {
	if t.response.ContentLength < 0 {
		return ""
	}
	return fmt.Sprintf(", %d bytes were announced", t.response.ContentLength)
}

// elsewhere names the server that answered if it is not the one asked.
func (t *transfer) elsewhere() string {
	if at := t.response.Request.URL; at.Host != t.source.base.Host {
		return " from " + at.Scheme + "://" + at.Host
	}
	return ""
}

// judge tells what is wrong with an answer before its body (RFC 9110 section
// 15). The zero fault is none.
func (t *transfer) judge() fault {
	r := t.response
	status := fault{detail: tftp.Clean(r.Status) + t.elsewhere()}
	switch code := r.StatusCode; {
	case code == http.StatusOK:
		return t.judgeHeader()
	case code == http.StatusNotFound || code == http.StatusGone:
		status.err = ErrNotFound
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusProxyAuthRequired:
		status.err = ErrAccess
		status.remedy = t.source.accessRemedy(code)
	case code >= 400:
		status.err = ErrServer
	default: // 1xx to 3xx that answer no request of ours
		status.err = ErrProtocol
	}
	return status
}

func (t *transfer) judgeHeader() fault {
	r := t.response
	encoding := strings.ToLower(r.Header.Get("Content-Encoding"))
	switch {
	case encoding != "" && encoding != "identity":
		return fault{err: ErrProtocol, detail: "compressed (" + encoding + ") although that was not asked for"}
	case r.ContentLength > t.max:
		return fault{err: ErrTooLarge, detail: fmt.Sprintf("%d bytes announced, at most %d are taken", r.ContentLength, t.max)}
	}
	return fault{}
}

// accessRemedy says what to do about a refusal.
func (s *httpSource) accessRemedy(code int) string {
	switch {
	case code == http.StatusProxyAuthRequired:
		return "give the proxy's user and password in the environment (https_proxy)"
	case code == http.StatusForbidden:
		return "make the file readable on the server for this phone"
	case s.auth == nil:
		return "put user and password into the address: " + s.base.Scheme + "://USER:PASSWORD@" + s.base.Host
	}
	return "check user and password in the address"
}
