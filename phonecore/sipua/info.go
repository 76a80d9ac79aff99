package sipua

import (
	"errors"
	"fmt"
	"mime"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// Digits by INFO, as gateways have had them since RFC 2976 and as RFC 6086
// section 2 leaves them alone ("legacy INFO usage"): one request for each digit,
// with a body of either of two types.
const (
	// infoRelay holds "Signal=5" and "Duration=160", in milliseconds.
	infoRelay = "application/dtmf-relay"
	// infoPlain holds the digit, or its number as in RFC 4733 section 3.2.
	infoPlain = "application/dtmf"
)

const (
	// maxInfoDigits may wait for the answer to the one before: as many as
	// audio/dtmf lets wait.
	maxInfoDigits = 64
	maxInfoBody   = 256
)

// infoKeys are the digits by their numbers.
const infoKeys = "0123456789*#ABCD"

// errInfoQueue: the far side answers too slowly.
var errInfoQueue = errors.New("too many digits wait for the far side")

// infoDigit is a digit on its way out.
type infoDigit struct {
	digit byte
	held  time.Duration
}

// infos are a call's digits. They go one by one: over UDP a second request can
// overtake the first.
type infos struct {
	waiting []infoDigit
	sending bool
	refused func(code int)
}

// SendDigit tells the far side of a digit '0'-'9', '*', '#', 'A'-'D' by INFO,
// after it was held. Refused is called if the far side does not take such
// requests; digits that wait are forgotten then.
func (c *Call) SendDigit(digit byte, held time.Duration, refused func(code int)) error {
	defer c.a.enter()()
	switch {
	case c.state != CallConnected:
		return errNotConnected
	case !strings.ContainsRune(infoKeys, rune(digit)):
		return fmt.Errorf("%q is no digit", digit)
	case len(c.infos.waiting) >= maxInfoDigits:
		return errInfoQueue
	}
	c.infos.waiting = append(c.infos.waiting, infoDigit{digit, held})
	c.infos.refused = refused
	c.nextInfo()
	return nil
}

func (c *Call) nextInfo() {
	i := &c.infos
	if i.sending || len(i.waiting) == 0 || c.state != CallConnected {
		return
	}
	d := i.waiting[0]
	i.waiting, i.sending = i.waiting[1:], true
	m, next := c.a.dialogRequest(c.dlg, "INFO")
	m.SetBody(infoRelay, fmt.Appendf(nil, "Signal=%c\r\nDuration=%d\r\n", d.digit, d.held.Milliseconds()))
	c.exchange(c.dlg, m, next, func(_ *exchange, res *wire.Message, err error) { c.infoAnswered(res, err) })
}

// infoAnswered goes on with the next digit, or says that INFO is not for this
// peer.
func (c *Call) infoAnswered(res *wire.Message, err error) {
	code := 0
	switch {
	case err != nil:
		code = status(err)
	case res.Status < 200:
		return
	default:
		code = res.Status
	}
	c.infos.sending = false
	switch {
	case c.state != CallConnected:
	case code < 300:
		c.nextInfo()
	case code == 408 || code == 481 || errors.Is(err, transaction.ErrTimeout):
		// The dialog is gone (section 12.2.1.2).
		c.end(Event{Code: code, Reason: wire.StatusText(code), ByPeer: err == nil})
		c.bye(c.dlg, c.release)
	default:
		c.infos.waiting = nil
		if refused := c.infos.refused; refused != nil {
			c.a.emit(func() { refused(code) })
		}
	}
}

// informed takes INFO: a digit, or nothing at all, by which old peers ask
// whether we are still there. Info packages (RFC 6086) we have none of.
func (c *Call) informed(s *transaction.Server) {
	m := s.Request
	if m.Header.Get("Info-Package") != "" {
		res := c.response(s, 469, "")
		res.Header.Add("Recv-Info", "") // section 5.2.2: an empty list
		s.Respond(res)
		return
	}
	digit, ok := infoBody(m)
	if !ok {
		res := c.response(s, 415, "")
		res.Header.Add("Accept", infoRelay+", "+infoPlain)
		s.Respond(res)
		return
	}
	s.Respond(c.response(s, 200, ""))
	if digit != 0 && c.state == CallConnected {
		e := Event{State: c.state, Peer: c.peer, Asserted: c.asserted, Digit: digit}
		c.a.emit(func() { c.a.o.Handler.Call(c, e) })
	}
}

// infoBody reads the digit of a request, 0 if it has none that we know; ok tells
// whether the body is of a kind that we read.
func infoBody(m *wire.Message) (digit byte, ok bool) {
	if len(m.Body) == 0 {
		return 0, true
	}
	kind, _, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || len(m.Body) > maxInfoBody {
		return 0, optional(m.Header.Get("Content-Disposition"))
	}
	switch kind {
	case infoRelay:
		for line := range strings.Lines(string(m.Body)) {
			name, value, _ := strings.Cut(line, "=")
			if strings.EqualFold(strings.TrimSpace(name), "Signal") {
				return infoKey(value), true
			}
		}
		return 0, true
	case infoPlain:
		return infoKey(string(m.Body)), true
	}
	return 0, optional(m.Header.Get("Content-Disposition"))
}

// infoKey reads a digit as itself or as its number.
func infoKey(value string) byte {
	value = strings.ToUpper(strings.TrimSpace(value))
	if len(value) == 1 && strings.Contains(infoKeys, value) {
		return value[0]
	}
	if n, err := strconv.ParseUint(value, 10, 8); err == nil && n < uint64(len(infoKeys)) {
		return infoKeys[n]
	}
	return 0
}
