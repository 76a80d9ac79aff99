package discovery

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"
)

// Protocol is how a switch made itself known.
type Protocol uint8

// The protocols.
const (
	None Protocol = iota
	CDP
	LLDPMED
)

// Identity is what the phone says of itself to the switch.
type Identity struct {
	MAC net.HardwareAddr
	// Device is the device's name: SIP and the MAC address.
	Device string
	// Load is the running image, Platform the make and model.
	Load, Platform string
	// Serial for the inventory of LLDP-MED; may be empty.
	Serial string
	// Power drawn, in milliwatts.
	Power int
	// Addr is the phone's address once it has one.
	Addr netip.Addr
}

// Neighbor is what a switch told the phone.
type Neighbor struct {
	Protocol Protocol
	// Switch and Port are the names it gives itself and the port.
	Switch, Port string
	// VLAN for voice: 1 to 4094; 0 for none (untagged); 4095 and above are
	// passed on as they were sent, for the caller to refuse.
	VLAN int
	// Priority (802.1p) and DSCP for voice, -1 if not told.
	Priority, DSCP int
}

// ErrNoNeighbor: no switch told a voice VLAN in time.
var ErrNoNeighbor = errors.New("no switch announced a voice VLAN")

// Options of a Speaker.
type Options struct {
	CDP, LLDP bool
	// Listen is how long Find waits for a switch.
	Listen time.Duration
	Log    *slog.Logger
}
