package boot

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/discovery"
	"deskset/provisioning/link"
)

// listenTime is how long a switch may take to name a voice VLAN. It answers a
// trigger at once; one that was not triggered speaks every 60 s, which nobody
// waits for.
const listenTime = 5 * time.Second

// platform is what the phone says it is, to switches.
const platform = "Deskset 7960"

// powerDrawn is what the instrument draws, in milliwatts (the reference,
// section 4, CDP).
const powerDrawn = 6300

// voiceVLAN asks the switch for the VLAN of the phones. Without a port of its
// own the phone is wherever the host's interface is.
func voiceVLAN(ctx context.Context, r *run, rep *Report) {
	if r.MAC == "" {
		r.MAC = r.Set.Text("mac")
	}
	if r.Beyond.Port == nil {
		r.hostVLAN(rep)
		return
	}
	port, err := r.Beyond.Port()
	if err != nil {
		// Who gave the phone a port of its own does not want it on another
		// network.
		rep.Provenance = Skipped
		rep.fail(text.StatusPort, err, err)
		r.PortErr = err
		return
	}
	rep.Provenance = Real
	if port.Simulated() {
		rep.Provenance = Simulated
	}
	if r.MAC == "" {
		r.MAC = macName(port.MAC().String())
	}
	r.Station = &Station{port: port, log: r.Log}
	native, err := port.Open(ctx, 0)
	if err != nil {
		rep.fail(text.StatusPort, err, err)
		return
	}
	r.Station.native = &recorder{native, r.packets}
	vlan := r.findVLAN(ctx, rep)
	if err := r.join(ctx, vlan); err != nil && vlan != 0 {
		rep.fail(text.StatusPort, err, err)
		vlan = 0
		if err := r.join(ctx, vlan); err != nil {
			rep.fail(text.StatusPort, err, err)
			return
		}
	}
	if vlan == 0 {
		rep.learn(text.LearnedUntagged, port.Name())
	}
}

// join opens the wire for DHCP and ARP. It is one of its own even without a
// VLAN, because each frame is given to one reader only.
func (r *run) join(ctx context.Context, vlan int) error {
	wire, err := r.Station.port.Open(ctx, vlan)
	if err != nil {
		return err
	}
	r.Station.vlan, r.Station.wire = vlan, &recorder{wire, r.packets}
	return nil
}

// findVLAN gives the VLAN to join, 0 for none: what the switch says, else the
// Admin. VLAN Id (guide 2-13: the switch overrides it).
func (r *run) findVLAN(ctx context.Context, rep *Report) int {
	admin := r.Set.Int("admin_vlan")
	options := discovery.Options{
		CDP: r.Set.Bool("cdp_enabled"), LLDP: r.Set.Bool("lldp_enabled"), Listen: listenTime, Log: r.Log,
	}
	if !options.CDP && !options.LLDP {
		rep.learn(text.LearnedAdminVLAN, admin)
		return admin
	}
	s := r.Station
	s.identity = r.identity()
	s.finder = discovery.NewSpeaker(s.identity, options)
	n, err := s.finder.Find(ctx, s.native)
	switch {
	case errors.Is(err, discovery.ErrNoNeighbor):
		rep.add(text.StatusNoSwitch, nil)
	case err != nil:
		rep.add(text.StatusPort, err, err)
	}
	s.neighbor = n
	if n.Protocol != discovery.None {
		rep.learn(text.LearnedSwitch, clean(n.Switch), clean(n.Port), protocolNames[n.Protocol])
	}
	if n.VLAN < 0 || n.VLAN > 4094 {
		rep.fail(text.StatusVLANInvalid, link.ErrVLAN, n.VLAN)
		n.VLAN = 0
	}
	if n.VLAN != 0 {
		rep.learn(text.LearnedVLAN, n.VLAN, protocolNames[n.Protocol])
		return n.VLAN
	}
	if admin != 0 {
		rep.learn(text.LearnedAdminVLAN, admin)
	}
	return admin
}

var protocolNames = map[discovery.Protocol]string{discovery.CDP: "CDP", discovery.LLDPMED: "LLDP-MED"}

func (r *run) identity() discovery.Identity {
	return discovery.Identity{
		MAC: r.Station.port.MAC(), Device: "SIP" + r.MAC, Load: r.Running, Platform: platform, Power: powerDrawn,
	}
}

// hostVLAN reports the host's interface: without the right to speak CDP the
// VLAN is whatever the host's network gives.
func (r *run) hostVLAN(rep *Report) {
	rep.Provenance = FromHost
	host, err := r.Network.Host()
	if err != nil {
		rep.fail(text.StatusNoNetwork, err, err.Error())
		return
	}
	r.Host = host
	if r.MAC == "" {
		r.MAC = macName(host.MAC.String())
	}
	rep.Learned = []string{host.Interface}
	rep.add(text.StatusVLANHost, nil, host.Interface)
}

// macName writes a MAC address as in the names of files.
func macName(mac string) string { return strings.ToUpper(strings.ReplaceAll(mac, ":", "")) }

// clean makes a word of the network fit to be shown.
func clean(word string) string {
	quoted := strconv.Quote(word)
	return quoted[1 : len(quoted)-1]
}
