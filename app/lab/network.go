package lab

import (
	"context"
	"encoding/hex"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
)

// VoiceVLAN is what the lab's switch announces.
const VoiceVLAN = 110

// The addresses of the simulated networks: some of those for documentation (RFC
// 5737), so that nobody mistakes them. The server gives addresses by DHCP and
// files by TFTP; it is in the voice VLAN, and reached from the untagged network
// through the router.
var (
	voiceNetwork = subnet{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParseAddr("192.0.2.254")}
	dataNetwork  = subnet{netip.MustParsePrefix("198.51.100.1/24"), netip.MustParseAddr("198.51.100.254")}
	proxyAddr    = netip.MustParseAddr("192.0.2.10")
	backupAddr   = netip.MustParseAddr("192.0.2.11")
)

// subnet is the server's own address with its mask, and the router's.
type subnet struct {
	server netip.Prefix
	router netip.Addr
}

// subnets by VLAN; a phone that no switch tells its VLAN is in the untagged one.
var subnets = map[int]subnet{VoiceVLAN: voiceNetwork, 0: dataNetwork}

// The well-known ports (RFC 1350, RFC 3261, RFC 9110).
const (
	tftpPort = 69
	sipPort  = 5060
	httpPort = 80
)

// netFault makes the network below the lab ill. The zero value is health.
type netFault struct {
	noSwitch bool
	vlan     int // announced in place of VoiceVLAN, if it is not 0
	dhcp     fakeserver.Fault
}

// network is the Ethernet segment that the phone's port is on, and its servers.
type network struct {
	log     *slog.Logger
	segment *linktest.Segment
	phone   net.HardwareAddr
	dhcp    []*fakeserver.Server
	servers service

	mu          sync.Mutex // of all below
	voiceSwitch service
	fault       netFault
	closed      bool
}

// The addresses of the lab's machines are locally administered.
var (
	switchMAC = net.HardwareAddr{2, 0, 0, 0, 0x79, 1}
	serverMAC = net.HardwareAddr{2, 0, 0, 0, 0x79, 2}
)

// Voice as a switch announces it by LLDP-MED: 802.1p 5 and DSCP EF (RFC 4594
// section 4.1).
const (
	voicePriority = 5
	voiceDSCP     = 46
)

func startNetwork(l *Lab) (*network, error) {
	mac, err := hex.DecodeString(l.options.MAC)
	if err != nil {
		return nil, err
	}
	n := &network{log: l.options.Log, segment: linktest.NewSegment(), phone: mac, fault: l.ill.net}
	n.startSwitch()
	for vlan, s := range subnets {
		n.startDHCP(vlan, s)
	}
	return n, nil
}

// startDHCP begins to give addresses in a VLAN.
func (n *network) startDHCP(vlan int, s subnet) {
	files := voiceNetwork.server.Addr()
	server := fakeserver.New(fakeserver.Options{
		Address: s.server, Routers: []netip.Addr{s.router}, DNS: []netip.Addr{files}, Domain: Realm,
		TFTP: []netip.Addr{files}, TFTPName: files.String(), Fault: n.fault.dhcp, Log: n.log,
	})
	n.dhcp = append(n.dhcp, server)
	wire := n.segment.Wire(serverMAC, vlan)
	n.servers.start(func(ctx context.Context) {
		defer func() { _ = wire.Close() }()
		if err := server.Run(ctx, wire); err != nil {
			n.log.Error("lab: DHCP server ended", "vlan", vlan, "error", err)
		}
	})
}

// startSwitch begins to announce the voice VLAN.
func (n *network) startSwitch() {
	if n.fault.noSwitch {
		return
	}
	s := fakeswitch.Switch{
		Wire: n.segment.Wire(switchMAC, 0), VLAN: VoiceVLAN, Priority: voicePriority, DSCP: voiceDSCP, Log: n.log,
	}
	if n.fault.vlan != 0 {
		s.VLAN = n.fault.vlan
	}
	n.voiceSwitch.start(func(ctx context.Context) {
		defer func() { _ = s.Wire.Close() }()
		if err := s.Run(ctx); err != nil {
			n.log.Error("lab: switch ended", "error", err)
		}
	})
}

// setFault changes the faults; the switch is made anew if they concern it.
func (n *network) setFault(f netFault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.fault
	n.fault = f
	if n.closed {
		return
	}
	for _, server := range n.dhcp {
		server.SetFault(f.dhcp)
	}
	if f.noSwitch != old.noSwitch || f.vlan != old.vlan {
		n.voiceSwitch.stop()
		n.startSwitch()
	}
}

func (n *network) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	n.voiceSwitch.stop()
	n.servers.stop()
}

// service is goroutines that end together. The zero value does not run.
type service struct {
	ctx    context.Context
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// start adds a goroutine.
func (s *service) start(run func(context.Context)) {
	if s.cancel == nil {
		s.ctx, s.cancel = context.WithCancel(context.Background())
	}
	ctx := s.ctx
	s.ended.Go(func() { run(ctx) })
}

// stop ends them and waits; it may be called when nothing runs.
func (s *service) stop() {
	if s.cancel != nil {
		s.cancel()
		s.ended.Wait()
		s.cancel = nil
	}
}

// Port gives the phone an Ethernet port on the lab's simulated network. What it
// is configured with is remembered and does nothing; see Translate.
func (l *Lab) Port() link.Port { return l.network.segment.Port("lab", l.network.phone) }

// Translate gives the real loopback address behind one of the simulated
// network: the TFTP server's 192.0.2.1:69 (and port 80, with Options.HTTP), the
// proxy's 192.0.2.10:5060, the backup's 192.0.2.11:5060. False means that it is
// none of these, and is to be used as it is.
func (l *Lab) Translate(simulated netip.AddrPort) (netip.AddrPort, bool) {
	to := netip.AddrPort{}
	switch simulated {
	case netip.AddrPortFrom(voiceNetwork.server.Addr(), tftpPort):
		to = l.TFTP()
	case netip.AddrPortFrom(voiceNetwork.server.Addr(), httpPort):
		if l.http != nil {
			to = l.http.addr
		}
	case netip.AddrPortFrom(proxyAddr, sipPort):
		to = l.Proxy()
	case netip.AddrPortFrom(backupAddr, sipPort):
		to = l.Backup()
	}
	return to, to.IsValid()
}
