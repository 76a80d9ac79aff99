package trace

import (
	"bytes"
	"encoding/binary"
	"time"

	"deskset/audio"
)

// Voice is the hook of audio.StreamConfig. It neither allocates nor waits.
func (t *Trace) Voice() func(audio.Packet) {
	c := t.file()
	if c == nil {
		return nil
	}
	return func(p audio.Packet) { c.voice.put(c.now(), p) }
}

// voiceRecord makes a record of a packet, which is not kept.
func voiceRecord(at time.Duration, p audio.Packet, digits bool) *record {
	r := &record{
		at: at, place: onVoice, out: p.Out, local: p.Local, remote: p.Remote, dscp: p.DSCP, data: bytes.Clone(p.Data),
	}
	if !digits && !p.Control && p.Event != 0 && hideEvents(r.data, p.Event) {
		r.comment = "digit masked"
	}
	return r
}

const (
	rtpHeader = 12
	// hiddenEvent has no meaning (RFC 4733, section 7).
	hiddenEvent = 255
	eventLength = 4
)

// hideEvents masks the digits of a telephone-event packet (RFC 4733, section
// 2.3): the first of each four bytes behind the header (RFC 3550, section 5.1).
func hideEvents(packet []byte, event uint8) bool {
	if len(packet) < rtpHeader || packet[1]&0x7f != event {
		return false
	}
	start := rtpHeader + 4*int(packet[0]&0xf)
	if packet[0]&0x10 != 0 { // an extension: its length stands in its second word half
		if len(packet) < start+4 {
			return false
		}
		start += 4 + 4*int(binary.BigEndian.Uint16(packet[start+2:]))
	}
	for ; start < len(packet); start += eventLength {
		packet[start] = hiddenEvent
	}
	return true
}
