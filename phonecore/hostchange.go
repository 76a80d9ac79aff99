package phonecore

import (
	"context"
	"net/netip"

	"deskset/phonecore/call"
	"deskset/phonecore/text"
)

// watchHost begins to watch the host, once.
func (p *Phone) watchHost() {
	if p.watching || p.cfg.Watch == nil {
		return
	}
	p.watching = true
	p.work(func(ctx context.Context) {
		p.cfg.Watch(ctx, func() { p.post(p.hostChanged) })
	})
}

// hostChanged: the host has another address or route, or has slept. Every line
// registers again, and calls are offered the new address.
func (p *Phone) hostChanged() {
	// The wall clock has gone on in a sleep and timers have not: the minute turns
	// sooner than was thought.
	p.hurryTicker()
	if p.mode != modeRunning {
		return // what is under way will find the network as it is
	}
	p.report(nil, text.StatusNetworkChanged)
	if p.agent == nil {
		p.startSIP() // there may be something to listen on now
		return
	}
	p.agent.Moved()
	p.dropSpare()
	for _, c := range p.calls.All() {
		l := p.legs[c]
		if l == nil || l.sip == nil || c.State != call.Connected && c.State != call.Held {
			continue
		}
		if addr := l.sip.LocalAddr(); addr.IsValid() && addr != l.local.Addr {
			l.outside = netip.AddrPort{} // of the router that we have left
			l.place(addr)
			p.offerDirection(c)
		}
	}
}
