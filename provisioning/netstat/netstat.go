// Package netstat reads the counters and the link of a network interface for
// the page Network Statistics (guide, "Viewing Network Statistics", 3-18). No
// right is needed.
//
//	before, err := netstat.Read("eth0")
//	...
//	now, err := netstat.Read("eth0")
//	fmt.Println(now.Since(before).Received)
//
// On Linux the kernel's own files are read (Documentation/ABI/testing/
// sysfs-class-net and sysfs-class-net-statistics). Elsewhere Read fails with
// ErrNotHere: counters of 32 bits that wrap would be worse than none.
package netstat

import "errors"

// Errors, for errors.Is.
var (
	// ErrNotHere: this operating system is not read.
	ErrNotHere = errors.New("network statistics are not available on this system")
	// ErrNoInterface: there is none of this name.
	ErrNoInterface = errors.New("no such interface")
)

// Counters of an interface since it came up, in packets. The kernel counts
// everything that the host sends and receives by it, not the phone's alone.
type Counters struct {
	Received, Sent uint64
	// ReceiveErrors are packets that came with errors.
	ReceiveErrors uint64
	// Multicast packets received. Broadcasts are not counted apart; which of
	// them are among these depends on the driver.
	Multicast uint64
}

// Since is what was counted after an earlier reading. A counter that has begun
// anew counts from there.
func (c Counters) Since(earlier Counters) Counters {
	return Counters{
		since(c.Received, earlier.Received), since(c.Sent, earlier.Sent),
		since(c.ReceiveErrors, earlier.ReceiveErrors), since(c.Multicast, earlier.Multicast),
	}
}

func since(now, earlier uint64) uint64 {
	if now < earlier {
		return now
	}
	return now - earlier
}

// Duplex of a link.
type Duplex uint8

// The ways of a link. Interfaces without a cable (Wi-Fi, loopback) know none.
const (
	DuplexUnknown Duplex = iota
	DuplexHalf
	DuplexFull
)

// Link is the state of the interface's port.
type Link struct {
	// Up tells that there is a carrier.
	Up     bool
	Duplex Duplex
	// Speed in Mbit/s; 0 is not known.
	Speed int
}

// Reading is an interface at one moment.
type Reading struct {
	Interface string
	Counters
	Link Link
}
