package link

import (
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// tender hears what becomes of interfaces. Its goroutine ends by stop.
type tender struct {
	news  *nl.NetlinkSocket
	ended sync.WaitGroup
}

func (t *tender) stop() {
	t.news.Close()
	t.ended.Wait()
}

// carrier tells whether an interface can send.
func carrier(flags net.Flags) bool {
	return flags&net.FlagUp != 0 && flags&net.FlagRunning != 0
}

// watchLinks begins to watch the interfaces of the port (rtnetlink(7)).
func (p *realPort) watchLinks() error {
	news, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_LINK)
	if err != nil {
		return fmt.Errorf("news of interfaces: %w", err)
	}
	p.tend = &tender{news: news}
	p.lookAfter() // setting it up may have taken until now
	p.tend.ended.Go(func() {
		defer p.Lose()
		p.hearLinks(news)
	})
	return nil
}

// hearLinks takes news in until the socket is closed or the interface is gone.
func (p *realPort) hearLinks(news *nl.NetlinkSocket) {
	for {
		messages, _, err := news.Receive()
		switch {
		case errors.Is(err, unix.ENOBUFS): // some are lost
			p.mu.Lock()
			for _, c := range p.set {
				c.unrouted = true
			}
			p.mu.Unlock()
			if !p.lookAfter() {
				return
			}
			continue
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return // by stop: nothing else ends such a socket
		}
		for _, m := range messages {
			if len(m.Data) < unix.SizeofIfInfomsg {
				continue
			}
			info := nl.DeserializeIfInfomsg(m.Data)
			switch index := int(info.Index); {
			case info.Family != unix.AF_UNSPEC: // a bridge's view of its ports
			case m.Header.Type == unix.RTM_DELLINK && index == p.ifi.Index:
				p.log.Error("interface is gone", "port", p.ifi.Name)
				return
			case m.Header.Type == unix.RTM_NEWLINK:
				p.changed(index, info.Flags)
			}
		}
	}
}

// lookAfter asks for what the news would have told; it is false if the
// interface is gone.
func (p *realPort) lookAfter() bool {
	links, err := p.net.LinkList()
	if err != nil {
		p.log.Warn("list of interfaces", "port", p.ifi.Name, "error", err)
		return true
	}
	there := false
	for _, l := range links {
		a := l.Attrs()
		there = there || a.Index == p.ifi.Index
		p.changed(a.Index, a.RawFlags)
	}
	return there
}

// changed takes note of the state of an interface, and gives it back the routes
// that the kernel took away when it went down: they do not come back by
// themselves, though the address stays.
func (p *realPort) changed(index int, flags uint32) {
	if index == p.ifi.Index {
		p.Set(flags&unix.IFF_UP != 0 && flags&unix.IFF_RUNNING != 0)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	for vlan, c := range p.set {
		ifi := p.ifi
		if vlan != 0 {
			ifi = p.vlans[vlan].ifi
		}
		switch {
		case ifi.Index != index:
		case flags&unix.IFF_UP == 0:
			c.unrouted = true
		case c.unrouted:
			err := p.setRoutes(c.routes)
			if err != nil {
				p.log.Warn("routes are not back", "interface", ifi.Name, "error", err)
			}
			c.unrouted = err != nil
		}
	}
}
