package link

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/vishvananda/netlink"
)

// Open takes an Ethernet interface as the phone's port and sets it up. It needs
// CAP_NET_RAW and CAP_NET_ADMIN, and fails with ErrNoRight without.
//
// It refuses the interface that carries the host's default route, itself or by
// a bridge, bond or VLAN on it: whoever sits at the other end of a remote login
// would cut himself off. With "!" after the name it takes that one, too. What
// the host has configured there stays; a port adds its own and takes away only
// that, and what the port of a process left that was killed.
func Open(name string, log *slog.Logger) (Port, error) {
	name, anyway := strings.CutSuffix(name, "!")
	ifi, err := ethernet(name)
	if err != nil {
		return nil, err
	}
	h, err := netlink.NewHandle()
	if err != nil {
		return nil, fmt.Errorf("interface %s: netlink: %w", name, err)
	}
	p := &realPort{Carrier: NewCarrier(carrier(ifi.Flags)), ifi: ifi, log: discard(log), net: h, vlans: map[int]*vlanDevice{}, set: map[int]*configured{}}
	p.sweep() // first: a route that was left is none of the host's
	if !anyway {
		err = p.refuseHosts()
	}
	if err == nil {
		err = p.probe()
	}
	if err == nil {
		err = p.watchLinks()
	}
	if err != nil {
		p.release()
		return nil, fmt.Errorf("interface %s: %w", name, err)
	}
	return p, nil
}

// realPort is a Port on an interface of the host. It holds netlink's sockets,
// so that it stays in the network namespace that it was opened in.
type realPort struct {
	*Carrier
	ifi  net.Interface
	log  *slog.Logger
	net  *netlink.Handle
	tend *tender
	mark io.Closer // see sweep

	mu     sync.Mutex
	down   bool // it was down before
	wires  []*socketWire
	vlans  map[int]*vlanDevice
	set    map[int]*configured
	closed bool
}

// ethernet finds an interface; its error lists those that there are.
func ethernet(name string) (net.Interface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return net.Interface{}, fmt.Errorf("list of interfaces: %w", err)
	}
	var names []string
	for _, ifi := range all {
		if len(ifi.HardwareAddr) != 6 || ifi.Flags&net.FlagLoopback != 0 {
			continue
		}
		if ifi.Name == name {
			return ifi, nil
		}
		names = append(names, ifi.Name)
	}
	if len(names) == 0 {
		return net.Interface{}, fmt.Errorf("no Ethernet interface %q, nor any other", name)
	}
	return net.Interface{}, fmt.Errorf("no Ethernet interface %q: want one of %s", name, strings.Join(names, ", "))
}

// stacked are the kinds of interfaces that stand on another one of the same
// namespace. (That of a veth is its far end, anywhere.)
var stacked = map[string]bool{"vlan": true, "macvlan": true, "ipvlan": true}

// refuseHosts fails if a default route of the host goes over the interface.
func (p *realPort) refuseHosts() error {
	routes, err := defaultRoutes(p.net)
	if err != nil {
		return fmt.Errorf("list of routes: %w", err)
	}
	links, err := p.net.LinkList()
	if err != nil {
		return fmt.Errorf("list of interfaces: %w", err)
	}
	carries := map[int]bool{}
	for _, r := range routes {
		carries[r.LinkIndex] = true
		for _, hop := range r.MultiPath {
			carries[hop.LinkIndex] = true
		}
	}
	// Down from each interface to what it stands on; no stack is higher than
	// the number of interfaces.
	for range links {
		for _, l := range links {
			a := l.Attrs()
			if carries[a.Index] && stacked[l.Type()] {
				carries[a.ParentIndex] = true
			}
			if carries[a.MasterIndex] && a.MasterIndex != 0 {
				carries[a.Index] = true
			}
		}
	}
	if carries[p.ifi.Index] {
		return fmt.Errorf("it carries the host's default route; the phone wants a port of its own. To take it anyway, write %q", p.ifi.Name+"!")
	}
	return nil
}

// probe finds out whether the process has the rights, and sets the interface up.
func (p *realPort) probe() error {
	file, err := packetSocket(p.ifi, program{none})
	if err != nil {
		return err
	}
	defer file.Close()
	p.down = p.ifi.Flags&net.FlagUp == 0
	if err := p.net.LinkSetUp(device(p.ifi)); err != nil { // asks for the right in any case
		return needs("CAP_NET_ADMIN", "set up", err)
	}
	return nil
}

// Name implements Port.
func (p *realPort) Name() string { return p.ifi.Name }

// MAC implements Port.
func (p *realPort) MAC() net.HardwareAddr { return bytes.Clone(p.ifi.HardwareAddr) }

// Simulated implements Port.
func (p *realPort) Simulated() bool { return false }

// Open implements Port.
func (p *realPort) Open(ctx context.Context, vlan int) (Wire, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	ifi, err := p.interfaceOf(vlan)
	if err != nil {
		return nil, err
	}
	w, err := openWire(ifi, p.ifi.HardwareAddr, p.log)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", ifi.Name, err)
	}
	p.wires = append(slices.DeleteFunc(p.wires, func(w *socketWire) bool { return w.Closed() }), w)
	return w, nil
}

// interfaceOf gives the interface of a VLAN; it joins one that is new.
func (p *realPort) interfaceOf(vlan int) (net.Interface, error) {
	if vlan == 0 {
		return p.ifi, nil
	}
	if err := CheckVLAN(vlan); err != nil {
		return net.Interface{}, fmt.Errorf("interface %s: %w", p.ifi.Name, err)
	}
	if p.vlans[vlan] == nil {
		d, err := p.join(vlan)
		if err != nil {
			return net.Interface{}, fmt.Errorf("interface %s: VLAN %d: %w", p.ifi.Name, vlan, err)
		}
		p.vlans[vlan] = d
	}
	return p.vlans[vlan].ifi, nil
}

// release lets go of what Open took, but for the interface.
func (p *realPort) release() {
	if p.mark != nil {
		p.mark.Close()
	}
	p.net.Close()
}

// Close implements Port.
func (p *realPort) Close() error {
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return nil
	}
	p.tend.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, w := range p.wires {
		errs = append(errs, w.Close())
	}
	for vlan, c := range p.set {
		ifi, _ := p.interfaceOf(vlan) // joined when it was set
		errs = append(errs, p.undo(device(ifi), *c))
	}
	for _, d := range p.vlans {
		errs = append(errs, p.leave(d))
	}
	if p.down {
		errs = append(errs, gone(p.net.LinkSetDown(device(p.ifi))))
	}
	p.release()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("interface %s: %w", p.ifi.Name, err)
	}
	return nil
}
