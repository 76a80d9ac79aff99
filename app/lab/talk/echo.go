package talk

import "github.com/pion/rtp"

// echo keeps the numbering of returned packets: distances of the sequence
// numbers and timestamps are those of the packets received, so that losses
// and jitter on the way here are seen at the far end, not hidden.
type echo struct {
	running  bool
	sequence uint16 // to add
	stamp    uint32
}

// returned sends a packet of voice back at once: nothing is decoded, nothing
// waits for a tick. Digits are not returned: the caller would take them for
// ours.
func (s *Session) returned(f *flow, h *rtp.Header, payload []byte) {
	if !f.sends {
		return
	}
	marker := h.Marker
	if !s.echo.running {
		s.echo = echo{running: true, sequence: s.sequence + 1 - h.SequenceNumber, stamp: s.stamp - h.Timestamp}
		marker = true
	}
	s.sequence = h.SequenceNumber + s.echo.sequence
	s.send(f, &rtp.Header{
		Version: 2, Marker: marker, PayloadType: h.PayloadType,
		SequenceNumber: s.sequence, Timestamp: h.Timestamp + s.echo.stamp, SSRC: s.ssrc,
	}, payload)
}
