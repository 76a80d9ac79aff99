package phonecore

import (
	"context"
	"sync/atomic"
	"time"

	"deskset/phonecore/boot"
	"deskset/phonecore/text"
)

// Servers that did not answer are asked again after firstPause, later less
// often; in between the phone lives on what it has in flash.
const (
	firstPause = 30 * time.Second
	lastPause  = 10 * time.Minute
)

// A port that cannot be had is asked for again: its helper may just be
// starting.
const (
	firstPortPause = 10 * time.Second
	lastPortPause  = time.Minute
)

// cableMoment is how long a cable may be out for the phone to be on the same
// network still. After that it may be in another socket, whose VLAN and
// addresses are others; the start-up asks for the last address first
// (INIT-REBOOT, RFC 2131 section 3.2).
const cableMoment = 2 * time.Second

// keepStation takes care of the phone's own port for as long as it is up.
func (p *Phone) keepStation() {
	station := p.startup.values.Station
	if station == nil || p.startup.station != nil {
		return
	}
	if lease := p.startup.values.Lease; lease.Address.IsValid() {
		p.startup.address = lease.Address.Addr()
		p.writeBlob(blobNetwork, rememberedNetwork{p.startup.address})
	}
	// Not p.ctx: the lines still have to unregister from the address when the
	// phone is switched off.
	ctx, cancel := context.WithCancel(p.running)
	release := new(atomic.Bool)
	p.startup.station, p.startup.release = cancel, release
	p.workers.Go(func() {
		station.Keep(ctx, func(c boot.Change) { p.post(func() { p.stationChanged(ctx, c) }) })
		if release.Load() {
			if err := station.Release(); err != nil {
				p.post(func() { p.report(err, text.StatusReleaseFailed, err) })
			}
		}
		station.Close()
		p.post(func() {
			p.startup.station = nil
			if left := p.startup.left; left != nil {
				p.startup.left = nil
				left()
			}
		})
	})
}

// leaveStation ends that care, and then calls left; the port itself stays
// open. The next start-up must not begin before the last one's address is
// gone from the port.
func (p *Phone) leaveStation(left func()) {
	if p.startup.station == nil {
		left()
		return
	}
	p.startup.left = left
	p.startup.station()
}

func (p *Phone) stationChanged(ctx context.Context, c boot.Change) {
	if ctx.Err() != nil {
		return // news of an earlier start-up
	}
	switch c.Kind {
	case boot.LeaseRenewed:
		p.report(nil, text.StatusLeaseRenewed, c.Lease.Address)
		p.startup.values.Lease = c.Lease
	case boot.LeaseFound:
		p.startup.address = c.Lease.Address.Addr()
		p.askRestart(restartReset, text.Get(text.StatusLeaseFound, c.Lease.Address))
	case boot.VLANChanged:
		p.askRestart(restartReset, text.Get(text.StatusVLANChanged, c.VLAN))
	case boot.PortDown:
		p.report(nil, text.StatusPortDown)
	case boot.PortUp:
		p.report(nil, text.StatusPortUp)
		if c.Away >= cableMoment {
			p.askRestart(restartReset, text.Get(text.StatusPortUp))
		}
	case boot.PortLost:
		p.report(c.Err, text.StatusPortLost)
		p.stopWatch()
		p.startup.retry = p.after(firstPortPause, func() { p.wantRestart(restartReset, text.Get(text.StatusPortLost)) })
	case boot.LeaseLost, boot.AddressInUse:
		p.report(c.Err, stationTexts[c.Kind], c.Err)
		p.endAllCalls() // the address must not be used any more (RFC 2131 section 4.4.5)
		p.closeEntry()
		p.settle()
		p.wantRestart(restartReset, text.Get(text.StageIP))
	}
}

var stationTexts = map[boot.ChangeKind]text.ID{
	boot.LeaseLost: text.StatusLeaseLost, boot.AddressInUse: text.StatusAddressInUse,
}

// watchServers goes on asking servers that did not answer, and for a port that
// could not be had.
func (p *Phone) watchServers() {
	v := p.startup.values
	switch {
	case v.PortErr != nil:
		p.askLater(firstPortPause, lastPortPause, func(context.Context) bool {
			_, err := p.cfg.Beyond.Port()
			return err == nil
		}, p.portAsked)
	case v.Answered || v.Servers == nil:
		p.startup.pause = 0
	default:
		p.askLater(firstPause, lastPause, func(ctx context.Context) bool { return boot.Answers(ctx, v.Servers()) }, p.serversAsked)
	}
}

// askLater asks after a pause, each longer than the one before, and hands the
// answer to then.
func (p *Phone) askLater(first, last time.Duration, ask func(context.Context) bool, then func(bool)) {
	p.startup.pause = min(max(2*p.startup.pause, first), last)
	ctx, cancel := context.WithCancel(p.ctx)
	p.startup.forget = cancel
	p.startup.retry = p.after(p.startup.pause, func() {
		p.workers.Go(func() {
			answer := ask(ctx)
			p.post(func() {
				if ctx.Err() == nil { // else a later start-up knows better
					then(answer)
				}
				cancel()
			})
		})
	})
}

// stopWatch ends the questions to dead servers.
func (p *Phone) stopWatch() {
	p.startup.retry.stop()
	if p.startup.forget != nil {
		p.startup.forget()
	}
}

func (p *Phone) portAsked(there bool) {
	switch {
	case p.mode != modeRunning:
	case there: // asked for seldom enough already
		p.wantRestart(restartReset, text.Get(text.StatusPortBack))
	default:
		p.watchServers()
	}
}

func (p *Phone) serversAsked(answers bool) {
	switch {
	case p.mode != modeRunning:
	case answers:
		p.askRestart(restartRestart, text.Get(text.StatusServerBack))
	default:
		p.watchServers()
	}
}

// limits says why the phone works with less than it should; empty if it does
// not.
func (p *Phone) limits() string {
	v := p.startup.values
	switch {
	case v.PortErr != nil:
		return plain(text.Get(text.StatusPort, v.PortErr), maxWords)
	case v.NoAddress():
		return text.Get(text.LimitedNoAddress)
	case v.Servers != nil && !v.Answered:
		return text.Get(text.LimitedNoServer, v.Server)
	}
	return ""
}

// configTrouble is what went wrong last when the files were fetched, for a
// phone without a line; empty if it is said otherwise or nothing did.
func (p *Phone) configTrouble() string {
	v := p.startup.values
	if p.timeline.startupLimited != "" || len(v.Reports) <= boot.ConfigurationStage {
		return ""
	}
	messages := v.Reports[boot.ConfigurationStage].Messages
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if m.Err != nil || m.ID == text.StatusNoTFTP && v.Station != nil {
			return plain(m.Text(), maxWords)
		}
	}
	return ""
}
