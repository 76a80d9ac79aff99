package transaction

import (
	"net/netip"
	"strconv"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

type clientState uint8

const (
	calling    clientState = iota // "trying" of a non-INVITE
	proceeding                    // 1xx heard
	completed                     // INVITE: final response other than 2xx
	accepted                      // INVITE: 2xx (RFC 6026)
	terminated
)

// Client is a client transaction.
type Client struct {
	l       *Layer
	req     *wire.Message
	to      transport.Destination
	handler func(*wire.Message, error)
	key     string
	state   clientState
	ackSent *wire.Message

	retransmit *loop.Timer // A, E
	timeout    *loop.Timer // B, F, then D, M
	interval   time.Duration
	left       int // retransmissions

	// fallback: the request was too long for UDP and went by TCP, which may
	// not be there.
	fallback bool
	// cancel is sent with the first 1xx (section 9.1).
	cancel *wire.Message
}

// Request sends a request. It adds Via; Max-Forwards and the rest must be
// there. The handler is given every response, or one error at the end:
// ErrTimeout or the transport's. It is never called before Request returns.
func (l *Layer) Request(m *wire.Message, to transport.Destination, handler func(*wire.Message, error)) (*Client, error) {
	branch := wire.Cookie + Token()
	c := &Client{l: l, req: m, to: to, handler: handler, key: clientKey(branch, m.Method)}
	if err := l.addVia(m, to, branch); err != nil {
		return nil, err
	}
	if to.Network == transport.UDP && len(m.Encode()) > maxDatagram && time.Since(l.refused[to.Addr]) > refusalKept {
		c.fallback = true
		c.become(transport.TCP)
	}
	return c, c.start()
}

// Ack sends the ACK of a 2xx, which is no transaction. It returns the message
// for when the 2xx comes again.
func (l *Layer) Ack(m *wire.Message, to transport.Destination) error {
	if err := l.addVia(m, to, wire.Cookie+Token()); err != nil {
		return err
	}
	return l.c.Send(to, m, nil)
}

// Resend sends a message once more as it is.
func (l *Layer) Resend(m *wire.Message, to transport.Destination) { _ = l.c.Send(to, m, nil) }

func (l *Layer) addVia(m *wire.Message, to transport.Destination, branch string) error {
	local, err := l.c.Local(to)
	if err != nil {
		return err
	}
	via := &wire.Via{Transport: viaName[to.Network], Host: local.Addr().String(), Port: local.Port()}
	via.Params.Set("branch", branch)
	via.Params.Set("rport", "") // RFC 3581 section 3
	m.Header = append(wire.Header{{Name: "Via", Value: via.String()}}, m.Header...)
	return nil
}

var viaName = map[string]string{transport.UDP: "UDP", transport.TCP: "TCP", transport.TLS: "TLS"}

// become changes the transport before anything has been sent.
func (c *Client) become(network string) {
	via := c.req.Via()
	via.Transport = viaName[network]
	c.req.SetVia(via)
	c.to.Network = network
	c.to.Passing = network != transport.UDP
}

func (c *Client) start() error {
	if err := c.send(c.req); err != nil {
		if !c.fallBack(err) {
			return err
		}
		return c.start()
	}
	c.l.clients[c.key] = c
	t := c.l.c.Timers
	if transport.Reliable(c.to.Network) {
		c.timeout = c.l.after(timeoutFactor*t.T1, c.timedOut)
		return nil
	}
	c.left = t.Retx
	if c.invite() {
		c.left = t.InviteRetx
	}
	c.interval = t.T1
	c.retransmit = c.l.after(c.interval, c.again)
	return nil
}

func (c *Client) invite() bool { return c.req.Method == "INVITE" }

func (c *Client) send(m *wire.Message) error {
	return c.l.c.Send(c.to, m, func(err error) { c.l.c.Post(func() { c.failed(err) }) })
}

// again is timer A of an INVITE, timer E of another request.
func (c *Client) again() {
	if c.left == 0 {
		c.timedOut()
		return
	}
	c.left--
	if err := c.send(c.req); err != nil {
		c.failed(err)
		return
	}
	if c.left > 0 { // else wait as long as before the last one
		c.interval *= 2
		if !c.invite() && (c.interval > c.l.c.Timers.T2 || c.state == proceeding) {
			c.interval = c.l.c.Timers.T2 // section 17.1.2.2
		}
	}
	c.retransmit = c.l.after(c.interval, c.again)
}

func (c *Client) timedOut() {
	if c.state == completed || c.state == accepted { // timers D and M
		c.terminate()
		return
	}
	c.fail(ErrTimeout)
}

// failed hears that the transport could not send.
func (c *Client) failed(err error) {
	switch {
	case c.state == completed || c.state == accepted || c.state == terminated:
		return // an ACK; the response will come again
	case c.state == calling && c.fallBack(err):
		if err := c.start(); err != nil {
			c.fail(err)
		}
	default:
		c.fail(err)
	}
}

// fallBack returns to UDP when TCP, taken for the length of the request, does
// not work (section 18.1.1).
func (c *Client) fallBack(error) bool {
	if !c.fallback {
		return false
	}
	c.fallback = false
	c.stopTimers()
	if len(c.l.refused) > maxServers {
		c.l.refused = map[netip.AddrPort]time.Time{}
	}
	c.l.refused[c.to.Addr] = time.Now()
	c.become(transport.UDP)
	return true
}

func (c *Client) fail(err error) {
	c.terminate()
	c.handler(nil, err)
}

func (c *Client) stopTimers() {
	c.retransmit.Stop()
	c.timeout.Stop()
}

func (c *Client) terminate() {
	c.stopTimers()
	c.state = terminated
	if c.l.clients[c.key] == c {
		delete(c.l.clients, c.key)
	}
}

// response takes what was matched to us.
func (c *Client) response(m *wire.Message) {
	switch {
	case c.state == completed:
		if m.Status >= 300 && c.ackSent != nil {
			_ = c.send(c.ackSent) // the first one was lost
		}
		return
	case c.state == accepted:
		if m.Status/100 == 2 {
			c.handler(m, nil) // again, or from another branch of a fork
		}
		return
	case m.Status < 200:
		c.provisional()
	case !c.invite():
		// What comes again later is dropped as a stray: timer K is not needed.
		c.terminate()
	case m.Status < 300:
		c.stopTimers()
		c.state = accepted
		c.timeout = c.l.after(timeoutFactor*c.l.c.Timers.T1, c.timedOut) // timer M
	default:
		c.reject(m)
	}
	c.handler(m, nil)
}

func (c *Client) provisional() {
	first := c.state == calling
	c.state = proceeding
	if !c.invite() || !first {
		return // timer E goes on, at T2; so does the time-out of a CANCEL
	}
	c.stopTimers()
	if c.cancel != nil {
		c.sendCancel()
	}
}

// reject acknowledges a final response other than 2xx and stays to do it again
// (timer D).
func (c *Client) reject(m *wire.Message) {
	c.stopTimers()
	c.state = completed
	c.ackSent = ackOf(c.req, m)
	_ = c.send(c.ackSent)
	if transport.Reliable(c.to.Network) {
		c.terminate()
		return
	}
	c.timeout = c.l.after(timeoutFactor*c.l.c.Timers.T1, c.timedOut)
}

// ackOf is the ACK within the transaction (section 17.1.1.3).
func ackOf(req, res *wire.Message) *wire.Message {
	ack := derive(req, "ACK")
	if to := res.Header.Get("To"); to != "" {
		ack.Header.Set("To", to)
	}
	return ack
}

// derive makes the ACK or CANCEL that belongs to a request: same Via, route,
// parties and number.
func derive(req *wire.Message, method string) *wire.Message {
	m := wire.NewRequest(method, req.RequestURI)
	n, _ := req.CSeq()
	via := false
	for _, f := range req.Header {
		switch f.Name {
		case "Via":
			if !via {
				m.Header.Add(f.Name, f.Value)
			}
			via = true
		case "Route", "From", "To", "Call-ID", "Max-Forwards", "User-Agent":
			m.Header.Add(f.Name, f.Value)
		case "CSeq":
			m.Header.Add("CSeq", strconv.FormatUint(uint64(n), 10)+" "+method)
		}
	}
	return m
}

// Cancel asks the far side to give the INVITE up (section 9.1): now if it has
// answered with a 1xx, else as soon as it does. The INVITE still ends by its
// own final response, or by ErrTimeout. reason is the Reason field, "" for
// none.
func (c *Client) Cancel(reason string) {
	if !c.invite() || c.cancel != nil || c.state > proceeding {
		return
	}
	c.cancel = derive(c.req, "CANCEL")
	if reason != "" {
		c.cancel.Header.Add("Reason", reason)
	}
	if c.state == proceeding {
		c.sendCancel()
	}
}

// sendCancel starts CANCEL's own transaction, under the INVITE's branch.
func (c *Client) sendCancel() {
	cancel := &Client{l: c.l, req: c.cancel, to: c.to, handler: func(*wire.Message, error) {},
		key: clientKey(c.req.Via().Branch(), "CANCEL")}
	_ = cancel.start() // if it cannot be sent, the time-out below ends the INVITE
	c.timeout.Stop()
	c.timeout = c.l.after(timeoutFactor*c.l.c.Timers.T1, c.timedOut)
}

// Abandon ends a transaction, other than an INVITE's, that nobody waits for any
// more. An answer that still comes is a stray.
func (c *Client) Abandon() {
	if !c.invite() {
		c.terminate()
	}
}

// Destination is where the request went.
func (c *Client) Destination() transport.Destination { return c.to }
