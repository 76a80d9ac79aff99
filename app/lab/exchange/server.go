package exchange

import (
	"fmt"
	"strings"
	"time"

	"deskset/app/lab/wire"
)

// cookie begins the branch of every RFC 3261 peer (section 8.1.1.7).
const cookie = "z9hG4bK"

// serverTx is a server transaction (RFC 3261 section 17.2; the accepted state
// is RFC 6026's).
type serverTx struct {
	x    *Exchange
	key  string
	req  *wire.Message
	from hop
	// tag is our one To tag: every response of this transaction bears it.
	tag string

	last   []byte // the response to repeat
	status int    // of the last response; 0: none yet
	repeat *repeater
	expire *timer

	// canceled is called when a CANCEL comes before the final response.
	canceled func(cancel *wire.Message)
}

// serverKey names the transaction that a request belongs to (section 17.2.3).
// ACK and CANCEL bear the key of the INVITE they speak of.
func serverKey(m *wire.Message, via wire.Via) string {
	method := m.Method
	if method == "ACK" || method == "CANCEL" {
		method = "INVITE"
	}
	if branch := via.Branch(); strings.HasPrefix(branch, cookie) {
		return fmt.Sprintf("%s|%s|%d|%s", branch, via.Host, via.Port, method)
	}
	// RFC 2543 peers: the same request again has the same of all these.
	seq, _, _ := m.CSeq()
	return fmt.Sprintf("%s|%s|%d|%s|%s:%d|%s", m.Get("Call-ID"), m.Tag("From"), seq, m.URI, via.Host, via.Port, method)
}

// newServerTx begins a transaction; nil if there are too many.
func (x *Exchange) newServerTx(key string, req *wire.Message, from hop) *serverTx {
	if len(x.servers) >= maxTransactions {
		return nil
	}
	tx := &serverTx{x: x, key: key, req: req, from: from, tag: randomToken()}
	x.servers[key] = tx
	// However its owner errs, a transaction ends.
	tx.expire = x.after(maxCallTime, tx.drop)
	return tx
}

// again answers a retransmission with the last response.
func (tx *serverTx) again() {
	accepted := tx.isInvite() && tx.status >= 200 && tx.status < 300
	if tx.last != nil && !accepted { // a 2xx is repeated by its owner
		tx.write()
	}
}

func (tx *serverTx) isInvite() bool { return tx.req.Method == "INVITE" }

// final tells whether a final response has been sent.
func (tx *serverTx) final() bool { return tx.status >= 200 }

// ack is called for the ACK to a response of 300 and above.
func (tx *serverTx) ack() {
	tx.repeat.stop()
	tx.endAfter(timerT4) // timer I
}

// respond sends a response. Extra headers come in pairs of name and value.
func (tx *serverTx) respond(status int, reason string, extra ...string) {
	tx.send(tx.response(status, reason, extra...))
}

// response makes a response to the request (section 8.2.6).
func (tx *serverTx) response(status int, reason string, extra ...string) *wire.Message {
	m := responseTo(tx.req, status, reason, tx.tag)
	for i := 0; i+1 < len(extra); i += 2 {
		m.Add(extra[i], extra[i+1])
	}
	return m
}

// responseTo copies what every response has of its request. A tag is added
// where the request has none, but not to 100 (section 8.2.6.2).
func responseTo(req *wire.Message, status int, reason, tag string) *wire.Message {
	m := &wire.Message{Status: status, Reason: reason}
	m.Copy(req, "Via", "From", "To", "Call-ID", "CSeq")
	if status == 100 {
		m.Copy(req, "Timestamp")
	} else if to, err := wire.ParseAddress(req.Get("To")); err == nil && req.Tag("To") == "" {
		to.Params.Set("tag", tag)
		m.Set("To", to.String())
	}
	// Record-Route of what is on the way makes the dialog's route (12.1.1).
	if status > 100 && status < 300 && req.Method != "REGISTER" {
		m.Copy(req, "Record-Route")
	}
	m.Add("Server", agentName)
	return m
}

// send sends a response that is ready, and moves the state on.
func (tx *serverTx) send(m *wire.Message) {
	first := !tx.final()
	more := tx.isInvite() && tx.status < 300 && m.Status >= 200 && m.Status < 300
	if !first && !more {
		return // one final response, but any number of 2xx of forks (16.7)
	}
	tx.last, tx.status = m.Bytes(), m.Status
	tx.write()
	if !first || m.Status < 200 {
		return
	}
	switch {
	case tx.isInvite() && m.Status >= 300:
		if !tx.from.reliable() {
			tx.repeat = tx.x.repeat(timerT2, tx.write) // timer G
		}
		tx.endAfter(timer64) // timer H
	default:
		tx.endAfter(timer64) // timers J and L; on TCP too, it costs little
	}
}

func (tx *serverTx) endAfter(d time.Duration) {
	tx.expire.stop()
	tx.expire = tx.x.after(d, tx.drop)
}

// drop ends the transaction.
func (tx *serverTx) drop() {
	tx.repeat.stop()
	tx.expire.stop()
	if tx.x.servers[tx.key] == tx {
		delete(tx.x.servers, tx.key)
	}
}

func (tx *serverTx) write() { tx.x.reply(tx.req, tx.from, tx.last) }

// reply sends a response where its request came from: over the same
// connection, or to the source address (section 18.2.2), and to the source
// port if the peer asked so (RFC 3581 section 4).
func (x *Exchange) reply(req *wire.Message, from hop, data []byte) {
	if !from.reliable() {
		via, err := req.TopVia()
		if err != nil {
			return
		}
		if _, rport := via.Params.Get("rport"); !rport {
			from.addr = portOr5060(from.addr, via.Port)
		}
	}
	if err := x.net.send(x, from, data); err != nil {
		x.Log.Debug("lab: response not sent", "to", from.addr, "error", err)
	}
}
