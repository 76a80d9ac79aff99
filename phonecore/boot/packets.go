package boot

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"deskset/provisioning/fetch"
	"deskset/provisioning/link"
)

// maxPackets is how many packets a stage's report holds.
const maxPackets = 40

// Packet is one exchange over the wire, for the timeline.
type Packet struct {
	// At is the time since the stage began.
	At   time.Duration
	Out  bool
	What string
}

// packets collects those of the stage that runs. Frames come from several
// goroutines, so they pass a channel; what does not fit is left out.
type packets chan seen

type seen struct {
	when time.Time
	Packet
}

// since takes what was seen, with times since a moment.
func (p packets) since(began time.Time) (all []Packet) {
	for len(p) > 0 {
		s := <-p
		s.At = s.when.Sub(began)
		all = append(all, s.Packet)
	}
	return all
}

func (p packets) note(out bool, what string) {
	select {
	case p <- seen{time.Now(), Packet{Out: out, What: what}}:
	default:
	}
}

// recorder is a wire whose frames are noted during the start-up.
type recorder struct {
	link.Wire
	packets packets
}

// Send implements link.Wire.
func (w *recorder) Send(frame []byte) error {
	w.packets.note(true, frameName(frame))
	return w.Wire.Send(frame)
}

// Receive implements link.Wire.
func (w *recorder) Receive(ctx context.Context) ([]byte, error) {
	frame, err := w.Wire.Receive(ctx)
	if err == nil {
		w.packets.note(false, frameName(frame))
	}
	return frame, err
}

// frameName says in a word what a frame is.
func frameName(f []byte) string {
	const header = 14
	if len(f) < header {
		return "?"
	}
	switch kind := binary.BigEndian.Uint16(f[12:]); {
	case kind <= 1500:
		return "CDP"
	case kind == 0x88cc:
		return "LLDP"
	case kind == 0x0806:
		return "ARP"
	case kind == 0x0800:
		return dhcpName(f[header:])
	default:
		return fmt.Sprintf("%#04x", kind)
	}
}

var dhcpNames = [...]string{"BOOTP", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"}

// dhcpName finds the message type (RFC 2132 section 9.6) of a DHCP packet.
func dhcpName(ip []byte) string {
	const fixed = 8 + 236 + 4 // UDP, BOOTP, magic
	skip := 0
	if len(ip) > 0 {
		skip = int(ip[0]&15)*4 + fixed
	}
	for skip < len(ip)-2 && ip[skip] != 255 {
		if ip[skip] == 0 {
			skip++
			continue
		}
		if ip[skip] == 53 && int(ip[skip+2]) < len(dhcpNames) {
			return "DHCP " + dhcpNames[ip[skip+2]]
		}
		skip += 2 + int(ip[skip+1])
	}
	return "BOOTP"
}

// fetch asks the servers for a file and notes it.
func (r *run) fetch(ctx context.Context, file string) ([]byte, error) {
	r.packets.note(true, "read "+clean(file))
	data, err := r.files.Fetch(ctx, file, maxFile)
	switch {
	case err == nil:
		r.packets.note(false, fmt.Sprintf("%s: %d bytes", clean(file), len(data)))
	case errors.Is(err, fetch.ErrNotFound):
		r.packets.note(false, clean(file)+": not found")
	}
	return data, err
}
