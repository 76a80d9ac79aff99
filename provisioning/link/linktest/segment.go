// Package linktest is an Ethernet segment in memory: a switch with a wire for
// each host, VLANs and, if asked for, loss. Nothing in it takes time or starts
// a goroutine, so it works in virtual time (testing/synctest):
//
//	seg := linktest.NewSegment()
//	phone := seg.Wire(phoneMAC, 0)
//	server := seg.Wire(serverMAC, 0)
//
// It has no use for package testing: the lab's simulated network stands on it,
// too.
package linktest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"

	"deskset/provisioning/link"
)

// ethernetHeader is destination, source and type (IEEE 802.3, 3.1.1).
const ethernetHeader = 14

// Frame is a frame on its way, as a hook sees it.
type Frame struct {
	VLAN int
	From net.HardwareAddr // the wire that sends it
	Data []byte           // the whole frame; a hook must not change or keep it
}

// Segment is the switch. Its methods may be called from any goroutine.
type Segment struct {
	mu    sync.Mutex
	wires []*wire
	drop  func(Frame) bool
}

// NewSegment gives a segment without hosts and loss.
func NewSegment() *Segment { return &Segment{} }

// Drop sets a hook that sees each frame that is sent and returns true for those
// that are to be lost; nil loses none. It is called by the sender and may use
// the segment. See Loss for one that is ready-made.
func (s *Segment) Drop(hook func(Frame) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop = hook
}

// Loss is a hook for Drop that loses the given share of the frames (0 to 1);
// the same seed loses the same ones.
func Loss(share float64, seed uint64) func(Frame) bool {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 0))
	return func(Frame) bool {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64() < share
	}
}

// Wire plugs a host in: on the untagged network for vlan 0, else on that VLAN,
// which must be below 4095. The wire receives what others send to its address,
// to all and to groups. Other than the wire of a real port it passes frames of
// every kind, as servers need them. Wires of one address are one host: none
// hears the others.
func (s *Segment) Wire(mac net.HardwareAddr, vlan int) link.Wire {
	if len(mac) != 6 || vlan < 0 || vlan > 4094 {
		panic(fmt.Sprintf("linktest: wire of %q in VLAN %d", mac, vlan))
	}
	return s.plug(mac, vlan, nil)
}

// plug adds a wire that passes the frames for which keep is true, or all.
func (s *Segment) plug(mac net.HardwareAddr, vlan int, keep func([]byte) bool) *wire {
	w := &wire{seg: s, mac: bytes.Clone(mac), vlan: vlan, keep: keep, Queue: link.NewQueue()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wires = append(s.wires, w)
	return w
}

// send carries a frame from one wire to all that should see it.
func (s *Segment) send(from *wire, frame []byte) {
	s.mu.Lock()
	drop := s.drop
	s.mu.Unlock()
	if drop != nil && drop(Frame{VLAN: from.vlan, From: from.MAC(), Data: frame}) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.wires {
		if w.vlan == from.vlan && !bytes.Equal(w.mac, from.mac) && w.wants(frame) {
			w.Put(bytes.Clone(frame))
		}
	}
}

func (s *Segment) unplug(w *wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wires = slices.DeleteFunc(s.wires, func(other *wire) bool { return other == w })
}

// wire implements link.Wire.
type wire struct {
	*link.Queue
	seg  *Segment
	mac  net.HardwareAddr
	vlan int
	keep func([]byte) bool
}

func (w *wire) wants(frame []byte) bool {
	group := frame[0]&1 != 0 // the first bit on the line: IEEE 802.3, 3.2.3
	return (group || bytes.Equal(frame[:6], w.mac)) && (w.keep == nil || w.keep(frame))
}

func (w *wire) MAC() net.HardwareAddr { return bytes.Clone(w.mac) }

func (w *wire) Send(frame []byte) error {
	if len(frame) < ethernetHeader || len(frame) > link.MaxFrame {
		return fmt.Errorf("frame of %d bytes: want %d to %d", len(frame), ethernetHeader, link.MaxFrame)
	}
	if w.Closed() {
		return link.ErrClosed
	}
	w.seg.send(w, frame)
	return nil
}

func (w *wire) Close() error {
	w.Queue.Close()
	w.seg.unplug(w)
	return nil
}
