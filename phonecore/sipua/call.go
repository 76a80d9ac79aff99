package sipua

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

var (
	errNotRinging   = errors.New("the call does not ring any more")
	errNotConnected = errors.New("the call is not connected")
	errLocal        = errors.New("no RTP port or no codec to offer")
)

// Call is one call.
type Call struct {
	// Data is free for the owner.
	Data any
	// Farewell gives header fields for the BYE that ends the call and for the 200
	// that answers the peer's. Nil gives none.
	Farewell func() [][2]string

	a        *Agent
	l        *line
	id, tag  string
	outgoing bool
	state    CallState
	peer     Party
	// asserted: the line's server has said who peer is.
	asserted bool
	// hidden: we keep back who we are, for all of the call.
	hidden bool

	// dlg is the dialog: of an outgoing call from its 2xx on.
	dlg *dialog
	ses *sdp.Session
	// local is what the owner wants, media what was last agreed.
	local sdp.Local
	media *sdp.Agreed
	// open: some of the call has gone by another way than TLS.
	open bool

	out *outgoing
	in  *incoming
	upd update
	// session is the timer of RFC 4028.
	session sessionTimer
	// xfer is our wish that the peer calls somebody else, referral how we tell of
	// the last one of the peer's (of referrals so far), reports what is told of
	// this call.
	xfer      *transfer
	referral  *reports
	referrals int
	reports   *reports
	infos     infos
}

// ID is the Call-ID. Both ends of a call to oneself share it.
func (c *Call) ID() string { return c.id }

// Line is the line of the call, 1 to 6.
func (c *Call) Line() int { return c.l.acc.Line }

// Outgoing tells who called.
func (c *Call) Outgoing() bool { return c.outgoing }

// State of the signalling.
func (c *Call) State() CallState { return c.state }

// Peer is the far side as far as it is known.
func (c *Call) Peer() Party { return c.peer }

// LocalAddr is our address towards the far side as it is now, which may not be
// the one in the session's description any more. It is invalid while there is
// no way to it, or no dialog.
func (c *Call) LocalAddr() netip.Addr {
	if c.dlg == nil {
		return netip.Addr{}
	}
	local, err := c.a.outside(c.l, c.dlg.source)
	if err != nil {
		return netip.Addr{}
	}
	return local.Addr()
}

// Hangup ends the call in whatever way its state demands: CANCEL, BYE, or a
// final response (RFC 3261 section 15). The handler hears CallEnded soon;
// what is left to say to the peer is said in the background.
func (c *Call) Hangup() {
	defer c.a.enter()()
	switch c.state {
	case CallEnded:
	case CallIncoming:
		c.reject(486, "", Event{Code: 486, Reason: wire.StatusText(486)})
	case CallConnected:
		c.end(Event{Code: 200, Reason: "OK"})
		c.leave()
	default:
		c.end(Event{Code: 487, Reason: wire.StatusText(487)})
		c.out.cancel("")
	}
}

// event tells the handler.
func (c *Call) event(e Event) {
	e.State, e.Peer, e.Asserted = c.state, c.peer, c.asserted
	c.reports.heard(c.state, e)
	c.a.o.Log.Info("SIP call", "call", c.id, "line", c.Line(), "state", e.State, "code", e.Code, "reason", e.Reason, "by_peer", e.ByPeer, "took", e.Took)
	c.a.emit(func() { c.a.o.Handler.Call(c, e) })
}

// end is the last event of a call.
func (c *Call) end(e Event) {
	if c.state == CallEnded {
		return
	}
	c.state = CallEnded
	c.stopTimers()
	c.event(e)
}

func (c *Call) stopTimers() {
	if c.out != nil {
		c.out.expires.Stop()
	}
	if c.in != nil {
		c.in.again.Stop()
		c.in.rel.timer.Stop()
		c.in.expires.Stop()
	}
	c.session.stop()
	if c.xfer != nil {
		c.xfer.limit.Stop()
	}
	c.upd.timer.Stop()
	// c.upd.expires goes on: an INVITE under way has to end, or to be cancelled.
}

// release forgets a call that has nothing left to say.
func (c *Call) release() {
	a := c.a
	for i, other := range a.calls {
		if other == c {
			a.calls = append(a.calls[:i:i], a.calls[i+1:]...)
			break
		}
	}
	if a.ended != nil {
		a.ended()
	}
}

// leave says goodbye. Who was called may not say BYE before the ACK of the 2xx
// has come (section 15): then it is said from there.
func (c *Call) leave() {
	if c.in != nil && c.in.waitsForAck {
		c.in.leaving = true
		return
	}
	c.bye(c.dlg, c.release)
}

// bye ends a dialog; done is called when the peer has answered, or will not.
func (c *Call) bye(d *dialog, done func()) {
	c.byeBecause(d, "", done)
}

func (c *Call) finish(d *dialog, m *wire.Message, next wire.URI, done func()) {
	c.exchange(d, m, next, func(_ *exchange, res *wire.Message, err error) {
		if err != nil || res.Status >= 200 {
			done()
		}
	})
}

// exchange sends a request within a dialog.
func (c *Call) exchange(d *dialog, m *wire.Message, next wire.URI, heard func(*exchange, *wire.Message, error)) {
	c.l.route(d, next, func(list []transport.Destination, err error) {
		if err != nil {
			heard(nil, nil, err)
			return
		}
		c.passes(list...)
		x := &exchange{l: c.l, base: m, to: list, cred: c.l.callCredentials(), attempts: 1}
		x.seq = func() uint32 { d.localSeq++; return d.localSeq }
		x.handler = func(res *wire.Message, err error) { heard(x, res, err) }
		if m.Method == "REFER" || m.Method == "NOTIFY" { // they are target refreshes
			if contact, err := c.contact(list[0]); err == nil {
				m.Header.Set("Contact", contact)
			}
		}
		if m.Method == "INVITE" || m.Method == "UPDATE" {
			if err := c.addContact(m, list[0]); err != nil {
				heard(x, nil, err)
				return
			}
			if d == c.dlg && c.upd.x != nil {
				c.upd.x = x
			}
		}
		if err := x.start(); err != nil {
			heard(x, nil, err)
		}
	})
}

func (c *Call) addContact(m *wire.Message, to transport.Destination) error {
	contact, err := c.contact(to)
	if err != nil {
		return err
	}
	m.Header.Set("Contact", contact)
	m.Header.Set("Allow", allow)
	m.Header.Set("Supported", strings.Join(c.a.supported(), ", "))
	c.proposeSession(m)
	return nil
}

// ack is the ACK of a 2xx, kept for when the 2xx comes again.
type ack struct {
	a  *Agent
	m  *wire.Message
	to transport.Destination
}

// acknowledge sends the ACK of a 2xx to an INVITE (section 13.2.2.4), with our
// answer if the 2xx held the offer.
func (c *Call) acknowledge(d *dialog, x *exchange, answer []byte) *ack {
	k := &ack{a: c.a}
	m, next := c.a.dialogRequest(d, "ACK")
	n, _ := x.sent.CSeq()
	m.Header.Set("CSeq", fmt.Sprintf("%d ACK", n))
	m.SetBody(sdpType, answer)
	c.l.route(d, next, func(list []transport.Destination, err error) {
		if err == nil {
			c.passes(list[0])
			// What answers the server's challenge is not for the peer's eyes:
			// it could try passwords on it at leisure.
			if x.trusted() && c.l.isServer(list[0].Addr.Addr()) {
				m.Header = append(m.Header, x.credentials()...)
			}
			err = c.a.tx.Ack(m, list[0])
		}
		if err != nil {
			// The peer repeats its 2xx, and in the end says BYE.
			c.a.o.Log.Warn("ACK cannot be sent", "call", c.id, "cause", err)
			return
		}
		k.m, k.to = m, list[0]
	})
	return k
}

// again answers a repeated 2xx.
func (k *ack) again() {
	if k.m != nil {
		k.a.tx.Resend(k.m, k.to)
	}
}

// settle fills in what the owner leaves to us.
func (c *Call) settle(local sdp.Local, to transport.Destination) (sdp.Local, error) {
	local.Encryption = c.encryption(to)
	if local.Port == 0 || len(local.Codecs) == 0 {
		return local, errLocal
	}
	if !local.Addr.IsValid() {
		ours, err := c.a.outside(c.l, to)
		if err != nil {
			return local, err
		}
		local.Addr = ours.Addr()
	}
	return local, nil
}

// agreed takes what offer and answer have fixed.
func (c *Call) agreed(m *sdp.Agreed, e Event) Event {
	c.media = m
	e.Media, e.Changed = m, true
	return e
}

// status of a failure that is no response.
func status(err error) int {
	if errors.Is(err, transaction.ErrTimeout) {
		return 408
	}
	return 503
}
