package link

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// vlanDevice is the interface of a VLAN.
type vlanDevice struct {
	ifi   net.Interface
	owned bool // made by this port
	tap   *tap // if the kernel has no VLANs
}

// egress is the 802.1p priority of what goes out, by the priority that the
// kernel gives it from its DSCP (rt_tos2priority in the kernel's route.c;
// pkt_sched.h, TC_PRIO): voice, which is expedited forwarding, 5; what the
// kernel holds for control 6; the rest, on a voice VLAN signalling, 3. These
// are the values that RFC 4594 and switches' defaults agree on.
var egress = map[uint32]uint32{0: signalPriority, 1: signalPriority, 2: signalPriority, 4: signalPriority, 6: voicePriority, 7: controlPriority}

const (
	signalPriority  = 3
	voicePriority   = 5
	controlPriority = 6
)

// join makes the interface of a VLAN, or finds the one that is there.
func (p *realPort) join(vlan int) (*vlanDevice, error) {
	parent := p.ifi
	links, err := p.net.LinkList()
	if err != nil {
		return nil, fmt.Errorf("list of interfaces: %w", err)
	}
	for _, l := range links {
		if v, ok := l.(*netlink.Vlan); ok && v.ParentIndex == parent.Index && v.VlanId == vlan && v.VlanProtocol == netlink.VLAN_PROTOCOL_8021Q {
			p.log.Info("VLAN is there already", "interface", v.Name, "vlan", vlan)
			return p.use(&vlanDevice{}, v.Name)
		}
	}
	name := vlanName(parent, vlan)
	if err := p.net.LinkAdd(&netlink.Vlan{
		LinkAttrs:    netlink.LinkAttrs{Name: name, ParentIndex: parent.Index},
		VlanId:       vlan,
		VlanProtocol: netlink.VLAN_PROTOCOL_8021Q,
		EgressQosMap: egress,
	}); err == nil {
		return p.use(&vlanDevice{owned: true}, name)
	} else if !errors.Is(err, unix.EOPNOTSUPP) {
		return nil, needs("CAP_NET_ADMIN", "new interface "+name, err)
	}
	p.log.Info("kernel has no 802.1Q; the phone adds the tags itself", "interface", name, "vlan", vlan)
	t, err := openTap(parent, name, vlan, p.log)
	if err != nil {
		return nil, err
	}
	return p.use(&vlanDevice{owned: true, tap: t}, name)
}

// use takes the new interface up.
func (p *realPort) use(d *vlanDevice, name string) (*vlanDevice, error) {
	l, err := p.net.LinkByName(name)
	if err == nil {
		a := l.Attrs()
		d.ifi = net.Interface{Index: a.Index, Name: a.Name, HardwareAddr: p.ifi.HardwareAddr, MTU: p.ifi.MTU}
		if d.tap != nil {
			err = errors.Join(p.net.LinkSetHardwareAddr(l, p.ifi.HardwareAddr), p.net.LinkSetMTU(l, p.ifi.MTU))
		}
	}
	if err == nil && d.owned {
		err = p.net.LinkSetAlias(l, linkAlias)
	}
	if err == nil {
		err = p.net.LinkSetUp(l)
	}
	if err != nil {
		return nil, errors.Join(needs("CAP_NET_ADMIN", "interface "+name, err), p.leave(d))
	}
	if d.tap != nil {
		d.tap.run()
	}
	return d, nil
}

// leave takes the VLAN's interface away, if it was made here.
func (p *realPort) leave(d *vlanDevice) error {
	switch {
	case d.tap != nil:
		return d.tap.close()
	case d.owned && d.ifi.Index != 0:
		return gone(p.net.LinkDel(device(d.ifi)))
	}
	return nil
}

// vlanName is the usual name, or one that is short enough (IFNAMSIZ).
func vlanName(parent net.Interface, vlan int) string {
	if name := fmt.Sprintf("%s.%d", parent.Name, vlan); len(name) < unix.IFNAMSIZ {
		return name
	}
	return fmt.Sprintf("dsk%d.%d", parent.Index%10000, vlan)
}

// gone takes the error away of something that is not there any more.
func gone(err error) error {
	for _, e := range []syscall.Errno{unix.ENODEV, unix.ENOENT, unix.ESRCH, unix.EADDRNOTAVAIL} {
		if errors.Is(err, e) {
			return nil
		}
	}
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil
	}
	return err
}

// needs names the capability that is missing, if that is why err came.
func needs(capability, what string, err error) error {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return fmt.Errorf("%s: %w: it needs %s (run as root, or once: setcap cap_net_raw,cap_net_admin+ep on the program)", what, ErrNoRight, capability)
	}
	return fmt.Errorf("%s: %w", what, err)
}

func discard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
