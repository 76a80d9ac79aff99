package tftp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"
)

const (
	// maxStrangers bounds our answers to packets from elsewhere, so that we
	// amplify nothing, maxTroubles a transfer whose socket keeps failing.
	maxStrangers = 8
	maxTroubles  = 64
	// maxWord is more than the longest packet of pin's client.
	maxWord = 1024
)

// relay passes packets on until the file is complete. TFTP takes turns, so one
// goroutine does: a word of pin's client goes to the server, and then the
// server's packets to pin's client until one of them answers it or the time has
// come when pin's client says it again.
func (g *guard) relay(ctx context.Context) error {
	word := make([]byte, maxWord)
	// One byte more than asked for, to notice a packet that is larger.
	answer := make([]byte, headerLength+g.client.blockSize()+1)
	fresh, done, err := g.listen(word) // pin's client begins at once, or ends
	defer g.watch(ctx)()
	for giveUp := time.Now(); ; fresh, done, err = g.listen(word) {
		switch {
		case ctx.Err() != nil:
			g.abort(codeUndefined, "cancelled")
			return g.fail(context.Cause(ctx), "")
		case err != nil || done:
			return err
		case fresh:
			giveUp = time.Now().Add(g.patience())
		}
		until := time.Now().Add(g.client.repeatAfter())
		if giveUp.Before(until) {
			until = giveUp
		}
		if err := g.await(ctx, answer, until); err != nil {
			return err
		}
		if !g.answered && ctx.Err() == nil && !time.Now().Before(giveUp) {
			return g.silence()
		}
	}
}

// watch wakes the guard when the context ends, until it is told to stop.
func (g *guard) watch(ctx context.Context) (stop func()) {
	woken := make(chan struct{})
	off := context.AfterFunc(ctx, func() {
		_ = g.inside.SetReadDeadline(past)
		_ = g.outside.SetReadDeadline(past)
		close(woken)
	})
	return func() {
		if !off() {
			<-woken
		}
	}
}

// flowing is how much longer a server may be silent that is known to be there.
const flowing = 6

// patience is longer once data flows. Where a block got lost only the server
// can help, since an ACK said again means nothing to it (RFC 1123 section
// 4.2.3.1), and it waits longer each time: tftpd-hpa sends a block again after
// 1, 3, 7 and 15 seconds, dnsmasq after 2, 4, 7, 10 and 15.
func (g *guard) patience() time.Duration {
	if g.size > 0 {
		return flowing * g.client.patience()
	}
	return g.client.patience()
}

// listen passes the next word of pin's client on. It is fresh if it was not a
// repetition, and the file is done with the word that acknowledges its end.
func (g *guard) listen(buffer []byte) (fresh, done bool, err error) {
	for {
		n, from, err := g.inside.ReadFromUDPAddrPort(buffer)
		switch {
		case isTooLong(err):
			continue
		case err != nil:
			return false, false, errEnded
		case n < headerLength || g.pin.IsValid() && from != g.pin:
			continue // from another program on this machine
		case !g.pin.IsValid():
			g.pin = from
			if err := g.greet(); err != nil {
				return false, false, g.fail(ErrUnreachable, reason(err))
			}
		}
		word := buffer[:n]
		fresh = !bytes.Equal(word, g.said)
		if !fresh && g.answered {
			g.answered = false // it has crossed the answer; said again, it has not
			continue
		}
		if fresh {
			if done, err = g.heed(word); err != nil {
				return fresh, false, err
			}
			if g.ahead { // the server has it already
				g.ahead = false
				return fresh, done, nil
			}
		}
		return fresh, done, g.send(word)
	}
}

// heed learns from a new word of pin's client what it has got and wants next.
func (g *guard) heed(word []byte) (done bool, err error) {
	op, number := opcode(binary.BigEndian.Uint16(word)), binary.BigEndian.Uint16(word[2:])
	if g.said != nil {
		switch {
		case op != opACK:
			return false, g.silence() // it gives up
		case number == g.wanted:
			done, err = g.count()
		}
		g.wanted = number + 1
	}
	g.said = append(g.said[:0], word...)
	g.answered = false
	return done, err
}

// await passes the server's packets on until one is the answer that pin's
// client waits for, or the time is up.
func (g *guard) await(ctx context.Context, buffer []byte, until time.Time) error {
	if err := g.outside.SetReadDeadline(until); err != nil {
		return g.fail(ErrUnreachable, reason(err))
	}
	for ctx.Err() == nil { // its deadline may just have been overwritten
		n, from, err := g.outside.ReadFromUDPAddrPort(buffer)
		var timeout net.Error
		switch {
		case errors.As(err, &timeout) && timeout.Timeout():
			return nil
		case isTooLong(err):
			n = len(buffer)
		case err != nil:
			if err := g.trouble(err); err != nil {
				return err
			}
			continue
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		g.show(false, from, buffer[:n])
		if !g.accept(from) {
			continue
		}
		if err := g.handle(buffer[:n]); err != nil || g.answered {
			return err
		}
	}
	return nil
}

// trouble weighs an error of the outer socket. Before the server has answered
// it ends the transfer: an ICMP message says that nobody is there. Afterwards
// it counts as a lost packet, for it may concern a stranger's port.
func (g *guard) trouble(err error) error {
	if g.troubles++; g.peer.IsValid() && g.troubles < maxTroubles {
		return nil
	}
	return g.fail(ErrUnreachable, reason(err))
}

// accept tells whether a datagram belongs to this transfer. The first one fixes
// the server's port; one from another port of it is told so without disturbing
// the transfer (RFC 1350 section 4).
func (g *guard) accept(from netip.AddrPort) bool {
	switch {
	case from.Addr().WithZone("") != g.server.Addr().WithZone(""):
		return false
	case !g.peer.IsValid():
		g.peer, g.op = from, "transfer"
	case from != g.peer:
		if g.strangers++; g.strangers <= maxStrangers {
			_ = g.write(packError(codeUnknownTID, "unknown transfer"), from)
		}
		return false
	}
	return true
}

// send sends to the server.
func (g *guard) send(b []byte) error {
	to := g.server
	if g.peer.IsValid() {
		to = g.peer
	}
	if err := g.write(b, to); err != nil {
		return g.trouble(err)
	}
	return nil
}

// abort tells the server to stop; that it hears it does not matter.
func (g *guard) abort(code errorCode, text string) {
	if g.peer.IsValid() {
		_ = g.write(packError(code, text), g.peer)
	}
}

// write puts a packet on the network.
func (g *guard) write(b []byte, to netip.AddrPort) error {
	_, err := g.outside.WriteToUDPAddrPort(b, to)
	if err == nil {
		g.show(true, to, b)
	}
	return err
}

// show lets the trace see a packet.
func (g *guard) show(out bool, remote netip.AddrPort, b []byte) {
	if g.trace != nil {
		g.trace(out, g.outside.LocalAddr().(*net.UDPAddr).AddrPort(), remote, b)
	}
}
