package tftp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// Bounds on what a server may make us do.
const (
	// graceTime and minRate end a transfer that drips: after graceTime it must
	// have kept up minRate bytes per second.
	graceTime = 20 * time.Second
	minRate   = 2048
	// maxRepliesPerBlock bounds our answers to repeated packets, maxStrangers
	// those to packets from elsewhere, so that we amplify nothing.
	maxRepliesPerBlock = 32
	maxStrangers       = 8
	// maxTroubles ends a transfer whose socket keeps failing.
	maxTroubles = 64
)

// transfer is the fetching of one file.
type transfer struct {
	client *Client
	server netip.AddrPort
	file   string
	op     string

	conn *net.UDPConn
	// peer is the server's address with the port that it chose for this
	// transfer (RFC 1350 section 4); invalid before its first packet.
	peer      netip.AddrPort
	plain     bool // no options asked for
	blockSize int
	total     int64 // announced size, -1 if none was
	block     uint16
	data      []byte
	last      []byte // packet to repeat
	replies   int
	strangers int
	troubles  int
	began     time.Time
	// complaint is what was wrong with packets that were passed over.
	complaint string
}

func (t *transfer) fail(err error, detail string) error {
	return &Error{Server: t.server, File: t.file, Op: t.op, Detail: clean(detail), Err: err}
}

// run carries the transfer out, with options if blockSize is not 0.
func (t *transfer) run(ctx context.Context, blockSize int) ([]byte, error) {
	conn, err := listen(t.server.Addr())
	if err != nil {
		return nil, t.fail(ErrUnreachable, err.Error())
	}
	defer func() { _ = conn.Close() }()
	*t = transfer{
		client: t.client, server: t.server, file: t.file, op: "request", conn: conn,
		plain: blockSize == 0, blockSize: defaultBlockSize, total: -1, block: 1,
		last: packRequest(t.file, blockSize), began: time.Now(),
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	// One byte more than asked for, to notice a packet that is larger.
	buffer := make([]byte, headerLength+max(blockSize, defaultBlockSize)+1)
	for {
		if done, err := t.exchange(ctx, buffer); err != nil {
			return nil, err
		} else if done {
			return t.data, nil
		}
	}
}

// exchange sends the last packet, again and again, until one of the server's
// has brought the transfer forward.
func (t *transfer) exchange(ctx context.Context, buffer []byte) (done bool, err error) {
	giveUp := time.Now().Add(t.patience())
	t.replies = 0
	for {
		if ctx.Err() != nil {
			t.abort(codeUndefined, "cancelled")
			return false, t.fail(context.Cause(ctx), "")
		}
		if err := t.send(t.last); err != nil {
			return false, err
		}
		until := time.Now().Add(t.client.repeatAfter())
		if giveUp.Before(until) {
			until = giveUp
		}
		if progress, done, err := t.await(ctx, buffer, until); progress || err != nil {
			return done, err
		}
		if !time.Now().Before(giveUp) {
			return false, t.silence()
		}
	}
}

// patience is doubled once data flows: the server is known to be there.
func (t *transfer) patience() time.Duration {
	if len(t.data) > 0 {
		return 2 * t.client.patience()
	}
	return t.client.patience()
}

// await deals with packets until one brings progress or the time is up.
func (t *transfer) await(ctx context.Context, buffer []byte, until time.Time) (progress, done bool, err error) {
	if err := t.conn.SetReadDeadline(until); err != nil {
		return false, false, t.fail(ErrUnreachable, err.Error())
	}
	for ctx.Err() == nil { // its deadline may just have been overwritten
		p, late, err := t.receive(buffer)
		if late || err != nil {
			return false, false, err
		}
		if p == nil {
			continue
		}
		if progress, done, err = t.handle(*p); progress || err != nil {
			return progress, done, err
		}
	}
	return false, false, nil
}

// receive reads one datagram: a packet of this transfer, or nil for anything
// else. It is late when the deadline has passed.
func (t *transfer) receive(buffer []byte) (p *packet, late bool, err error) {
	n, from, err := t.conn.ReadFromUDPAddrPort(buffer)
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, true, nil
	case isTooLong(err):
		n = len(buffer)
	case err != nil:
		return nil, false, t.trouble(err)
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	if got, ok := t.accept(buffer[:n], from); ok {
		return &got, false, nil
	}
	return nil, false, nil
}

// trouble weighs an error of the socket. Before the server has answered it
// ends the transfer: an ICMP message says that nobody is there. Afterwards it
// counts as a lost packet, for it may concern a stranger's port.
func (t *transfer) trouble(err error) error {
	if t.troubles++; t.peer.IsValid() && t.troubles < maxTroubles {
		return nil
	}
	return t.fail(ErrUnreachable, reason(err))
}

// accept tells whether a datagram belongs to this transfer. The first good one
// fixes the server's port; one from another port of it is told so without
// disturbing the transfer (RFC 1350 section 4).
func (t *transfer) accept(datagram []byte, from netip.AddrPort) (packet, bool) {
	if from.Addr().WithZone("") != t.server.Addr().WithZone("") {
		return packet{}, false
	}
	if t.peer.IsValid() && from != t.peer {
		if t.strangers++; t.strangers <= maxStrangers {
			_ = t.sendTo(packError(codeUnknownTID, "unknown transfer"), from)
		}
		return packet{}, false
	}
	p, err := parse(datagram)
	if err != nil {
		t.complaint = err.Error()
		return packet{}, false
	}
	if !t.peer.IsValid() {
		t.peer, t.op = from, "transfer"
	}
	return p, true
}

func (t *transfer) send(b []byte) error {
	to := t.server
	if t.peer.IsValid() {
		to = t.peer
	}
	if err := t.sendTo(b, to); err != nil {
		return t.trouble(err)
	}
	return nil
}

func (t *transfer) sendTo(b []byte, to netip.AddrPort) error {
	_, err := t.conn.WriteToUDPAddrPort(b, to)
	return err
}

// abort tells the server to stop; that it hears it does not matter.
func (t *transfer) abort(code errorCode, text string) {
	if t.peer.IsValid() {
		_ = t.sendTo(packError(code, text), t.peer)
	}
}

// reason is the innermost text of a network error, without our own address.
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}
