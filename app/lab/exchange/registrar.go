package exchange

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/app/lab/wire"
)

// Times of registrations (RFC 3261 section 10.3).
const (
	defaultMinExpires = 60 * time.Second
	defaultExpires    = time.Hour // what is granted if nothing is asked
	maxExpires        = 24 * time.Hour
	maxBindings       = 10 // of one user
)

// account is a user with its bindings.
type account struct {
	User
	bindings []*binding
	messages int // that wait in its mailbox
}

// binding is one place where a user is reached.
type binding struct {
	contact wire.Address
	uri     wire.URI
	from    hop // where the REGISTER came from
	callID  string
	seq     uint32
	expires time.Time
}

// Registration is a binding as seen from outside.
type Registration struct {
	User    string
	Contact string
	// Server is the exchange's own address.
	Server  netip.AddrPort
	Network string // "udp" or "tcp"
	Source  netip.AddrPort
	Expires time.Time
}

// Registrations lists all live bindings.
func (x *Exchange) Registrations() []Registration {
	var all []Registration
	x.ask(func() {
		for _, a := range x.users {
			for _, b := range a.live() {
				all = append(all, Registration{a.Name, b.contact.URI, x.Addr(), b.from.network, b.from.addr, b.expires})
			}
		}
	})
	slices.SortFunc(all, func(a, b Registration) int { return strings.Compare(a.User+a.Contact, b.User+b.Contact) })
	return all
}

// live drops what has expired and gives the rest, the newest first.
func (a *account) live() []*binding {
	now := time.Now()
	a.bindings = slices.DeleteFunc(a.bindings, func(b *binding) bool { return now.After(b.expires) })
	return slices.Clone(a.bindings)
}

// forget drops the bindings of a connection that has ended.
func (a *account) forget(s *stream) {
	a.bindings = slices.DeleteFunc(a.bindings, func(b *binding) bool { return b.from.stream == s })
}

// register handles REGISTER (section 10.3, steps 3 to 8).
func (x *Exchange) register(tx *serverTx) {
	if retry, down := x.registrarDown(); down {
		tx.respond(x.Fault.Register, "Service Unavailable", "Retry-After", seconds(retry))
		return
	}
	a := x.authenticate(tx, registrarDoor)
	if a == nil {
		return
	}
	if userOf(tx.req, "To") != a.Name {
		tx.respond(403, "Forbidden", "Warning", x.warning("register only your own address of record"))
		return
	}
	status, reason, changes := x.wanted(a, tx)
	switch {
	case status == 423:
		tx.respond(423, "Interval Too Brief", "Min-Expires", seconds(x.MinExpires))
		return
	case status != 0:
		tx.respond(status, reason)
		return
	}
	for _, change := range changes {
		change()
	}
	res := tx.response(200, "OK", "Date", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	for _, b := range a.live() {
		c := b.contact
		c.Params.Set("expires", seconds(time.Until(b.expires)))
		res.Add("Contact", c.String())
	}
	tx.send(res)
	x.Log.Info("lab: registered", "user", a.Name, "bindings", len(a.bindings), "source", tx.from.addr)
	x.remind(a)
}

// wanted checks all contacts before any is changed (step 7: all or none).
func (x *Exchange) wanted(a *account, tx *serverTx) (status int, reason string, changes []func()) {
	contacts := tx.req.List("Contact")
	callID := tx.req.Get("Call-ID")
	seq, _, _ := tx.req.CSeq()
	inOrder := func(b *binding) bool { return b.callID != callID || b.seq < seq }
	if slices.Contains(contacts, "*") {
		if len(contacts) != 1 || tx.req.Get("Expires") != "0" {
			return 400, "Contact * goes alone, with Expires 0", nil
		}
		if !allOf(a.live(), inOrder) {
			return 500, "Out of Order", nil
		}
		return 0, "", []func(){func() { a.bindings = nil }}
	}
	for _, text := range contacts {
		c, err := wire.ParseAddress(text)
		uri, uriErr := wire.ParseURI(c.URI)
		if err != nil || uriErr != nil {
			return 400, "Bad Contact", nil
		}
		expires, ok := x.expiry(c, tx.req)
		if !ok {
			return 423, "", nil
		}
		old := a.find(uri)
		if old != nil && !inOrder(old) {
			return 500, "Out of Order", nil
		}
		b := &binding{contact: c, uri: uri, from: tx.from, callID: callID, seq: seq, expires: time.Now().Add(expires)}
		changes = append(changes, func() { a.replace(old, b, expires) })
	}
	if len(a.live())+len(changes) > maxBindings {
		return 503, "Too Many Contacts", nil
	}
	return 0, "", changes
}

// expiry is the time that a contact asks for; false if it is too short.
func (x *Exchange) expiry(c wire.Address, req *wire.Message) (time.Duration, bool) {
	text, has := c.Params.Get("expires")
	if !has {
		text = req.Get("Expires")
	}
	asked := defaultExpires
	// A malformed value counts as 3600 (section 10.2.1.1).
	if n, err := strconv.ParseUint(text, 10, 32); err == nil {
		asked = min(time.Duration(n)*time.Second, maxExpires)
	}
	if enough := asked == 0 || asked >= x.MinExpires; !enough {
		return 0, false
	}
	if x.Fault.Grant > 0 { // a registrar may shorten the time (step 7)
		asked = min(asked, x.Fault.Grant)
	}
	return asked, true
}

func (a *account) find(uri wire.URI) *binding {
	for _, b := range a.live() {
		if sameContact(b.uri, uri) {
			return b
		}
	}
	return nil
}

// replace puts a binding in the place of an old one; a time of 0 removes it.
func (a *account) replace(old, b *binding, expires time.Duration) {
	a.bindings = slices.DeleteFunc(a.bindings, func(x *binding) bool { return x == old })
	if expires > 0 {
		a.bindings = append([]*binding{b}, a.bindings...)
	}
}

// sameContact compares two contacts (section 19.1.4), of the parameters only
// the transport, which decides where requests go.
func sameContact(a, b wire.URI) bool {
	return a.Scheme == b.Scheme && a.User == b.User && a.Host == b.Host && a.Port == b.Port && a.Network() == b.Network()
}

// hop is where requests for this binding go: over the connection that it was
// registered with, to the address that it names, or, where that is no address
// or one that cannot be reached, back to where the REGISTER came from.
func (b *binding) hop(x *Exchange) hop {
	if b.from.stream != nil && !b.from.stream.gone {
		return b.from
	}
	if addr, ok := b.uri.AddrPort(); ok && x.reachable(addr) {
		return hop{network: b.uri.Network(), addr: addr}
	}
	return hop{network: "udp", addr: b.from.addr}
}

func allOf(bindings []*binding, ok func(*binding) bool) bool {
	return !slices.ContainsFunc(bindings, func(b *binding) bool { return !ok(b) })
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// warning is a Warning header (section 20.43); 399 is the miscellaneous code.
func (x *Exchange) warning(text string) string {
	return fmt.Sprintf("399 %s %q", x.Realm, text)
}
