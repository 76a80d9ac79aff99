package linktest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"sync"

	"deskset/provisioning/link"
)

// Port is a phone's port on a Segment. It implements link.Port; its wires pass
// control frames only, as a real port's do.
type Port struct {
	seg  *Segment
	name string
	mac  net.HardwareAddr
	// Carrier is the cable's, which is in; a test may pull it.
	*link.Carrier

	mu        sync.Mutex
	wires     []*wire
	addresses map[int]link.Address
	closed    bool
}

// Port gives the segment a port of that name and address.
func (s *Segment) Port(name string, mac net.HardwareAddr) *Port {
	return &Port{seg: s, name: name, mac: bytes.Clone(mac), Carrier: link.NewCarrier(true), addresses: map[int]link.Address{}}
}

// Name implements link.Port.
func (p *Port) Name() string { return p.name }

// MAC implements link.Port.
func (p *Port) MAC() net.HardwareAddr { return bytes.Clone(p.mac) }

// Simulated implements link.Port: there is no real network behind it.
func (p *Port) Simulated() bool { return true }

// Open implements link.Port.
func (p *Port) Open(ctx context.Context, vlan int) (link.Wire, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := link.CheckVLAN(vlan); err != nil {
		return nil, fmt.Errorf("port %s: %w", p.name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, link.ErrClosed
	}
	w := p.seg.plug(p.mac, vlan, link.IsControl)
	p.wires = append(p.wires, w)
	return w, nil
}

// Configure implements link.Port: it remembers the address.
func (p *Port) Configure(vlan int, a link.Address) error {
	if err := link.CheckVLAN(vlan); err != nil {
		return fmt.Errorf("port %s: %w", p.name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return link.ErrClosed
	}
	if a.Prefix.IsValid() {
		p.addresses[vlan] = a
	} else {
		delete(p.addresses, vlan)
	}
	return nil
}

// Addresses gives what is configured, by VLAN.
func (p *Port) Addresses() map[int]link.Address {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.addresses)
}

// Close implements link.Port.
func (p *Port) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.Lose()
	clear(p.addresses)
	for _, w := range p.wires {
		w.Close()
	}
	p.wires = nil
	return nil
}
