package flow

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// party is one part: a scripted peer, or the phone's place.
type party struct {
	r    *runner
	name string
	addr string
	wire *siptest.Transport // nil for the phone
	// in holds what has come, by who sent it; past is for finding repeats.
	in   map[string]chan transport.Packet
	past map[string][][]byte
	legs map[string]*leg
	// answers are responses that a proxy has not sent on yet.
	answers []*wire.Message
	// refer is where a transfer goes to, from Refer-To or Also.
	refer wire.Address
	sdp   int // version
}

// leg is what a part knows of its dialog with another.
type leg struct {
	callID        string
	seq           uint32
	local, remote string // From and To of our requests
	target        string
	route         []string
	established   bool
	sent          map[string]*wire.Message // our last request of each method
	open          []*wire.Message          // requests without a final response, the last one is the newest
	final         *wire.Message            // of our last INVITE
	peerSeq       uint32
	held          bool // by the other part's last offer
}

func (r *runner) newParty(n *siptest.Network, name string) *party {
	p := &party{r: r, name: name, addr: addresses[name], in: map[string]chan transport.Packet{}, past: map[string][][]byte{}, legs: map[string]*leg{}}
	if name == r.role {
		p.addr = r.phone.Address()
		return p
	}
	for other := range numbers {
		p.in[other] = make(chan transport.Packet, 256)
	}
	p.wire = n.Transport(p.addr)
	p.wire.Start(p)
	return p
}

// Receive implements transport.Receiver.
func (p *party) Receive(packet transport.Packet) {
	for name, other := range p.r.parties {
		if other.addr != packet.From.Addr.String() {
			continue
		}
		select {
		case p.in[name] <- packet:
		default:
			p.r.t.Errorf("%s is flooded by %s", p.name, name)
		}
	}
}

// Closed implements transport.Receiver.
func (p *party) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (p *party) Trouble(error) {}

// media is where a scripted peer would receive voice.
func (p *party) media() netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddrPort(p.addr).Addr(), 40000)
}

func (p *party) uri() string { return "sip:" + Number(p.name) + "@" + p.addr }

func (p *party) old() bool { return p.r.profile == RFC2543 }

func (p *party) isProxy() bool { return p.name == "P" }

// transmit sends a message to another part's address.
func (p *party) transmit(to string, m *wire.Message) {
	p.r.t.Helper()
	at := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(p.r.parties[to].addr)}
	if err := p.wire.Send(at, m, nil); err != nil {
		p.r.fail("%v", err)
	}
}

// next is the next message of another part that is neither a repeat nor passed
// over; nil if none comes in time.
func (p *party) next(from string, wait time.Duration, wanted Step) *wire.Message {
	deadline := time.After(wait)
	for {
		select {
		case packet := <-p.in[from]:
			if packet.Message == nil || packet.Err != nil {
				p.r.fail("%s sends what is no message: %v\n%s", from, packet.Err, packet.Raw)
			}
			if m := packet.Message; !p.repeated(from, packet.Raw) && !p.passedOver(from, m, wanted) {
				return m
			}
		case <-deadline:
			return nil
		}
	}
}

func (p *party) repeated(from string, raw []byte) bool {
	for _, old := range p.past[from] {
		if bytes.Equal(old, raw) {
			return true
		}
	}
	p.past[from] = append(p.past[from], bytes.Clone(raw))
	return false
}

// passedOver tells a 100 and a provisional notice that are not waited for; the
// notice is answered.
func (p *party) passedOver(from string, m *wire.Message, wanted Step) bool {
	notice, _ := wanted.arg("notify")
	switch {
	case m.Status == 100:
		return wanted.What != "100"
	case m.Method == "NOTIFY" && !strings.HasPrefix(notice, "1") && bytes.HasPrefix(m.Body, []byte("SIP/2.0 1")):
		p.transmit(from, wire.NewResponse(m, 200, "", ""))
		return true
	}
	return false
}

// await waits for the message of a step.
func (p *party) await(s Step) {
	p.r.t.Helper()
	m := p.next(s.From, patience, s)
	if m == nil {
		p.r.fail("%s receives nothing", p.name)
	}
	if got := siptest.Kind(m); got != s.What {
		p.r.fail("%s receives %s:\n%s", p.name, got, m.Encode())
	}
	if p.isProxy() {
		p.relayed(s, m)
		return
	}
	if m.IsRequest() {
		p.takeRequest(s, m)
	} else {
		p.takeResponse(s, m)
	}
	p.inspect(s, m)
}

// nothingLeft fails if a message came that no step has.
func (p *party) nothingLeft() {
	p.r.t.Helper()
	for from := range p.in {
		if m := p.next(from, 0, Step{}); m != nil {
			p.r.fail("%s receives more of %s than the table has:\n%s", p.name, from, m.Encode())
		}
	}
}

// takeRequest keeps a request to be answered, and the dialog that it begins.
func (p *party) takeRequest(s Step, m *wire.Message) {
	l := p.legs[s.From]
	seq, _ := m.CSeq()
	if l == nil || l.callID != m.CallID() {
		if m.Method != "INVITE" {
			p.r.fail("%s: a dialog that nobody knows:\n%s", m.Method, m.Encode())
		}
		l = &leg{callID: m.CallID(), sent: map[string]*wire.Message{}}
		l.local, l.remote = p.tagged(m.Header.Get("To")), m.Header.Get("From")
		p.legs[s.From] = l
	}
	switch m.Method {
	case "ACK":
		l.open = nil
		return
	case "CANCEL":
	default:
		if seq <= l.peerSeq {
			p.r.fail("CSeq %d after %d", seq, l.peerSeq)
		}
		l.peerSeq = seq
	}
	if m.Method == "INVITE" {
		l.target = m.Address("Contact").URI
		l.route = m.Header.List("Record-Route")
	}
	l.open = append(l.open, m)
}

// takeResponse keeps what a response says of the dialog.
func (p *party) takeResponse(s Step, m *wire.Message) {
	l := p.legs[s.From]
	seq, method := m.CSeq()
	if l == nil || l.sent[method] == nil {
		p.r.fail("a response to nothing:\n%s", m.Encode())
	}
	if want, _ := l.sent[method].CSeq(); seq != want || m.CallID() != l.callID {
		p.r.fail("a response to another request (CSeq %d, want %d):\n%s", seq, want, m.Encode())
	}
	if method != "INVITE" || m.Status < 200 {
		return
	}
	l.final = m
	if m.Status < 300 {
		if !l.established {
			l.route = nil
			for _, r := range m.Header.List("Record-Route") {
				l.route = append([]string{r}, l.route...)
			}
		}
		l.established = true
		l.remote, l.target = m.Header.Get("To"), m.Address("Contact").URI
	}
}

// tagged gives our address in a dialog: with a tag, but for the peers of 2543.
func (p *party) tagged(address string) string {
	if a, err := wire.ParseAddress(address); p.old() || err != nil || a.Tag() != "" {
		return address
	}
	return address + ";tag=" + p.r.token()
}

func cseq(n uint32, method string) string { return strconv.FormatUint(uint64(n), 10) + " " + method }
