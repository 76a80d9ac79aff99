package tftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode"
)

// Defaults of a Client.
const (
	DefaultTimeout = time.Second
	defaultRetries = 3
	// usualBlockSize fits an Ethernet frame with IP, UDP and a VLAN tag.
	usualBlockSize = 1428
	// defaultMaxSize is several times the largest image of an instrument.
	defaultMaxSize = 16 << 20
)

// Client fetches files. The zero value is ready to use, and a Client may be
// used by several goroutines if Progress may.
type Client struct {
	// Timeout and Retries give up together: a server that says nothing for
	// Timeout x Retries (3 s if both are zero) is dead. Once data flows, it may
	// be silent for six times that. Packets are repeated four times as
	// often, so that lost ones cost little.
	Timeout time.Duration
	Retries int
	// BlockSize to ask for, 512 to 65464; 0 is usualBlockSize. A server that
	// knows no options, or a path on which large packets get lost, has the
	// file sent in blocks of 512.
	BlockSize int
	// MaxSize is the largest file taken, in bytes; 0 is defaultMaxSize.
	MaxSize int64
	// Log gets one record per file; nil discards.
	Log *slog.Logger
	// Progress is called as data comes in; total is -1 if the server did not
	// announce it.
	Progress func(done, total int64)
	// Trace makes a Tap for each transfer; nil is no trace.
	Trace func() Tap
	// grace stands in for graceTime in tests.
	grace time.Duration
}

// Tap is shown every packet of one transfer that was sent to the server or came
// from it, with our address, which may be unspecified, and the server's. It must
// not keep the packet.
type Tap func(out bool, local, remote netip.AddrPort, packet []byte)

// errPlain asks for another try without options.
var errPlain = errors.New("once more without options")

// Fetch gets a file. Its errors are of type *Error, see there.
func (c *Client) Fetch(ctx context.Context, server netip.AddrPort, file string) ([]byte, error) {
	var data bytes.Buffer
	if err := c.Download(ctx, server, file, &data); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}

// Download writes a file to w as it comes, from a goroutine that has ended when
// Download returns; w is not closed. An error of w ends the transfer and is
// what Download fails with. Its errors are of type *Error, see there; what came
// before one has been written.
func (c *Client) Download(ctx context.Context, server netip.AddrPort, file string, w io.Writer) error {
	began := time.Now()
	server = netip.AddrPortFrom(server.Addr().Unmap(), server.Port())
	size, err := c.download(ctx, server, file, w)
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err != nil {
		log.Info("TFTP failed", "server", server, "file", Clean(file), "took", time.Since(began), "error", err)
		return err
	}
	log.Info("TFTP fetched", "server", server, "file", Clean(file), "took", time.Since(began), "bytes", size)
	return nil
}

func (c *Client) download(ctx context.Context, server netip.AddrPort, file string, w io.Writer) (size int64, err error) {
	to := &sink{w: w}
	g := c.newGuard(server, file, to, false)
	switch {
	case !IsFileName(file):
		return 0, g.fail(ErrName, "")
	case !server.IsValid() || server.Port() == 0 || server.Addr().IsUnspecified() || server.Addr().IsMulticast():
		return 0, g.fail(ErrUnreachable, "not the address of a server")
	case ctx.Err() != nil:
		return 0, g.fail(context.Cause(ctx), "")
	}
	err = g.run(ctx)
	switch {
	case errors.Is(err, errPlain) && to.size > 0: // on a busy machine, pin's client has got what the guard gave up
		err = g.fail(ErrTimeout, fmt.Sprintf("stopped after %d bytes", to.size))
	case errors.Is(err, errPlain):
		err = c.newGuard(server, file, to, true).run(ctx)
	}
	return to.size, err
}

// sink is where a file goes. It belongs to the goroutine of pin's client until
// that has ended.
type sink struct {
	w    io.Writer
	size int64
	err  error // of w
}

// Write implements io.Writer.
func (s *sink) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	s.size += int64(n)
	s.err = err
	return n, err
}

func (c *Client) blockSize() int {
	if c.BlockSize == 0 {
		return usualBlockSize
	}
	return min(max(c.BlockSize, defaultBlockSize), maxBlockSize)
}

func (c *Client) maxSize() int64 {
	if c.MaxSize <= 0 {
		return defaultMaxSize
	}
	return c.MaxSize
}

// repeatAfter is how long a packet waits before it is sent again.
func (c *Client) repeatAfter() time.Duration { return max(c.timeout()/4, time.Millisecond) }

// patience is how long a server that has not answered yet may be silent.
func (c *Client) patience() time.Duration {
	if c.Retries <= 0 {
		return c.timeout() * defaultRetries
	}
	return c.timeout() * time.Duration(c.Retries)
}

func (c *Client) timeout() time.Duration {
	if c.Timeout <= 0 {
		return DefaultTimeout
	}
	return c.Timeout
}

// IsFileName tells whether a file can be asked for. It keeps out what could be
// mistaken on the way: control characters, and paths that climb.
func IsFileName(name string) bool {
	const most = 255
	if name == "" || len(name) > most || strings.ContainsFunc(name, unicode.IsControl) {
		return false
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == ".." {
			return false
		}
	}
	return true
}
