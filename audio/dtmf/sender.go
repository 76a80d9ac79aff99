package dtmf

// finals is how often the packet that ends an event is sent (RFC 4733 section
// 2.5.1.4).
const finals = 3

// eventVolume is what the packets claim as the tone's level: -10 dBm0, in the
// middle of what receivers expect.
const eventVolume = 10

// Sender turns the stages of a [Keyer] into the event packets of RFC 4733
// section 2.5.1, one for each packet time while it lasts. It belongs to the
// audio side.
type Sender struct {
	event  Event
	start  uint32 // timestamp of the event, or of its present segment
	before int    // samples of the event that earlier segments have told
	repeat int    // final packets still to send
}

// Packet is what to send in place of voice.
type Packet struct {
	Event     Event
	Timestamp uint32
	Marker    bool
}

// Next gives the packet for one packet time, which begins at timestamp and in
// which stage happens. Samples and timestamps count the same clock. ok is
// false when no event is to be sent.
func (s *Sender) Next(stage Stage, timestamp uint32) (p Packet, ok bool) {
	switch {
	case stage.Digit != 0:
		return s.report(stage, timestamp), true
	case s.repeat > 0:
		s.repeat--
		return Packet{Event: s.event, Timestamp: s.start}, true
	}
	return Packet{}, false
}

func (s *Sender) report(stage Stage, timestamp uint32) Packet {
	if stage.First {
		s.event = Event{Digit: stage.Digit, Volume: eventVolume}
		s.start, s.before = timestamp, 0
	}
	s.repeat = 0
	if stage.Last {
		s.repeat = finals - 1
	}
	p := Packet{Event: s.event, Timestamp: s.start, Marker: stage.First}
	full := stage.Elapsed-s.before > maxDuration
	if full {
		// Section 2.5.1.3: the segment is told at its full length, not ended,
		// and the event goes on in a new one.
		p.Event.Duration = maxDuration
		s.before += maxDuration
		s.start += maxDuration
	}
	s.event.Duration = uint16(stage.Elapsed - s.before)
	s.event.End = stage.Last
	if !full {
		p.Event = s.event
	} else if stage.Last {
		s.repeat = finals // this packet could not tell the end
	}
	return p
}
