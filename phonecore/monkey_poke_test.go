package phonecore

import (
	"fmt"
	"slices"
	"strings"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// pokes are what the far end may do in the middle of a call.
var pokes = []struct {
	method  string
	options []siptest.Option
}{
	{"INVITE", []siptest.Option{siptest.SDP(withDirection("sendonly"))}},
	{"INVITE", []siptest.Option{siptest.SDP(withDirection("sendrecv"))}},
	{"INVITE", []siptest.Option{siptest.SDP(strings.Replace(withDirection("inactive"), "c=IN IP4 192.0.2.9", "c=IN IP4 0.0.0.0", 1))}},
	{"INVITE", nil},
	{"UPDATE", []siptest.Option{siptest.SDP(withDirection("recvonly")), siptest.With("Session-Expires", "90;refresher=uac"), siptest.With("Supported", "timer")}},
	{"UPDATE", []siptest.Option{siptest.With("P-Asserted-Identity", `"Bob" <sip:bob@192.0.2.9>`)}},
	{"PRACK", []siptest.Option{siptest.With("RAck", "1 1 INVITE")}},
	{"REFER", []siptest.Option{siptest.With("Refer-To", "<sip:ada@"+peerAddr+">"), siptest.With("Referred-By", "<sip:eve@192.0.2.9>")}},
	{"REFER", []siptest.Option{siptest.With("Refer-To", "<sip:ada@"+peerAddr+"?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>")}},
	{"REFER", []siptest.Option{siptest.With("Refer-To", "<mailto:ada@example.com>")}},
	{"NOTIFY", []siptest.Option{siptest.With("Event", "refer"), siptest.With("Subscription-State", "active;expires=60"), sipfrag("SIP/2.0 100 Trying")}},
	{"NOTIFY", []siptest.Option{siptest.With("Event", "refer"), siptest.With("Subscription-State", "terminated;reason=noresource"), sipfrag("SIP/2.0 200 OK")}},
	{"NOTIFY", []siptest.Option{siptest.With("Event", "refer"), siptest.With("Subscription-State", "terminated;reason=noresource"), sipfrag("SIP/2.0 486 Busy Here")}},
	{"BYE", []siptest.Option{siptest.With("Also", "<sip:ada@"+peerAddr+">")}},
	{"INFO", []siptest.Option{func(m *wire.Message) { m.SetBody("application/dtmf-relay", []byte("Signal=5\r\nDuration=160\r\n")) }}},
	{"OPTIONS", nil},
	{"MESSAGE", nil},
}

func sipfrag(line string) siptest.Option {
	return func(m *wire.Message) { m.SetBody("message/sipfrag;version=2.0", []byte(line+"\r\n")) }
}

// poke sends something within a call, or an INVITE that shall take its place
// (RFC 3891).
func (m *monkey) poke(talk dialogOf) {
	if m.r.IntN(10) == 0 {
		m.did = "replaces"
		fromTag, toTag := talk.invite.From().Tag(), talk.ok.To().Tag()
		if talk.invite.Address("Contact").URI == m.peer.URI("peer") {
			fromTag, toTag = toTag, fromTag
		}
		invite := m.peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP),
			siptest.With("Replaces", fmt.Sprintf("%s;to-tag=%s;from-tag=%s", talk.invite.CallID(), fromTag, toTag)))
		m.peer.SendTo(phoneAddr, invite)
		m.callees = append(m.callees, invite)
		return
	}
	p := pick(m.r, pokes)
	m.did = "peer pokes by " + p.method
	m.peer.SendTo(phoneAddr, m.peer.Within(talk.invite, talk.ok, p.method, p.options...))
}

// again acknowledges the 200 to a later INVITE of a call, most times.
func (m *monkey) again(ok *wire.Message) bool {
	i := slices.IndexFunc(m.talks, func(d dialogOf) bool { return d.invite.CallID() == ok.CallID() })
	if i < 0 {
		return false
	}
	if m.r.IntN(10) > 0 {
		n, _ := ok.CSeq()
		ack := m.peer.Within(m.talks[i].invite, m.talks[i].ok, "ACK", siptest.With("CSeq", fmt.Sprintf("%d ACK", n)))
		if !strings.Contains(string(ok.Body), "a=") || m.r.IntN(2) == 0 {
			ack.SetBody("application/sdp", []byte(peerSDP))
		}
		m.peer.SendTo(phoneAddr, ack)
	}
	return true
}
