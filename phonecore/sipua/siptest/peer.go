package siptest

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// patience is how long a Peer waits for a message, in virtual time.
const patience = 10 * time.Minute

// Peer is a far end of which the test writes every message. It does nothing by
// itself: no retransmission, no ACK. Its methods are called on the test's
// goroutine.
type Peer struct {
	t  testing.TB
	in chan transport.Packet
	*Transport
	// Network that Send uses, UDP unless changed.
	Network string
	seq     uint32
}

// NewPeer puts a peer on a network.
func NewPeer(t testing.TB, n *Network, addr string) *Peer {
	p := &Peer{t: t, in: make(chan transport.Packet, 1024), Transport: n.Transport(addr), Network: transport.UDP}
	p.Start(p)
	return p
}

// Receive implements transport.Receiver.
func (p *Peer) Receive(packet transport.Packet) {
	select {
	case p.in <- packet:
	default:
	}
}

// Closed implements transport.Receiver.
func (p *Peer) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (p *Peer) Trouble(error) {}

// URI is the peer's address of a user.
func (p *Peer) URI(user string) string { return "sip:" + user + "@" + p.addr.String() }

// Next waits for any message.
func (p *Peer) Next() *wire.Message {
	p.t.Helper()
	select {
	case packet := <-p.in:
		if packet.Message == nil {
			p.t.Fatalf("%v received no message: %q", p.addr, packet.Raw)
		}
		return packet.Message
	case <-time.After(patience):
		p.t.Fatalf("%v received nothing for %v", p.addr, patience)
		return nil
	}
}

// Expect waits for the next message, which must be this request ("INVITE") or
// response ("486").
func (p *Peer) Expect(what string) *wire.Message {
	p.t.Helper()
	m := p.Next()
	if got := Kind(m); got != what {
		p.t.Fatalf("%v received %s, want %s:\n%s", p.addr, got, what, m.Encode())
	}
	return m
}

// Await waits for a message and passes over all others.
func (p *Peer) Await(what string) *wire.Message {
	p.t.Helper()
	for {
		if m := p.Next(); Kind(m) == what {
			return m
		}
	}
}

// Quiet checks that nothing comes for a time.
func (p *Peer) Quiet(d time.Duration) {
	p.t.Helper()
	select {
	case packet := <-p.in:
		p.t.Fatalf("%v received %s, want nothing", p.addr, packet.Raw)
	case <-time.After(d):
	}
}

// Drain forgets what has come.
func (p *Peer) Drain() {
	for {
		select {
		case <-p.in:
		default:
			return
		}
	}
}

// Kind is a request's method or a response's status as text.
func Kind(m *wire.Message) string {
	if m.IsRequest() {
		return m.Method
	}
	return fmt.Sprint(m.Status)
}

// SendTo sends a message as it is.
func (p *Peer) SendTo(to string, m *wire.Message) {
	p.t.Helper()
	if err := p.Send(transport.Destination{Network: p.Network, Addr: netip.MustParseAddrPort(to)}, m, nil); err != nil {
		p.t.Fatal(err)
	}
}

// Option changes a message before it is sent.
type Option func(*wire.Message)

// With sets a header field.
func With(name, value string) Option {
	return func(m *wire.Message) { m.Header.Set(name, value) }
}

// And adds a header field beside others of its name.
func And(name, value string) Option {
	return func(m *wire.Message) { m.Header.Add(name, value) }
}

// Without removes a header field.
func Without(name string) Option { return func(m *wire.Message) { m.Header.Del(name) } }

// SDP sets a session description as body.
func SDP(body string) Option {
	return func(m *wire.Message) { m.SetBody("application/sdp", []byte(body)) }
}

// Reply answers a request, with the tag "peer" and a Contact of this peer.
func (p *Peer) Reply(req *wire.Message, status int, options ...Option) *wire.Message {
	p.t.Helper()
	res := wire.NewResponse(req, status, "", "peer")
	if status > 100 && status < 300 {
		res.Header.Add("Contact", "<"+p.URI("peer")+">")
	}
	for _, o := range options {
		o(res)
	}
	via := req.Via()
	host, port := via.Host, via.Port
	p.SendTo(netip.AddrPortFrom(netip.MustParseAddr(host), port).String(), res)
	return res
}

// Request makes a request outside of a dialog, to be sent with SendTo.
func (p *Peer) Request(method, uri string, options ...Option) *wire.Message {
	p.seq++
	m := wire.NewRequest(method, uri)
	m.Header = wire.Header{
		{Name: "Via", Value: "SIP/2.0/" + map[string]string{"udp": "UDP", "tcp": "TCP", "tls": "TLS"}[p.Network] + " " + p.addr.String() + ";rport;branch=" + wire.Cookie + transaction.Token()},
		{Name: "Max-Forwards", Value: "70"},
		{Name: "From", Value: `"Peer" <` + p.URI("peer") + ">;tag=peer"},
		{Name: "To", Value: "<" + uri + ">"},
		{Name: "Call-ID", Value: transaction.Token()},
		{Name: "CSeq", Value: fmt.Sprintf("%d %s", p.seq, method)},
		{Name: "Contact", Value: "<" + p.URI("peer") + ">"},
	}
	for _, o := range options {
		o(m)
	}
	return m
}

// Within makes a request within the dialog that an INVITE and its response
// have made. Either side may have sent the INVITE.
func (p *Peer) Within(invite, res *wire.Message, method string, options ...Option) *wire.Message {
	from, to, contact := invite.Header.Get("From"), res.Header.Get("To"), res.Address("Contact")
	if invite.Address("Contact").URI != p.URI("peer") { // the other side called
		from, to, contact = to, from, invite.Address("Contact")
	}
	m := p.Request(method, contact.URI, With("From", from), With("To", to), With("Call-ID", invite.CallID()))
	if method == "ACK" {
		n, _ := invite.CSeq()
		m.Header.Set("CSeq", fmt.Sprintf("%d ACK", n))
	}
	for _, o := range options {
		o(m)
	}
	return m
}
