package phonecore

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// robot is a far end that answers by itself, as the user says who is called:
// answer, ring, early, silent, busy, status-404. It can also call, hold and hang up;
// see robot_wishes_test.go for the rest.
type robot struct {
	t *testing.T
	*siptest.Transport
	seq int

	mu    sync.Mutex
	talks map[string]*talk // by Call-ID
	ids   []string         // in their order
	// waits are INVITEs without a final answer, by Call-ID.
	waits map[string]*wire.Message
	asked []*wire.Message // requests of the phone
}

// talk is the robot's side of one call.
type talk struct {
	invite *wire.Message // the first one
	// local and remote are the parties as the robot writes them.
	local, remote, target string
	up                    bool
	version               int
}

func newRobot(d *desk) *robot {
	r := &robot{t: d.t, Transport: d.net.Transport(peerAddr), talks: map[string]*talk{}, waits: map[string]*wire.Message{}}
	r.Start(r)
	return r
}

// Closed implements transport.Receiver.
func (r *robot) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (r *robot) Trouble(error) {}

// Receive implements transport.Receiver.
func (r *robot) Receive(p transport.Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := p.Message
	if m == nil {
		r.t.Errorf("the phone sent what is no message: %q", p.Raw)
		return
	}
	if m.IsRequest() {
		r.request(m)
		return
	}
	if _, method := m.CSeq(); method == "INVITE" {
		r.answered(m)
	}
}

func (r *robot) request(m *wire.Message) {
	r.asked = append(r.asked, m)
	switch m.Method {
	case "ACK":
	case "INVITE":
		r.invited(m)
	case "CANCEL":
		r.reply(m, 200, "")
		if invite := r.waits[m.CallID()]; invite != nil {
			delete(r.waits, m.CallID())
			r.reply(invite, 487, "")
		}
	case "BYE":
		r.forget(m.CallID())
		r.reply(m, 200, "")
	case "UPDATE":
		body := ""
		if len(m.Body) > 0 {
			body = r.description(m.CallID(), mirror(string(m.Body)))
		}
		r.reply(m, 200, body)
	case "REFER":
		r.referred(m)
	default:
		r.reply(m, 200, "")
	}
}

func (r *robot) invited(m *wire.Message) {
	id := m.CallID()
	if m.To().Tag() != "" {
		if t, at := r.talks[id], m.Address("Contact").URI; t != nil && at != "" {
			t.target = at // the phone may have moved
		}
		r.reply(m, 200, r.description(id, mirror(string(m.Body))))
		return
	}
	if r.waits[id] != nil || r.talks[id] != nil {
		return // repeated
	}
	user, _, _ := strings.Cut(strings.TrimPrefix(m.RequestURI, "sip:"), "@")
	if status, err := strconv.Atoi(strings.TrimPrefix(user, "status-")); err == nil {
		r.reply(m, status, "")
		return
	}
	switch user {
	case "busy":
		r.reply(m, 486, "")
		return
	case "silent":
		r.waits[id] = m
		return
	case "ring":
		r.waits[id] = m
		r.reply(m, 180, "")
		return
	}
	r.begin(m)
	if user == "early" {
		r.waits[id] = m
		r.reply(m, 183, r.description(id, "sendrecv"))
		return
	}
	r.answer(m)
}

// begin makes the robot's side of a call of the phone's.
func (r *robot) begin(m *wire.Message) {
	to := m.To()
	to.Params.Set("tag", "robot")
	r.keep(m.CallID(), &talk{invite: m, local: to.String(), remote: m.Header.Get("From"), target: m.Address("Contact").URI})
}

func (r *robot) answer(m *wire.Message) {
	r.talks[m.CallID()].up = true
	r.reply(m, 200, r.description(m.CallID(), "sendrecv"))
}

// answered takes the phone's answer to an INVITE of the robot.
func (r *robot) answered(m *wire.Message) {
	t := r.talks[m.CallID()]
	if t == nil || m.Status < 200 {
		return
	}
	n, _ := m.CSeq()
	if m.Status < 300 {
		t.up, t.remote, t.target = true, m.Header.Get("To"), m.Address("Contact").URI
		ack := r.within(t, "ACK", m.CallID())
		ack.Header.Set("CSeq", fmt.Sprintf("%d ACK", n))
		r.send(ack)
		return
	}
	ack := r.within(t, "ACK", m.CallID())
	ack.Header.Set("Via", m.Header.Get("Via"))
	ack.Header.Set("To", m.Header.Get("To"))
	ack.Header.Set("CSeq", fmt.Sprintf("%d ACK", n))
	r.send(ack)
	if !t.up {
		r.forget(m.CallID())
	}
}

func (r *robot) keep(id string, t *talk) {
	r.talks[id] = t
	r.ids = append(r.ids, id)
}

func (r *robot) forget(id string) {
	delete(r.talks, id)
	r.ids = slices.DeleteFunc(r.ids, func(x string) bool { return x == id })
}

// mirror is the direction that answers the phone's (RFC 3264 section 6.1).
func mirror(body string) string {
	switch {
	case strings.Contains(body, "a=sendonly"), strings.Contains(body, "c=IN IP4 0.0.0.0"):
		return "recvonly"
	case strings.Contains(body, "a=recvonly"):
		return "sendonly"
	case strings.Contains(body, "a=inactive"):
		return "inactive"
	}
	return "sendrecv"
}

func (r *robot) description(id, direction string) string {
	version := 1
	if t := r.talks[id]; t != nil {
		t.version++
		version = t.version
	}
	return strings.Replace(peerSDP, "1 1 IN", fmt.Sprintf("1 %d IN", version), 1) + "a=" + direction + "\r\n"
}

func (r *robot) reply(m *wire.Message, status int, body string) {
	res := wire.NewResponse(m, status, "", "robot")
	if status < 300 {
		res.Header.Add("Contact", "<sip:robot@"+peerAddr+">")
	}
	if body != "" {
		res.SetBody("application/sdp", []byte(body))
	}
	via := m.Via()
	r.sendTo(netip.AddrPortFrom(netip.MustParseAddr(via.Host), via.Port), res)
}

// send sends a request to where the phone says it is.
func (r *robot) send(m *wire.Message) {
	u, err := wire.ParseURI(m.RequestURI)
	addr, parseErr := netip.ParseAddr(u.Host)
	if err != nil || parseErr != nil {
		r.t.Errorf("the phone's address is %q", m.RequestURI)
		return
	}
	port := u.Port
	if port == 0 {
		port = 5060
	}
	r.sendTo(netip.AddrPortFrom(addr, port), m)
}

func (r *robot) sendTo(to netip.AddrPort, m *wire.Message) {
	if err := r.Send(transport.Destination{Network: transport.UDP, Addr: to}, m, nil); err != nil {
		r.t.Error(err)
	}
}

func (r *robot) within(t *talk, method, id string) *wire.Message {
	r.seq++
	m := wire.NewRequest(method, t.target)
	m.Header = wire.Header{
		{Name: "Via", Value: fmt.Sprintf("SIP/2.0/UDP %s;rport;branch=z9hG4bKrobot%d", peerAddr, r.seq)},
		{Name: "From", Value: t.local}, {Name: "To", Value: t.remote}, {Name: "Call-ID", Value: id},
		{Name: "CSeq", Value: fmt.Sprintf("%d %s", r.seq, method)},
		{Name: "Contact", Value: "<sip:robot@" + peerAddr + ">"}, {Name: "Max-Forwards", Value: "70"},
	}
	return m
}

// call calls a line of the phone, which is at an address.
func (r *robot) call(user, at string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := fmt.Sprintf("robot-%d", r.seq)
	t := &talk{local: "<sip:robot@" + peerAddr + ">;tag=robot", remote: "<sip:" + user + "@" + at + ">", target: "sip:" + user + "@" + at}
	m := r.within(t, "INVITE", id)
	r.keep(id, t)
	m.SetBody("application/sdp", []byte(r.description(id, "sendrecv")))
	t.invite = m
	r.send(m)
}

// each sends a request within every call that is up.
func (r *robot) each(method, direction string) (sent int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Clone(r.ids) {
		t := r.talks[id]
		if !t.up {
			continue
		}
		m := r.within(t, method, id)
		if direction != "" {
			m.SetBody("application/sdp", []byte(r.description(id, direction)))
		}
		r.send(m)
		sent++
		if method == "BYE" {
			r.forget(id)
		}
	}
	return sent
}

// up is how many calls the robot is in.
func (r *robot) up() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.talks {
		if t.up {
			n++
		}
	}
	return n
}

// offers is the Call-IDs whose descriptions have named an address since some
// moment, and how many requests there were.
func (r *robot) offers(since int, addr string) (ids map[string]bool, requests int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids = map[string]bool{}
	for _, m := range r.asked[since:] {
		if strings.Contains(string(m.Body), "IN IP4 "+addr) {
			ids[m.CallID()] = true
		}
	}
	return ids, len(r.asked)
}

// live is the Call-IDs of the calls that are up.
func (r *robot) live() (ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, t := range r.talks {
		if t.up {
			ids = append(ids, id)
		}
	}
	return ids
}

// place puts an attack within the latest call that is up.
func (r *robot) place(v siptest.Victim) siptest.Victim {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, t := range r.talks {
		local, _ := wire.ParseAddress(t.local)
		remote, _ := wire.ParseAddress(t.remote)
		if t.up {
			v.CallID, v.LocalTag, v.PeerTag = id, remote.Tag(), local.Tag()
		}
	}
	return v
}
