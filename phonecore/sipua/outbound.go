package sipua

import (
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Client-initiated connections (RFC 5626) and GRUU (RFC 5627): the registrar is
// told which instrument registers, and over which of its flows, so that it calls
// back by that flow and replaces what the flow before has left. A registrar that
// knows nothing of it passes over what is said here. GRUU is asked for only where
// somebody wants it: Kamailio grants it readily, by an address without its port,
// and few of its scripts find the way back to it within a call.

// Back-off when all flows have failed (RFC 5626 section 4.5).
const (
	flowBase = 30 * time.Second
	flowMax  = 1800 * time.Second
)

// regID is our one flow.
const regID = 1

// maxGRUU bounds what a registrar can make us write into each call.
const maxGRUU = 512

// Instance is the URN of an instrument by its MAC address, twelve hexadecimal
// digits (RFC 5626 section 4.1: the same after every restart).
func Instance(mac string) string {
	if len(mac) != 12 {
		return ""
	}
	return "urn:uuid:00000000-0000-1000-8000-" + strings.ToLower(mac)
}

// binding is the Contact that is registered.
func (l *line) binding(to transport.Destination) (string, error) {
	plain, err := l.plainContact(to, false)
	if err != nil || l.a.o.Instance == "" {
		return plain, err
	}
	plain += `;+sip.instance="<` + l.a.o.Instance + `>"`
	if l.a.o.Outbound && !l.reg.noOutbound {
		plain += ";reg-id=" + strconv.Itoa(regID)
	}
	return plain, nil
}

// contact is our Contact in calls: the address that the registrar has granted
// us for all places (RFC 5627 section 4.4.1), else where we are.
func (l *line) contact(to transport.Destination) (string, error) {
	if l.reg.gruu != "" && l.isServer(to.Addr.Addr()) {
		return "<" + l.reg.gruu + ">", nil
	}
	return l.plainContact(to, l.reg.flow && l.isServer(to.Addr.Addr()))
}

// plainContact names the place itself; ob asks that requests come by the flow
// (RFC 5626 section 4.3).
func (l *line) plainContact(to transport.Destination, ob bool) (string, error) {
	local, err := l.a.outside(l, to)
	if err != nil {
		return "", err
	}
	u := wire.URI{Scheme: "sip", User: wire.EscapeUser(l.contactUser()), Host: local.Addr().String(), Port: local.Port()}
	if to.Network != transport.UDP {
		u.Params.Set("transport", to.Network)
	}
	if ob {
		u.Params.Set("ob", "")
	}
	return "<" + u.String() + ">", nil
}

// supported says in a REGISTER what we know of (section 4.2.1).
func (l *line) supported() string {
	tags := "path"
	if l.a.o.Instance != "" && l.a.o.Outbound && !l.reg.noOutbound {
		tags += ", outbound"
	}
	if l.a.o.Instance != "" && l.a.o.GRUU {
		tags += ", gruu"
	}
	return tags
}

// learnFlow takes what the registrar grants beside the time.
func (r *registration) learnFlow(res *wire.Message) {
	r.flow, r.flowTimer, r.gruu = false, 0, ""
	for _, tag := range res.Header.List("Require") {
		r.flow = r.flow || strings.EqualFold(tag, "outbound")
	}
	if d, ok := wire.Seconds(res.Header.Get("Flow-Timer")); ok && r.flow && d >= 5*time.Second {
		r.flowTimer = d
	}
	if r.l.a.o.Instance == "" || !r.l.a.o.GRUU {
		return
	}
	for _, text := range res.Header.List("Contact") {
		c, err := wire.ParseAddress(text)
		instance, _ := c.Params.Get("+sip.instance")
		gruu, ok := c.Params.Get("pub-gruu")
		if err != nil || !ok || len(gruu) > maxGRUU || !strings.EqualFold(wire.Unquote(instance), "<"+r.l.a.o.Instance+">") {
			continue
		}
		if u, err := wire.ParseURI(wire.Unquote(gruu)); err == nil && u.IsSIP() {
			r.gruu = wire.Unquote(gruu)
		}
	}
}

// firstHopLacks takes 439: the way to the registrar has a proxy that cannot
// bring calls back by our flow. Then we are a phone of old (section 11.6 lets
// the user agent try so).
func (r *registration) firstHopLacks() {
	if r.noOutbound {
		r.lost(439, "", 0, nil)
		return
	}
	r.noOutbound = true
	r.send(r.round.at, r.to, r.expires, r.heard)
}
