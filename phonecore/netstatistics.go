package phonecore

import (
	"context"
	"strconv"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/netstat"
)

// netStatistics is behind Network Statistics (guide 3-18): what the interface
// has counted since power-up, and what became of the signalling since then.
type netStatistics struct {
	since time.Time
	// first are the counters at power-up, now the last reading.
	first   netstat.Counters
	now     netstat.Reading
	err     error
	reading bool
	// state is the phone state message.
	state string
}

// beginStatistics is power-up.
func (p *Phone) beginStatistics() {
	p.network = netStatistics{since: time.Now(), reading: p.network.reading, state: text.Get(text.StateInitialized)}
}

// hostInterface is the interface that the phone uses; empty where there is
// none to count on.
func (p *Phone) hostInterface() string {
	if v := p.startup.values; v.Station == nil || !v.Station.Simulated() {
		return v.Host.Interface
	}
	return ""
}

// readNetwork reads the counters beside the loop: drivers may take their time.
func (p *Phone) readNetwork() {
	name := p.hostInterface()
	if name == "" || p.network.reading {
		return
	}
	p.network.reading = true
	read := p.cfg.NetStat
	p.work(func(context.Context) {
		r, err := read(name)
		p.post(func() {
			p.network.reading = false
			p.network.take(r, err)
		})
	})
}

// take keeps a reading. Another interface begins to count anew.
func (n *netStatistics) take(r netstat.Reading, err error) {
	if n.err = err; err != nil {
		return
	}
	if n.now.Interface != r.Interface {
		n.first = r.Counters
	}
	n.now = r
}

// noteState keeps the last thing that went wrong with the signalling.
func (p *Phone) noteState(r sipua.Registration) {
	account, _ := p.agentAccount(r.Line)
	connected := account.Network == "tcp" || account.Network == "tls"
	switch {
	case r.State != sipua.RegFailed && r.State != sipua.RegRejected:
	case r.Code == 408 && connected:
		p.network.state = text.Get(text.StateTCPTimeout)
	case r.Code == 408:
		p.network.state = text.Get(text.StateNoAnswer)
	default:
		p.network.state = text.Get(text.StateErrorCode, r.Code)
	}
}

func (p *Phone) agentAccount(line int) (sipua.Account, bool) {
	if p.agent == nil {
		return sipua.Account{}, false
	}
	return p.agent.Account(line)
}

func (p *Phone) openNetStatistics() {
	p.openLive(&menu.Page{
		Name: "menu.status.network", Title: text.Get(text.MenuNetStatistics), Keys: call.ContextText,
		Items: p.netItems,
	}, p.readNetwork)
}

// netItems are the guide's keys in its order, and the interface, as the
// counters are the host's.
func (p *Phone) netItems() []view.Item {
	n := &p.network
	c := n.now.Since(n.first)
	items := []view.Item{
		{Label: text.Get(text.StatReceived), Value: strconv.FormatUint(c.Received, 10)},
		{Label: text.Get(text.StatSent), Value: strconv.FormatUint(c.Sent, 10)},
		{Label: text.Get(text.StatErrors), Value: strconv.FormatUint(c.ReceiveErrors, 10)},
		{Label: text.Get(text.StatBroadcast), Value: text.Get(text.StatMulticast, c.Multicast)},
		{Label: text.Get(text.StatState), Value: n.state},
		{Label: text.Get(text.StatElapsed), Value: elapsed(time.Since(n.since))},
		{Label: text.Get(text.StatPort, 0), Value: linkText(n.now.Link)},
		{Label: text.Get(text.StatPort, 1), Value: text.Get(text.StatNotApplicable)}, // there is no PC behind us
		{Label: text.Get(text.StatInterface), Value: n.now.Interface},
	}
	items = append(items, p.refusedItems()...)
	missing := text.None
	switch {
	case p.hostInterface() == "":
		missing = text.StatSimulated
	case n.now.Interface == "":
		missing = text.StatNotAvailable
	}
	if missing != text.None {
		for _, i := range []int{0, 1, 2, 3, 6, 8} {
			items[i].Value = text.Get(missing)
		}
	}
	return items
}

// elapsed is in days, hours, minutes and seconds.
func elapsed(d time.Duration) string {
	s := int(d / time.Second)
	return text.Get(text.StatElapsedIs, s/86400, s/3600%24, s/60%60, s%60)
}

// linkText is a link as the guide writes it, as far as it is known.
func linkText(l netstat.Link) string {
	switch {
	case !l.Up:
		return text.Get(text.StatDown)
	case l.Speed == 0:
		return text.Get(text.StatUp)
	case l.Duplex == netstat.DuplexFull:
		return text.Get(text.StatFull, l.Speed)
	case l.Duplex == netstat.DuplexHalf:
		return text.Get(text.StatHalf, l.Speed)
	}
	return text.Get(text.StatUpSpeed, l.Speed)
}
