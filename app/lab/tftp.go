package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/pin/tftp/v3"
)

// Limits of the TFTP server.
const (
	maxTransfers   = 16
	maxSilent      = 64
	maxRequests    = 1000 // names that are remembered
	tftpTimeout    = 500 * time.Millisecond
	tftpRetries    = 5
	tftpBlockLimit = 1428
)

// tftpServer serves files out of memory, read only (RFC 1350; blksize and
// tsize of RFC 2348 and 2349 by the library).
type tftpServer struct {
	log    *slog.Logger
	addr   netip.AddrPort
	server *tftp.Server
	slots  chan struct{} // transfers under way
	quiet  chan struct{} // requests held in silence
	ended  chan struct{}

	mu      sync.Mutex
	root    map[string][]byte
	fault   fileFault
	asked   []string
	closing bool
	silence chan struct{} // closed when the fault is over
}

// startTFTP binds a free port and serves.
func startTFTP(log *slog.Logger, addr netip.Addr, root map[string][]byte, f fileFault) (*tftpServer, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
	if err != nil {
		return nil, fmt.Errorf("lab: TFTP port on %s: %w", addr, err)
	}
	bound := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	t := &tftpServer{
		log: log, addr: netip.AddrPortFrom(bound.Addr().Unmap(), bound.Port()), root: root, fault: f,
		slots: make(chan struct{}, maxTransfers), quiet: make(chan struct{}, maxSilent), ended: make(chan struct{}), silence: make(chan struct{}),
	}
	t.server = tftp.NewServer(t.read, nil)
	t.server.SetTimeout(tftpTimeout)
	t.server.SetRetries(tftpRetries)
	t.server.SetBackoff(func(int) time.Duration { return 0 })
	t.server.SetBlockSize(tftpBlockLimit)
	go func() {
		defer close(t.ended)
		if err := t.server.Serve(conn); err != nil {
			log.Error("lab: TFTP server ended", "error", err)
		}
	}()
	return t, nil
}

var (
	errBusy     = errors.New("server busy, try again")
	errNotFound = errors.New("File not found") //nolint:staticcheck // the text of RFC 1350, error code 1
)

// read serves one request; an error goes to the client as TFTP error 1.
func (t *tftpServer) read(name string, to io.ReaderFrom) error {
	data, silence, err := t.lookup(name)
	if silence != nil {
		return t.keepSilent(silence)
	}
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	default:
		return errBusy
	}
	if err != nil {
		t.log.Info("lab: TFTP request", "file", shorten(name), "error", err)
		return err
	}
	if out, ok := to.(tftp.OutgoingTransfer); ok {
		out.SetSize(int64(len(data)))
	}
	n, err := to.ReadFrom(bytes.NewReader(data))
	t.log.Info("lab: TFTP request", "file", name, "bytes", n, "error", err)
	return nil // a transfer that broke off has told the client itself
}

// keepSilent holds a request until the fault is over. The library answers all
// that return an error; one that returns nothing only loses its socket, for
// the garbage collector to close: so that is for floods.
func (t *tftpServer) keepSilent(over <-chan struct{}) error {
	select {
	case t.quiet <- struct{}{}:
		defer func() { <-t.quiet }()
		<-over
		return errBusy
	default:
		return nil
	}
}

// lookup finds a file, or gives the channel that ends silence. Names are case-sensitive, as on the servers that the
// guide was written for; a leading "./" or "/" is nothing.
func (t *tftpServer) lookup(name string) (data []byte, silence <-chan struct{}, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.asked) < maxRequests {
		t.asked = append(t.asked, shorten(name))
	}
	if t.fault.silent && !t.closing {
		return nil, t.silence, nil
	}
	clean := strings.TrimPrefix(strings.TrimPrefix(name, "."), "/")
	data, ok := t.root[clean]
	if !ok || t.fault.missing && strings.HasPrefix(clean, "SIP") && clean != "SIPDefault.cnf" {
		return nil, nil, errNotFound
	}
	return data, nil, nil
}

// shorten keeps a name from the network fit for a log line.
func shorten(name string) string {
	const most = 64
	if len(name) > most {
		name = name[:most] + "..."
	}
	return strings.ToValidUTF8(name, "?")
}

func (t *tftpServer) requests() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.asked...)
}

// setFault changes the fault; who waits in silence is let go.
func (t *tftpServer) setFault(f fileFault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fault = f
	if !f.silent {
		close(t.silence)
		t.silence = make(chan struct{})
	}
}

// close stops the server; transfers under way end when their client has fallen
// silent for a few seconds, or at once.
func (t *tftpServer) close() {
	t.mu.Lock()
	t.closing = true
	close(t.silence)
	t.mu.Unlock()
	t.server.Shutdown()
	<-t.ended
}
