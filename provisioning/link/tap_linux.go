package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// tap is 802.1Q for kernels that have none: what the kernel sends on a TAP
// interface goes out of the parent with a tag, what comes in with the tag goes
// to the TAP. Two goroutines carry the frames, all the traffic of the VLAN; they
// end by close.
type tap struct {
	parent net.Interface
	vlan   int
	log    *slog.Logger
	device *os.File // the TAP
	trunk  *os.File // the parent
	ended  sync.WaitGroup
	closed atomic.Bool
}

const (
	etherVLAN  = 0x8100 // IEEE 802.1Q, 9.4
	tagLength  = 4
	classShift = 13 // priority in the tag (9.6)
)

// openTap makes the TAP interface, which goes away with its file.
func openTap(parent net.Interface, name string, vlan int, log *slog.Logger) (*tap, error) {
	const tunnel = "/dev/net/tun"
	fd, err := unix.Open(tunnel, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENODEV) {
			return nil, fmt.Errorf("VLAN %d: %w: the kernel has neither 802.1Q nor %s", vlan, ErrNotHere, tunnel)
		}
		return nil, needs("CAP_NET_ADMIN", tunnel, err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		unix.Close(fd)
		return nil, needs("CAP_NET_ADMIN", "new interface "+name, err)
	}
	t := &tap{parent: parent, vlan: vlan, log: log, device: os.NewFile(uintptr(fd), tunnel)}
	t.trunk, err = packetSocket(parent, fromOthers(), ofVLAN(uint32(vlan)), program{whole})
	if err == nil {
		// A card that sorts VLANs out by itself knows nothing of this one.
		err = member(t.trunk, parent, unix.PACKET_MR_PROMISC, "")
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// run carries frames until close.
func (t *tap) run() {
	t.ended.Go(func() { t.carry("out", t.out) })
	t.ended.Go(func() { t.carry("in", t.in) })
}

// carry calls step for each frame, until it fails for good.
func (t *tap) carry(direction string, step func(trunk syscall.RawConn, buffer []byte) error) {
	trunk, err := t.trunk.SyscallConn()
	buffer := make([]byte, tagLength+1<<16)
	for err == nil {
		err = step(trunk, buffer)
	}
	if !t.closed.Load() {
		t.log.Error("VLAN is broken", "vlan", t.vlan, "direction", direction, "error", err)
	}
}

// out takes a frame of the TAP and sends it with the tag.
func (t *tap) out(trunk syscall.RawConn, buffer []byte) error {
	n, err := t.device.Read(buffer[tagLength:])
	if err != nil {
		return err
	}
	frame := buffer[:tagLength+n]
	if n < offsetPayload {
		return nil
	}
	class := priority(frame[tagLength:])
	copy(frame, frame[tagLength:tagLength+offsetType]) // the addresses
	binary.BigEndian.PutUint16(frame[offsetType:], etherVLAN)
	binary.BigEndian.PutUint16(frame[offsetType+2:], uint16(class<<classShift|t.vlan))
	if err := write(trunk, frame); err != nil && t.closed.Load() {
		return err
	} else if err != nil { // a link that is down loses frames
		t.log.Debug("frame not sent", "vlan", t.vlan, "error", err)
	}
	return nil
}

// in takes a frame of the VLAN, whose tag is out of it already.
func (t *tap) in(trunk syscall.RawConn, buffer []byte) error {
	r, err := read(trunk, buffer)
	if err != nil {
		return err
	}
	if _, err := t.device.Write(r.frame); err != nil && (t.closed.Load() || errors.Is(err, os.ErrClosed)) {
		return err
	} else if err != nil { // the TAP is down, or the frame is odd
		t.log.Debug("frame not taken in", "vlan", t.vlan, "error", err)
	}
	return nil
}

// priority is what egress is for VLANs of the kernel, by the DSCP (RFC 2474, 3).
func priority(frame []byte) int {
	const expedited, network = 46, 48 // RFC 3246; class selector 6 of RFC 2474
	switch kind := binary.BigEndian.Uint16(frame[offsetType:]); {
	case kind == etherARP:
		return controlPriority
	case kind != etherIPv4 || len(frame) < offsetPayload+minIPv4:
		return signalPriority
	}
	switch dscp := frame[offsetPayload+1] >> 2; {
	case dscp >= network:
		return controlPriority
	case dscp == expedited:
		return voicePriority
	}
	return signalPriority
}

// close takes the interface away.
func (t *tap) close() error {
	t.closed.Store(true)
	err := t.device.Close()
	if t.trunk != nil {
		err = errors.Join(err, t.trunk.Close())
	}
	t.ended.Wait()
	return err
}
