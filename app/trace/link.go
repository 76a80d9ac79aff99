package trace

import (
	"context"
	"encoding/binary"
	"slices"

	"deskset/provisioning/link"
)

// Port wraps the phone's own Ethernet port, so that its control frames are
// traced: CDP, LLDP, ARP and DHCP. Without a pcapng file it is p itself.
func (t *Trace) Port(p link.Port) link.Port {
	c := t.file()
	if c == nil || p == nil {
		return p
	}
	return &port{Port: p, c: c}
}

type port struct {
	link.Port
	c *capture
}

// Open implements link.Port.
func (p *port) Open(ctx context.Context, vlan int) (link.Wire, error) {
	w, err := p.Port.Open(ctx, vlan)
	if err != nil {
		return nil, err
	}
	return &wire{Wire: w, port: p, vlan: vlan}, nil
}

type wire struct {
	link.Wire
	port *port
	vlan int
}

// Send implements link.Wire.
func (w *wire) Send(frame []byte) error {
	err := w.Wire.Send(frame)
	if err == nil {
		w.tell(true, frame)
	}
	return err
}

// Receive implements link.Wire.
func (w *wire) Receive(ctx context.Context) ([]byte, error) {
	frame, err := w.Wire.Receive(ctx)
	if err == nil {
		w.tell(false, frame)
	}
	return frame, err
}

// etherVLAN is the tag's type (IEEE 802.1Q, 9.6); it stands behind both
// addresses.
const (
	etherVLAN = 0x8100
	addresses = 12
)

// tell traces a frame with the tag that it has on the cable.
func (w *wire) tell(out bool, frame []byte) {
	frame = slices.Clone(frame)
	if w.vlan != 0 && len(frame) >= addresses {
		tag := binary.BigEndian.AppendUint16(nil, etherVLAN)
		frame = slices.Insert(frame, addresses, binary.BigEndian.AppendUint16(tag, uint16(w.vlan))...)
	}
	w.port.c.tell(&record{place: onLink, out: out, name: w.port.Name(), data: frame})
}
