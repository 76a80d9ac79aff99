package phonecore

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// networkMenu is the menu Network Configuration (guide 3-3): the form and what
// Save is to do besides storing.
type networkMenu struct {
	form
	erase bool
}

func (p *Phone) openNetwork() {
	n := &networkMenu{form: form{p: p, draft: map[string]string{}}}
	n.open(formPage{
		name: "menu.network", title: text.Get(text.MenuNetwork), rows: n.rows,
		prompt: func() string { return text.Get(text.SaveResets) },
		save:   n.save,
	})
}

// Rows before and behind those of parameters, in the guide's order (3-3 to 3-5).
const (
	rowsBefore  = 3  // DHCP Server, MAC Address, Host Name
	operational = 14 // parameters before Operational VLAN Id
)

func (n *networkMenu) rows() []row {
	v := n.p.startup.values
	shown := func(id text.ID, value string) row { return row{label: text.Get(id), value: value} }
	rows := []row{
		shown(text.LabelDHCPServer, n.dhcpServer()),
		shown(text.LabelMAC, v.MAC),
		shown(text.LabelHostName, param.LogicalName(v.MAC)),
	}
	for _, prm := range param.NetworkMenu() {
		rows = append(rows, n.row(prm))
	}
	rows = slices.Insert(rows, rowsBefore+operational, shown(text.LabelVLAN, n.vlan()))
	return append(rows, row{
		kind: rowYesNo, label: text.Get(text.LabelErase), value: yesNo(n.erase),
		answered: func(yes bool) text.ID { n.erase = yes; return text.None },
	})
}

// row is the row of a parameter, with the guide's rules of when it can be
// changed.
func (n *networkMenu) row(prm param.Param) row {
	r := n.paramRow(prm)
	switch {
	case prm.Name == "dhcp_enabled":
		r.answered = func(yes bool) text.ID { n.takeOver(!yes); return text.None }
	case prm.Name == "dhcp_address_released":
		r.answered = n.released
	case prm.Name == "domain_name" && r.value == "" && !n.drafted(prm.Name):
		r.value = n.learned(prm.Name)
	case prm.Name == "tftp_server" && n.dhcp() && n.get("alternate_tftp") != "1":
		r.closed, r.value = text.NeedsStaticOrAlternate, n.learned(prm.Name)
	case prm.Kind == param.IPv4 && n.dhcp():
		r.closed, r.value = text.NeedsDHCPOff, n.learned(prm.Name)
	}
	if n.p.params.Text(prm.Name) == "" {
		r.now = n.learned(prm.Name)
	}
	if prm.Kind == param.IPv4 && r.value == "" {
		r.value = none // "Use 0.0.0.0 for unused IP addresses" (guide 2-13)
	}
	return r
}

const none = "0.0.0.0"

func (n *networkMenu) dhcp() bool { return n.get("dhcp_enabled") != "0" }

func (n *networkMenu) drafted(name string) bool {
	_, drafted := n.draft[name]
	return drafted
}

// learned is what the network has given for a parameter, empty if it gives
// none.
func (n *networkMenu) learned(name string) string {
	v := n.p.startup.values
	base := strings.TrimRight(name, "12345")
	i, _ := strconv.Atoi(name[len(base):])
	switch base {
	case "domain_name":
		return v.Host.Domain
	case "ip_address":
		return addrText(v.Host.Prefix.Addr())
	case "subnet_mask":
		return maskText(v.Host.Prefix)
	case "default_router":
		return addrAt(routers(n.p), i-1)
	case "dns_server":
		return addrAt(v.Host.DNS, i-1)
	case "tftp_server":
		if len(v.TFTP) > 0 {
			return addrAt(v.TFTP, 0)
		}
		return n.get(name)
	}
	return ""
}

// routers are those of the lease, the one in use first.
func routers(p *Phone) []netip.Addr {
	v := p.startup.values
	all := []netip.Addr{}
	if v.Host.Router.IsValid() {
		all = append(all, v.Host.Router)
	}
	for _, r := range v.Lease.Routers {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

func addrAt(all []netip.Addr, i int) string {
	if i < 0 || i >= len(all) {
		return none
	}
	return addrText(all[i])
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return none
	}
	return a.String()
}

func maskText(prefix netip.Prefix) string {
	if !prefix.IsValid() {
		return none
	}
	return net.IP(net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())).String()
}

// dhcpServer is who gave the phone its address.
func (n *networkMenu) dhcpServer() string {
	v := n.p.startup.values
	switch {
	case v.Lease.Server.IsValid():
		return v.Lease.Server.String()
	case v.Station == nil:
		return text.Get(text.ValueFromHost)
	}
	return none
}

// vlan is the VLAN that the phone is in.
func (n *networkMenu) vlan() string {
	switch s := n.p.startup.values.Station; {
	case s == nil:
		return text.Get(text.ValueFromHost)
	case s.VLAN() == 0:
		return ""
	default:
		return strconv.Itoa(s.VLAN())
	}
}

// byDHCP tells the parameters that DHCP gives unless it is off.
func byDHCP(prm param.Param) bool { return prm.Kind == param.IPv4 || prm.Name == "tftp_server" }

// takeOver lets what DHCP gave stand as values to be edited when DHCP is
// turned off, where nothing was set by hand before.
func (n *networkMenu) takeOver(off bool) {
	for _, prm := range param.NetworkMenu() {
		switch learned := n.learned(prm.Name); {
		case !byDHCP(prm):
		case !off && (prm.Kind == param.IPv4 || n.get("alternate_tftp") != "1"):
			delete(n.draft, prm.Name)
		case off && n.p.params.Text(prm.Name) == "" && learned != none:
			n.draft[prm.Name] = learned
		}
	}
}

// released: the address can only be given back if it is the phone's own.
func (n *networkMenu) released(yes bool) text.ID {
	if yes && n.p.startup.values.Station == nil {
		return text.NeedsOwnPort
	}
	return text.None
}
