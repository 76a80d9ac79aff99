package tftp

import (
	"fmt"
	"strconv"
	"time"
)

// graceTime and minRate end a transfer that drips: after graceTime it must
// have kept up minRate bytes per second.
const (
	graceTime = 20 * time.Second
	minRate   = 2048
)

// handle judges a packet of the server and passes it on to pin's client.
func (g *guard) handle(datagram []byte) error {
	p, err := parse(datagram)
	switch {
	case p.op == opOACK && g.said[1] == byte(opRRQ):
		return g.takeOptions(p, err)
	case p.op == opOACK:
		return nil // repeated; pin's client repeats its ACK by itself
	case err != nil:
		return g.refuse(codeIllegal, g.fail(ErrProtocol, err.Error()))
	case p.op == opERROR:
		return g.serverError(p)
	case len(p.payload) > g.blockSize:
		return g.refuse(codeIllegal, g.fail(ErrBlock, fmt.Sprintf("a block of more than %d bytes", g.blockSize)))
	case p.number != g.wanted:
		if int16(p.number-g.wanted) < 0 { // old, and pin's client knows what to do with it
			_ = g.tell(datagram)
		}
		return nil
	}
	g.pending = len(p.payload)
	if err := g.checkSize(); err != nil {
		return err
	}
	if err := g.hurry(p.number); err != nil {
		return err
	}
	return g.answer(datagram)
}

// hurry acknowledges a block before pin's client has taken it, so that the next
// one is on its way meanwhile: that halves the time of a transfer from nearby. The
// last block waits until the file is whole.
func (g *guard) hurry(number uint16) error {
	if g.ahead = g.pending == g.blockSize; !g.ahead {
		return nil
	}
	return g.send(packACK(number))
}

// answer gives pin's client what it waits for.
func (g *guard) answer(b []byte) error {
	if err := g.tell(b); err != nil {
		return g.fail(ErrUnreachable, reason(err))
	}
	g.answered = true
	return nil
}

// refuse ends the transfer for a fault of the server.
func (g *guard) refuse(code errorCode, err error) error {
	g.abort(code, "refused")
	return err
}

// checkSize weighs the file with the block that is about to be passed on.
func (g *guard) checkSize() error {
	size, most := g.size+int64(g.pending), g.client.maxSize()
	switch {
	case g.total >= 0 && size > g.total:
		return g.refuse(codeUndefined, g.fail(ErrSize, fmt.Sprintf("%d bytes announced, more sent", g.total)))
	case size > most:
		return g.refuse(codeDiskFull, g.fail(ErrTooLarge, fmt.Sprintf("more than %d bytes", most)))
	case g.total >= 0 && g.pending < g.blockSize && size != g.total:
		return g.refuse(codeUndefined, g.fail(ErrSize, fmt.Sprintf("%d bytes announced, %d sent", g.total, size)))
	}
	return nil
}

// count adds the block that pin's client has acknowledged.
func (g *guard) count() (done bool, err error) {
	g.size += int64(g.pending)
	if g.client.Progress != nil {
		g.client.Progress(g.size, g.total)
	}
	if g.pending < g.blockSize {
		return true, nil
	}
	return false, g.checkRate()
}

func (g *guard) checkRate() error {
	took, grace := time.Since(g.began), graceTime
	if g.client.grace > 0 {
		grace = g.client.grace
	}
	if took > grace && float64(g.size) < minRate*(took-grace).Seconds() {
		return g.refuse(codeUndefined,
			g.fail(ErrTimeout, fmt.Sprintf("too slow: %d bytes in %s", g.size, took.Round(time.Second))))
	}
	return nil
}

// takeOptions takes an OACK. It may name only what was asked for, with a block
// size of 512 up to that asked for (RFC 2347, RFC 2348): pin's client knows no
// smaller one, and it would take for ever. Pin's client gets what was
// understood, since it knows names in small letters only.
func (g *guard) takeOptions(p packet, err error) error {
	g.blockSize, g.total = defaultBlockSize, -1
	known := err == nil && !g.plain
	for _, o := range p.options {
		known = known && g.takeOption(o)
	}
	switch most := g.client.maxSize(); {
	case !known && g.plain:
		return g.refuse(codeOptionRefused, g.fail(ErrProtocol, "options that were not asked for"))
	case !known:
		return g.refuse(codeOptionRefused, errPlain)
	case g.total > most:
		return g.refuse(codeDiskFull,
			g.fail(ErrTooLarge, fmt.Sprintf("%d bytes announced, at most %d are taken", g.total, most)))
	}
	return g.answer(packOptions(g.blockSize))
}

func (g *guard) takeOption(o option) bool {
	n, err := strconv.ParseInt(o.value, 10, 64)
	switch {
	case err != nil:
		return false
	case o.name == "blksize" && n >= defaultBlockSize && n <= int64(g.client.blockSize()):
		g.blockSize = int(n)
		return true
	case o.name == "tsize" && n >= 0:
		g.total = n
		return true
	}
	return false
}

// silence is the end of waiting. Large blocks that do not get through are a
// reason to try small ones.
func (g *guard) silence() error {
	g.abort(codeUndefined, "no more data")
	switch {
	case g.blockSize > defaultBlockSize && g.size == 0:
		return errPlain
	case g.peer.IsValid():
		return g.fail(ErrTimeout, fmt.Sprintf("stopped after %d bytes", g.size))
	}
	return g.fail(ErrTimeout, "")
}

// serverError turns an ERROR packet into ours. A server that stumbles over
// options gets another chance without.
func (g *guard) serverError(p packet) error {
	code := errorCode(p.number)
	detail := p.errorText()
	switch {
	case !g.plain && g.size == 0 && (code == codeOptionRefused || code == codeIllegal || code == codeUndefined):
		return errPlain
	case code == codeNotFound:
		return g.fail(ErrNotFound, detail)
	case code == codeAccess || code == codeNoUser:
		return g.fail(ErrAccess, detail)
	}
	return g.fail(ErrServer, fmt.Sprintf("code %d %s", code, detail))
}
