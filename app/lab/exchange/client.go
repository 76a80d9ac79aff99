package exchange

import (
	"deskset/app/lab/wire"
	"strings"
)

// clientTx is a client transaction (RFC 3261 section 17.1; the accepted state
// is RFC 6026's).
type clientTx struct {
	x   *Exchange
	key string
	req *wire.Message
	to  hop
	// heard is called for every response that its owner must know of: each
	// provisional one, the first final one, and each 2xx to an INVITE. The
	// transaction makes up 408 and 503 itself if nothing comes.
	heard func(*wire.Message)

	data    []byte
	status  int
	repeat  *repeater
	expire  *timer
	ackData []byte // ACK to a non-2xx, sent again for each repetition
	// wanted is a CANCEL that waits for a provisional response.
	wanted *string
}

// request sends a request through a new client transaction. The transaction
// adds its own Via on top.
func (x *Exchange) request(req *wire.Message, to hop, heard func(*wire.Message)) *clientTx {
	via := x.via(to)
	via.Params = append(via.Params, wire.Flag("rport"))
	req.Prepend("Via", via.String())
	tx := &clientTx{x: x, key: clientKey(via.Branch(), req.Method), req: req, to: to, heard: heard, data: req.Bytes()}
	if len(x.clients) >= maxTransactions {
		x.after(0, func() { tx.fail(503, "Service Unavailable") })
		return tx
	}
	x.clients[tx.key] = tx
	tx.start()
	return tx
}

// via is our Via for a request to a hop, with a branch of its own.
func (x *Exchange) via(to hop) wire.Via {
	via := wire.Via{Network: "UDP", Host: x.Addr().Addr().String(), Port: x.Addr().Port()}
	if to.reliable() {
		via.Network = strings.ToUpper(to.network)
	}
	via.Params.Set("branch", cookie+randomToken())
	return via
}

func clientKey(branch, method string) string { return branch + "|" + method }

func (tx *clientTx) start() {
	if err := tx.x.net.send(tx.x, tx.to, tx.data); err != nil {
		// Told later, so that the owner has the transaction in hand.
		tx.x.Log.Debug("lab: request not sent", "to", tx.to.addr, "error", err)
		tx.expire = tx.x.after(0, func() { tx.fail(503, "Service Unavailable") })
		return
	}
	if !tx.to.reliable() {
		most := timerT2 // timer E
		if tx.isInvite() {
			most = timer64 // timer A only doubles
		}
		tx.repeat = tx.x.repeat(most, func() { _ = tx.x.net.send(tx.x, tx.to, tx.data) })
	}
	tx.expire = tx.x.after(timer64, func() { tx.fail(408, "Request Timeout") }) // timers B and F
}

func (tx *clientTx) isInvite() bool { return tx.req.Method == "INVITE" }

// fail makes up a final response that nobody sent.
func (tx *clientTx) fail(status int, reason string) {
	if tx.status >= 200 {
		return
	}
	tx.drop()
	tx.status = status
	m := responseTo(tx.req, status, reason, randomToken())
	tx.heard(m)
}

// receive takes a response of the network.
func (tx *clientTx) receive(m *wire.Message) {
	switch {
	case tx.status >= 300: // completed: a repetition
		if tx.ackData != nil {
			_ = tx.x.net.send(tx.x, tx.to, tx.ackData)
		}
		return
	case tx.status >= 200 && (!tx.isInvite() || m.Status < 200 || m.Status >= 300):
		return
	}
	first := tx.status < 200
	tx.status = m.Status
	switch {
	case m.Status < 200 && tx.isInvite():
		tx.repeat.stop()
		tx.expire.stop() // its owner limits how long it may ring
		if tx.wanted != nil {
			tx.cancel(*tx.wanted)
		}
	case m.Status < 200:
	case first:
		tx.complete(m)
	}
	tx.heard(m)
}

// complete enters the state after a final response.
func (tx *clientTx) complete(m *wire.Message) {
	tx.repeat.stop()
	tx.expire.stop()
	linger := timerT4 // timer K
	switch {
	case tx.isInvite() && m.Status >= 300:
		tx.ackData = tx.ackFor(m).Bytes()
		_ = tx.x.net.send(tx.x, tx.to, tx.ackData)
		linger = timerD
	case tx.isInvite():
		linger = timer64 // timer M
	}
	tx.expire = tx.x.after(linger, tx.drop)
}

// ackFor makes the ACK to a non-2xx (section 17.1.1.3).
func (tx *clientTx) ackFor(m *wire.Message) *wire.Message {
	ack := tx.alike("ACK")
	ack.Set("To", m.Get("To"))
	return ack
}

// alike makes an ACK or CANCEL with the INVITE's Request-URI, top Via, Route,
// Call-ID, From, To and sequence number (sections 9.1 and 17.1.1.3).
func (tx *clientTx) alike(method string) *wire.Message {
	m := wire.Request(method, tx.req.URI)
	via, _ := tx.req.TopVia()
	m.Add("Via", via.String())
	m.Copy(tx.req, "Route", "From", "To", "Call-ID")
	m.Add("CSeq", cseq(tx.req, method))
	m.Add("Max-Forwards", "70")
	return m
}

// cancel gives up an INVITE that has not been answered: at once, or when the
// first provisional response has come (section 9.1).
func (tx *clientTx) cancel(reason string) {
	if tx.status == 0 {
		tx.wanted = &reason
	}
	if tx.status == 0 || tx.status >= 200 {
		return
	}
	tx.wanted = nil
	m := tx.alike("CANCEL")
	if reason != "" {
		m.Add("Reason", reason)
	}
	c := &clientTx{x: tx.x, key: clientKey(topBranch(m), "CANCEL"), req: m, to: tx.to, heard: func(*wire.Message) {}, data: m.Bytes()}
	if tx.x.clients[c.key] != nil {
		return
	}
	tx.x.clients[c.key] = c
	c.start()
	// A peer that never ends its INVITE transaction (section 9.1).
	tx.expire.stop()
	tx.expire = tx.x.after(timer64, func() { tx.fail(487, "Request Terminated") })
}

func (tx *clientTx) drop() {
	tx.repeat.stop()
	tx.expire.stop()
	if tx.x.clients[tx.key] == tx {
		delete(tx.x.clients, tx.key)
	}
}

// streamLost fails what waits for a connection that has ended.
func (x *Exchange) streamLost(s *stream) {
	for _, tx := range x.clients {
		if tx.to.stream == s {
			tx.fail(503, "Service Unavailable")
		}
	}
	for _, a := range x.users {
		a.forget(s)
	}
}
