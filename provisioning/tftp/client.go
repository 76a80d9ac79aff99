package tftp

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode"
)

// Defaults of a Client.
const (
	DefaultTimeout = time.Second
	DefaultRetries = 3
	// DefaultBlockSize fits an Ethernet frame with IP, UDP and a VLAN tag.
	DefaultBlockSize = 1428
	// DefaultMaxSize is several times the largest image of an instrument.
	DefaultMaxSize = 16 << 20
)

// Client fetches files. The zero value is ready to use, and a Client may be
// used by several goroutines if Progress may.
type Client struct {
	// Timeout and Retries give up together: a server that says nothing for
	// Timeout x Retries (3 s if both are zero) is dead. Once it has answered,
	// it may be silent for twice that. Packets are repeated four times as
	// often, so that lost ones cost little.
	Timeout time.Duration
	Retries int
	// BlockSize to ask for, 512 to 65464; 0 is DefaultBlockSize. A server that
	// knows no options, or a path on which large packets get lost, has the
	// file sent in blocks of 512.
	BlockSize int
	// MaxSize is the largest file taken, in bytes; 0 is DefaultMaxSize.
	MaxSize int64
	// Log gets one record per file; nil discards.
	Log *slog.Logger
	// Progress is called by Fetch as data comes in; total is -1 if the server
	// did not announce it.
	Progress func(done, total int64)
	// grace stands in for graceTime in tests.
	grace time.Duration
}

// errPlain asks for another try without options.
var errPlain = errors.New("once more without options")

// Fetch gets a file. Its errors are of type *Error, see there.
func (c *Client) Fetch(ctx context.Context, server netip.AddrPort, file string) ([]byte, error) {
	began := time.Now()
	server = netip.AddrPortFrom(server.Addr().Unmap(), server.Port())
	data, err := c.fetch(ctx, server, file)
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err != nil {
		log.Info("TFTP failed", "server", server, "file", clean(file), "took", time.Since(began), "error", err)
		return nil, err
	}
	log.Info("TFTP fetched", "server", server, "file", clean(file), "took", time.Since(began), "bytes", len(data))
	return data, nil
}

func (c *Client) fetch(ctx context.Context, server netip.AddrPort, file string) ([]byte, error) {
	g := c.newGuard(server, file, false)
	switch {
	case !isFileName(file):
		return nil, g.fail(ErrName, "")
	case !server.IsValid() || server.Port() == 0 || server.Addr().IsUnspecified() || server.Addr().IsMulticast():
		return nil, g.fail(ErrUnreachable, "not the address of a server")
	case ctx.Err() != nil:
		return nil, g.fail(context.Cause(ctx), "")
	}
	data, err := g.run(ctx)
	if errors.Is(err, errPlain) {
		data, err = c.newGuard(server, file, true).run(ctx)
	}
	return data, err
}

func (c *Client) blockSize() int {
	if c.BlockSize == 0 {
		return DefaultBlockSize
	}
	return min(max(c.BlockSize, defaultBlockSize), maxBlockSize)
}

func (c *Client) maxSize() int64 {
	if c.MaxSize <= 0 {
		return DefaultMaxSize
	}
	return c.MaxSize
}

// repeatAfter is how long a packet waits before it is sent again.
func (c *Client) repeatAfter() time.Duration { return max(c.timeout()/4, time.Millisecond) }

// patience is how long a server that has not answered yet may be silent.
func (c *Client) patience() time.Duration {
	if c.Retries <= 0 {
		return c.timeout() * DefaultRetries
	}
	return c.timeout() * time.Duration(c.Retries)
}

func (c *Client) timeout() time.Duration {
	if c.Timeout <= 0 {
		return DefaultTimeout
	}
	return c.Timeout
}

// isFileName keeps out what could be mistaken on the way: control characters,
// and paths that climb.
func isFileName(name string) bool {
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
