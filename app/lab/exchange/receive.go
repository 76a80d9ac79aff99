package exchange

import (
	"slices"
	"strconv"
	"strings"

	"deskset/app/lab/wire"
)

// allow lists what the exchange itself answers to.
const allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE, MESSAGE, REFER, NOTIFY, SUBSCRIBE"

// receive takes one message of the network, on the loop.
func (x *Exchange) receive(m *wire.Message, from hop) {
	if x.Fault.Silent {
		return
	}
	if m.Method == "" {
		if tx := x.clients[clientKey(topBranch(m), methodOf(m))]; tx != nil && m.Check() == nil {
			tx.receive(m)
		}
		return
	}
	via, err := m.TopVia()
	if err != nil {
		return // nowhere to answer to
	}
	x.annotate(m, via, from)
	key := serverKey(m, via)
	tx := x.servers[key]
	switch {
	case m.Method == "ACK" && tx != nil && tx.status >= 300:
		tx.ack()
	case m.Method == "ACK":
		x.receiveACK(m)
	case m.Method == "CANCEL":
		x.receiveCancel(m, from, tx)
	case tx != nil:
		tx.again()
	default:
		x.begin(key, m, from)
	}
}

func methodOf(m *wire.Message) string {
	_, method, _ := m.CSeq()
	return method
}

// annotate notes in the top Via where a request came from (RFC 3261 section
// 18.2.1, RFC 3581 section 4).
func (x *Exchange) annotate(m *wire.Message, via wire.Via, from hop) {
	_, rport := via.Params.Get("rport")
	if rport {
		via.Params.Set("rport", strconv.Itoa(int(from.addr.Port())))
	}
	if rport || via.Host != from.addr.Addr().String() {
		via.Params.Set("received", from.addr.Addr().String())
		m.SetTopVia(via)
	}
}

// begin starts a server transaction and hands the request to whom it is for.
func (x *Exchange) begin(key string, m *wire.Message, from hop) {
	tx := x.newServerTx(key, m, from)
	if tx == nil {
		x.reply(m, from, responseTo(m, 503, "Service Unavailable", randomToken()).Bytes())
		return
	}
	if err := m.Check(); err != nil {
		tx.respond(400, "Bad Request: "+err.Error())
		return
	}
	if status, reason, extra := x.refusal(m); status != 0 {
		tx.respond(status, reason, extra...)
		return
	}
	x.stripRoute(m)
	switch {
	case x.Fault.Neighbour && (m.Method == "REGISTER" || m.Method == "OPTIONS"):
		tx.drop()
	case m.Tag("To") != "":
		x.inDialog(tx)
	case m.Method == "REGISTER":
		x.register(tx)
	case m.Method == "OPTIONS" && x.forServer(m):
		tx.respond(200, "OK", "Allow", allow, "Accept", "application/sdp")
	default:
		x.route(tx)
	}
}

// refusal is what a request is refused for before anything is done with it
// (sections 8.2.2 and 16.3).
func (x *Exchange) refusal(m *wire.Message) (status int, reason string, extra []string) {
	required := strings.Join(append(m.List("Proxy-Require"), x.unsupported(m)...), ", ")
	_, err := wire.ParseURI(m.URI)
	forwards, has := maxForwards(m)
	switch {
	case m.Version != wire.Version:
		return 505, "Version Not Supported", nil
	case err != nil && strings.HasPrefix(strings.ToLower(m.URI), "sip"):
		return 400, "Bad Request-URI", nil
	case err != nil:
		return 416, "Unsupported URI Scheme", nil
	case has && forwards == 0 && !x.forServer(m) && m.Method != "REGISTER":
		return 483, "Too Many Hops", nil
	case required != "":
		return 420, "Bad Extension", []string{"Unsupported", required}
	}
	return 0, "", nil
}

// unsupported lists what a request for the exchange itself requires; what
// another user must support is not the proxy's business.
func (x *Exchange) unsupported(m *wire.Message) []string {
	u, _ := wire.ParseURI(m.URI)
	_, number := lookup(u.User)
	if x.ours(u) && (number || u.User == "") {
		return slices.DeleteFunc(m.List("Require"), supportsHere)
	}
	return nil
}

func (x *Exchange) forServer(m *wire.Message) bool {
	u, err := wire.ParseURI(m.URI)
	return err == nil && u.User == "" && x.ours(u)
}

func maxForwards(m *wire.Message) (n uint64, has bool) {
	n, err := strconv.ParseUint(m.Get("Max-Forwards"), 10, 8)
	return n, err == nil
}

// stripRoute removes a Route that only led here (section 16.4).
func (x *Exchange) stripRoute(m *wire.Message) {
	routes := m.List("Route")
	if len(routes) == 0 {
		return
	}
	a, err := wire.ParseAddress(routes[0])
	u, uriErr := wire.ParseURI(a.URI)
	if err == nil && uriErr == nil && x.ours(u) {
		m.RemoveFirst("Route")
	}
}

// receiveCancel answers a CANCEL and ends what it cancels (section 9.2).
func (x *Exchange) receiveCancel(m *wire.Message, from hop, invite *serverTx) {
	tag := randomToken()
	status, reason := 481, "Call/Transaction Does Not Exist"
	if invite != nil {
		tag, status, reason = invite.tag, 200, "OK"
	}
	x.reply(m, from, responseTo(m, status, reason, tag).Bytes())
	if invite != nil && !invite.final() && invite.canceled != nil {
		invite.canceled(m)
	}
}

// receiveACK takes the ACK to a 2xx: for a call of ours, or to be passed on.
func (x *Exchange) receiveACK(m *wire.Message) {
	if m.Check() != nil {
		return
	}
	if l := x.legs[legOf(m)]; l != nil {
		l.acked(m)
		return
	}
	x.stripRoute(m)
	x.passACK(m)
}

// inDialog takes a request within a dialog (section 12.2.2).
func (x *Exchange) inDialog(tx *serverTx) {
	if l := x.legs[legOf(tx.req)]; l != nil {
		l.receive(tx)
		return
	}
	if w := x.watchers[legOf(tx.req)]; w != nil {
		w.receive(tx)
		return
	}
	if b := x.bound(tx.req.URI); b != nil {
		x.relayTo(tx, nil, []*binding{b})
		return
	}
	tx.respond(481, "Call/Transaction Does Not Exist")
}

// bound finds the binding whose contact a Request-URI is.
func (x *Exchange) bound(uri string) *binding {
	u, err := wire.ParseURI(uri)
	if err != nil {
		return nil
	}
	for _, a := range x.users {
		if b := a.find(u); b != nil {
			return b
		}
	}
	return nil
}

// route takes a request outside of any dialog: for a number, or for a user.
func (x *Exchange) route(tx *serverTx) {
	if x.Fault.Neighbour {
		x.asNeighbour(tx)
		return
	}
	caller := x.authenticate(tx, proxyDoor)
	if caller == nil {
		return
	}
	if userOf(tx.req, "From") != caller.Name && !anonymous(tx.req) {
		tx.respond(403, "Forbidden", "Warning", x.warning("call as yourself: From is not who authenticated"))
		return
	}
	u, _ := wire.ParseURI(tx.req.URI)
	number, isNumber := lookup(u.User)
	called := x.users[u.User]
	switch {
	case !x.ours(u):
		b := x.bound(tx.req.URI)
		if b == nil {
			tx.respond(404, "Not Found", "Warning", x.warning("the lab reaches its own numbers only"))
			return
		}
		x.relayTo(tx, x.record(tx.req, u.User), []*binding{b})
	case isNumber:
		x.dial(tx, number, caller)
	case called != nil:
		x.relayTo(tx, x.record(tx.req, u.User), called.live())
	default:
		if tx.req.Method == "INVITE" {
			x.record(tx.req, u.User).end(404)
		}
		tx.respond(404, "Not Found")
	}
}

// asNeighbour takes a call from anybody, to a number only.
func (x *Exchange) asNeighbour(tx *serverTx) {
	u, _ := wire.ParseURI(tx.req.URI)
	if number, ok := lookup(u.User); ok && x.ours(u) {
		x.dial(tx, number, &account{User: User{Name: userOf(tx.req, "From")}})
		return
	}
	tx.respond(404, "Not Found")
}

// dial takes a request for one of the numbers.
func (x *Exchange) dial(tx *serverTx, n Number, caller *account) {
	switch tx.req.Method {
	case "INVITE":
		x.answer(tx, n, caller)
	case "OPTIONS":
		tx.respond(200, "OK", "Allow", allow, "Accept", "application/sdp")
	case "SUBSCRIBE":
		x.subscribe(tx, n)
	case "PUBLISH":
		tx.respond(489, "Bad Event", "Allow-Events", "")
	default:
		tx.respond(405, "Method Not Allowed", "Allow", allow)
	}
}
