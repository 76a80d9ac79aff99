package sipua

import (
	"errors"
	"strconv"
	"strings"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Limits of one exchange.
const (
	// maxStale is how often a server may call nonces stale.
	maxStale = 3
	// maxRealms is how many protection spaces may lie on the way.
	maxRealms = 4
)

// nonceKey is one protection space with one identity.
type nonceKey struct {
	proxy       bool // 407 instead of 401
	realm, user string
}

// nonce is a challenge that may be answered several times.
type nonce struct {
	challenge digest.Challenge
	count     uint32
}

// exchange is one request with all its challenges: it is sent until it has an
// answer other than 401 and 407, or one that cannot be met.
type exchange struct {
	l *line
	// base is the request without Via, CSeq and credentials.
	base *wire.Message
	// to are the addresses to try, best first.
	to []transport.Destination
	// seq gives the CSeq number of each sending.
	seq func() uint32
	// cred answer challenges, of the line's own server only: an answer to a
	// stranger could be searched for the password.
	cred digest.Credentials
	// attempts is how many answers may be refused.
	attempts int
	// handler is given the responses, or one error.
	handler func(*wire.Message, error)

	sent  *wire.Message // the last sending
	tx    *transaction.Client
	stale int
	// refused counts the answers that were not accepted.
	refused int
	// keys are the protection spaces that were answered in this exchange.
	keys map[nonceKey]bool
	// quit is set when nobody wants to go on: challenges are final then.
	quit bool
}

// start sends the request. An error means that it could not be sent anywhere.
func (x *exchange) start() error {
	var err error
	for len(x.to) > 0 {
		if err = x.transmit(); err == nil {
			return nil
		}
		x.to = x.to[1:]
	}
	if err == nil {
		err = errNoServer
	}
	return err
}

func (x *exchange) transmit() error {
	m := x.base.Clone()
	m.Header.Set("CSeq", strconv.FormatUint(uint64(x.seq()), 10)+" "+m.Method)
	if x.trusted() {
		x.authorize(m)
	}
	x.sent = m
	var err error
	x.tx, err = x.l.a.tx.Request(m, x.to[0], x.heard)
	return err
}

// trusted tells whether the request goes to the line's own server.
func (x *exchange) trusted() bool {
	return x.cred.Username != "" && x.l.isServer(x.to[0].Addr.Addr())
}

// authorize adds the answers to all challenges that are known.
func (x *exchange) authorize(m *wire.Message) {
	for key, n := range x.l.nonces {
		if key.user != x.cred.Username || !x.needed(key, m.Method) {
			continue
		}
		n.count++
		value, err := n.challenge.Answer(x.cred, digest.Use{
			Method: m.Method, URI: m.RequestURI, CNonce: transaction.Token(), Count: n.count, Body: m.Body,
		})
		if err == nil {
			m.Header.Add(credentialsField(key.proxy), value)
		}
	}
}

// needed: a realm may ask as a registrar (401) and as a proxy (407). What was
// learned in the other role is left out: two answers make an INVITE so long that
// it would have to go by TCP (RFC 3261 section 18.1.1).
func (x *exchange) needed(key nonceKey, method string) bool {
	other := key
	other.proxy = !key.proxy
	return x.keys[key] || x.l.nonces[other] == nil || key.proxy == (method != "REGISTER")
}

func credentialsField(proxy bool) string {
	if proxy {
		return "Proxy-Authorization"
	}
	return "Authorization"
}

// heard takes what the transaction brings.
func (x *exchange) heard(res *wire.Message, err error) {
	switch {
	case err != nil && !errors.Is(err, transaction.ErrTimeout) && len(x.to) > 1 && !x.quit:
		// The server cannot be reached: the next address (RFC 3263 section 4.3).
		x.to = x.to[1:]
		if err := x.start(); err != nil {
			x.handler(nil, err)
		}
	case err == nil && (res.Status == 401 || res.Status == 407) && !x.quit && x.meet(res):
		if err := x.start(); err != nil {
			x.handler(nil, err)
		}
	default:
		x.handler(res, err)
	}
}

// meet remembers a response's challenges for the next sending. It is false if
// there is nothing to try any more.
func (x *exchange) meet(res *wire.Message) bool {
	proxy := res.Status == 407
	field := "WWW-Authenticate"
	if proxy {
		field = "Proxy-Authenticate"
	}
	challenges := digest.Strongest(digest.Parse(res.Header.All(field)))
	if len(challenges) == 0 || !x.trusted() {
		return false
	}
	if x.keys == nil {
		x.keys = map[nonceKey]bool{}
	}
	answered, stale := false, false
	for _, c := range challenges {
		key := nonceKey{proxy, c.Realm, x.cred.Username}
		stale = stale || c.Stale
		// An answer that was made in advance, from an earlier nonce, may just
		// be too old, whether the server says so or not.
		answered = answered || x.keys[key] && strings.Contains(x.sent.Header.Get(credentialsField(proxy)), "Digest")
		x.keys[key] = true
		x.l.forget(key)
		x.l.nonces[key] = &nonce{challenge: c}
	}
	for key := range x.l.nonces {
		if key.proxy == proxy && key.user == x.cred.Username && !x.keys[key] {
			delete(x.l.nonces, key) // of a realm that the server has left
		}
	}
	if len(x.keys) > maxRealms {
		return false
	}
	if stale {
		x.stale++
		return x.stale <= maxStale
	}
	if answered {
		x.refused++
	}
	return x.refused < x.attempts
}

// maxNonces bounds the protection spaces of one line.
const maxNonces = 8

// forget makes room for a challenge.
func (l *line) forget(key nonceKey) {
	delete(l.nonces, key)
	for k := range l.nonces {
		if len(l.nonces) < maxNonces {
			return
		}
		delete(l.nonces, k)
	}
}

// give takes the failed attempt's nonces away: the next attempt begins with a
// fresh challenge.
func (x *exchange) give() {
	for key := range x.keys {
		delete(x.l.nonces, key)
	}
}

// credentials are the fields that the INVITE was authorized by; its ACK repeats
// them (RFC 3261 section 22.1).
func (x *exchange) credentials() []wire.Field {
	var fields []wire.Field
	for _, f := range x.sent.Header {
		if f.Name == "Authorization" || f.Name == "Proxy-Authorization" {
			fields = append(fields, f)
		}
	}
	return fields
}

// cancel gives up: an INVITE by CANCEL, anything else by not listening.
func (x *exchange) cancel(reason string) {
	x.quit = true
	if x.tx != nil {
		x.tx.Cancel(reason)
	}
}
