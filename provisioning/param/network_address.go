package param

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// Blocks in which no host can be (RFC 6890 section 2.2.2).
var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
	loopback    = netip.MustParsePrefix("127.0.0.0/8")
	classD      = netip.MustParsePrefix("224.0.0.0/4") // multicast
	classE      = netip.MustParsePrefix("240.0.0.0/4") // reserved, and broadcast
)

func inBlock(addr netip.Addr, blocks ...netip.Prefix) bool {
	for _, b := range blocks {
		if b.Contains(addr) {
			return true
		}
	}
	return false
}

// subnet checks the phone's address and mask. The result is invalid if they
// make no sense or if the mask is 0.0.0.0, which wide tells apart.
func (c *networkCheck) subnet(routers bool) (subnet netip.Prefix, wide bool) {
	before := len(c.problems)
	addr := c.address("ip_address")
	switch {
	case len(c.problems) > before:
	case !addr.IsValid():
		c.report(Error, CodeInvalidAddress, "ip_address", "want the phone's address, because DHCP is off")
	case !isHost(addr):
		c.report(Error, CodeInvalidAddress, "ip_address", wantHost)
		addr = netip.Addr{}
	}
	mask, good := c.mask(routers)
	switch {
	case !addr.IsValid() || !good:
		return netip.Prefix{}, false
	case mask == 0:
		return netip.Prefix{}, true
	}
	subnet = netip.PrefixFrom(addr, mask)
	if onEdge(addr, subnet) {
		c.report(Error, CodeInvalidAddress, "ip_address", wantNoEdge)
		return netip.Prefix{}, false
	}
	return subnet, false
}

const (
	wantHost   = "want the address of a host: not 0.x.x.x, 127.x.x.x or from 224.0.0.0 on"
	wantNoEdge = "want an address whose host part is neither all zeros nor all ones: those are the subnet and its broadcast"
)

// isHost is true for an address that a host can have.
func isHost(addr netip.Addr) bool {
	return !inBlock(addr, thisNetwork, loopback, classD, classE)
}

// mask reads the subnet mask as the length of a prefix. "You can use 0.0.0.0
// for the subnet mask only if the default gateway is also 0.0.0.0" (guide 2-13).
func (c *networkCheck) mask(routers bool) (length int, good bool) {
	p := &Param{Kind: IPv4}
	text, err := p.check(c.get("subnet_mask"))
	if err != nil {
		c.report(Error, CodeInvalidMask, "subnet_mask", "want a mask, like 255.255.255.0")
		return 0, false
	}
	addr, err := netip.ParseAddr(text.text)
	if err != nil { // 0.0.0.0
		if routers {
			c.report(Error, CodeInvalidMask, "subnet_mask", "want a mask other than 0.0.0.0, because there is a default router")
		}
		return 0, !routers
	}
	octets := addr.As4()
	value := binary.BigEndian.Uint32(octets[:])
	length = bits.LeadingZeros32(^value)
	if value<<length != 0 {
		c.report(Error, CodeInvalidMask, "subnet_mask", "want ones, then zeros, like 255.255.255.0")
		return 0, false
	}
	return length, true
}

// onEdge is true for the address of the subnet itself and for its broadcast. A
// subnet of two addresses has neither (RFC 3021).
func onEdge(addr netip.Addr, subnet netip.Prefix) bool {
	if subnet.Bits() > 30 {
		return false
	}
	octets := addr.As4()
	host := binary.BigEndian.Uint32(octets[:]) << subnet.Bits()
	return host == 0 || host == ^uint32(0)<<subnet.Bits()
}

// router: "The default gateway must be on the same subnet as the phone" (guide
// 2-13).
func (c *networkCheck) router(r listed, subnet netip.Prefix) {
	switch {
	case !isHost(r.addr):
		c.report(Error, CodeInvalidAddress, r.name, wantHost)
	case !subnet.IsValid():
	case !subnet.Contains(r.addr):
		c.report(Error, CodeRouterNotOnSubnet, r.name, "want an address on the phone's subnet, "+subnet.Masked().String())
	case onEdge(r.addr, subnet):
		c.report(Error, CodeInvalidAddress, r.name, wantNoEdge)
	case r.addr == subnet.Addr():
		c.report(Error, CodeInvalidAddress, r.name, "want the address of a router; this is the phone's own")
	}
}
