package tftp

import (
	"fmt"
	"strconv"
	"time"
)

// handle deals with a packet. It reports progress if the packet was the next
// one wanted, and done if the file is complete.
func (t *transfer) handle(p packet) (progress, done bool, err error) {
	switch p.op {
	case opERROR:
		return false, false, t.serverError(p)
	case opOACK:
		return t.handleOptions(p)
	}
	switch {
	case p.number != t.block:
		return false, false, t.repeat(p)
	case len(p.payload) > t.blockSize:
		t.abort(codeIllegal, "block too large")
		return false, false, t.fail(ErrSize, fmt.Sprintf("a block of more than %d bytes", t.blockSize))
	}
	t.data = append(t.data, p.payload...)
	if err := t.checkSize(); err != nil {
		return false, false, err
	}
	t.last = packACK(t.block)
	t.block++
	if t.client.Progress != nil {
		t.client.Progress(int64(len(t.data)), t.total)
	}
	if len(p.payload) == t.blockSize {
		return true, false, t.checkRate()
	}
	if t.total >= 0 && int64(len(t.data)) != t.total {
		t.abort(codeUndefined, "wrong size")
		return false, false, t.fail(ErrSize, fmt.Sprintf("%d bytes announced, %d sent", t.total, len(t.data)))
	}
	_ = t.sendTo(t.last, t.peer) // the file is here; a lost last ACK is the server's loss
	return true, true, nil
}

// repeat answers an old block again, whose acknowledgement was lost.
func (t *transfer) repeat(p packet) error {
	if p.number != t.block-1 || len(t.data) == 0 {
		return nil
	}
	return t.answerAgain()
}

func (t *transfer) answerAgain() error {
	if t.replies++; t.replies > maxRepliesPerBlock {
		return nil
	}
	return t.send(t.last)
}

func (t *transfer) checkSize() error {
	size, most := int64(len(t.data)), t.client.maxSize()
	switch {
	case t.total >= 0 && size > t.total:
		t.abort(codeUndefined, "more than announced")
		return t.fail(ErrSize, fmt.Sprintf("%d bytes announced, more sent", t.total))
	case size > most:
		t.abort(codeDiskFull, "file too large")
		return t.fail(ErrTooLarge, fmt.Sprintf("more than %d bytes", most))
	}
	return nil
}

func (t *transfer) checkRate() error {
	took, grace := time.Since(t.began), graceTime
	if t.client.grace > 0 {
		grace = t.client.grace
	}
	if took > grace && float64(len(t.data)) < minRate*(took-grace).Seconds() {
		t.abort(codeUndefined, "too slow")
		return t.fail(ErrTimeout, fmt.Sprintf("too slow: %d bytes in %s", len(t.data), took.Round(time.Second)))
	}
	return nil
}

// handleOptions takes an OACK. It may name only what was asked for, with a
// block size of 512 up to that asked for (RFC 2347, RFC 2348): a smaller one
// is lawful but would take for ever.
func (t *transfer) handleOptions(p packet) (progress, done bool, err error) {
	switch {
	case t.block != 1 || len(t.data) > 0:
		return false, false, nil
	case len(t.last) == headerLength:
		return false, false, t.answerAgain()
	}
	for _, o := range p.options {
		if !t.takeOption(o) {
			t.abort(codeOptionRefused, "option not asked for")
			if t.plain {
				return false, false, t.fail(ErrProtocol, "options that were not asked for")
			}
			return false, false, errPlain
		}
	}
	if most := t.client.maxSize(); t.total > most {
		t.abort(codeDiskFull, "file too large")
		return false, false, t.fail(ErrTooLarge, fmt.Sprintf("%d bytes announced, at most %d are taken", t.total, most))
	}
	t.last = packACK(0)
	return true, false, nil
}

func (t *transfer) takeOption(o option) bool {
	n, err := strconv.ParseInt(o.value, 10, 64)
	switch {
	case t.plain || err != nil:
		return false
	case o.name == "blksize" && n >= defaultBlockSize && n <= int64(t.client.blockSize()):
		t.blockSize = int(n)
		return true
	case o.name == "tsize" && n >= 0:
		t.total = n
		return true
	}
	return false
}

// silence is the end of waiting. Large blocks that do not get through are a
// reason to try small ones.
func (t *transfer) silence() error {
	switch {
	case t.blockSize > defaultBlockSize && t.block == 1:
		t.abort(codeUndefined, "no data")
		return errPlain
	case t.complaint != "":
		return t.fail(ErrProtocol, t.complaint)
	case t.peer.IsValid():
		t.abort(codeUndefined, "no more data")
		return t.fail(ErrTimeout, fmt.Sprintf("stopped after %d bytes", len(t.data)))
	}
	return t.fail(ErrTimeout, "")
}

// serverError turns an ERROR packet into ours. A server that stumbles over
// options gets another chance without.
func (t *transfer) serverError(p packet) error {
	code := errorCode(p.number)
	detail := p.errorText()
	switch {
	case !t.plain && len(t.data) == 0 && (code == codeOptionRefused || code == codeIllegal || code == codeUndefined):
		return errPlain
	case code == codeNotFound:
		return t.fail(ErrNotFound, detail)
	case code == codeAccess || code == codeNoUser:
		return t.fail(ErrAccess, detail)
	}
	return t.fail(ErrServer, fmt.Sprintf("code %d %s", code, detail))
}
