package talk

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"deskset/audio/codec"
	"deskset/audio/dtmf"
)

// stream is what the media goroutine owns.
type stream struct {
	service  Service
	act      act
	ended    bool
	codecs   codecs
	events   *dtmf.Receiver
	detector *dtmf.Detector
	// byEvent: digits come as events, and tones in the voice are ignored.
	byEvent bool

	// What is sent.
	ssrc     uint32
	sequence uint16
	stamp    uint32
	marker   bool
	sent     counters

	// What is received.
	agreed  *flow
	last    time.Time // of any packet
	peer    uint32    // SSRC
	known   bool
	source  netip.AddrPort // where RTP comes from, and so goes to
	strange int            // packets in a row from another place
	echo    echo
	heard   reception

	pcm     []int16
	float   []float32
	payload []byte
	packet  []byte
	report  time.Time
	// lastSR is what the RTCP goroutine has heard.
	lastSR atomic.Pointer[senderReport]
}

// maxSilence ends a call whose peer should send and does not: it has died
// without a BYE. It is long, as there are phones that send nothing while muted.
const maxSilence = 30 * time.Minute

// followAfter packets in a row from another address of the peer, its RTP is
// taken to come from there (symmetric RTP, RFC 4961).
const followAfter = 3

// begin prepares the stream for a service, before the first packet.
func (s *Session) begin(service Service) {
	s.stream = stream{
		codecs: newCodecs(s.speaks()),
		events: dtmf.NewReceiver(sampleRate), detector: dtmf.NewDetector(sampleRate),
		ssrc: rand.Uint32(), sequence: uint16(rand.Uint32()), stamp: rand.Uint32(), marker: true,
		pcm: make([]int16, frameSamples), float: make([]float32, frameSamples),
	}
	s.become(service)
}

// become changes what the session does, in mid-call.
func (s *Session) become(service Service) {
	s.service, s.echo = service, echo{}
	s.act = acts[service](s)
}

// run owns the media: it reads packets until the next frame is due.
func (s *Session) run() {
	defer s.leave()
	buf := make([]byte, 2048)
	next := time.Now().Add(frameTime)
	s.report, s.last = next.Add(reportTime), next
	for {
		_ = s.rtp.SetReadDeadline(next)
		n, from, err := s.rtp.ReadFromUDPAddrPort(buf)
		switch {
		case err == nil:
			s.receive(buf[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
		case errors.Is(err, net.ErrClosed):
			return
		case !errors.Is(err, os.ErrDeadlineExceeded):
			// News of a port unreachable: the socket is whole.
		}
		now := time.Now()
		if now.Sub(next) > 10*frameTime {
			next = now // the machine slept: do not send a burst
		}
		for ; !now.Before(next); next = next.Add(frameTime) {
			s.tick(now)
		}
	}
}

// receive takes one RTP packet.
func (s *Session) receive(data []byte, from netip.AddrPort) {
	f := s.current()
	if data = f.opened(data); data == nil {
		return
	}
	var h rtp.Header
	n, err := h.Unmarshal(data)
	if f == nil || err != nil || h.Version != 2 || !s.admit(f, from) {
		return
	}
	s.last = time.Now()
	payload := data[n:]
	if h.Padding {
		if len(payload) == 0 || int(payload[len(payload)-1]) > len(payload) {
			return
		}
		payload = payload[:len(payload)-int(payload[len(payload)-1])]
	}
	if !s.known || s.peer != h.SSRC {
		s.known, s.peer = true, h.SSRC
		s.events.Reset()
		s.echo, s.heard = echo{}, reception{}
	}
	s.heard.count(h.SequenceNumber, h.Timestamp, time.Now())
	if h.PayloadType == f.events && f.events != 0 {
		if key := s.events.Receive(payload, h.Timestamp, h.Marker); key != 0 {
			s.byEvent = true
			s.digit(key, "event")
		}
		return
	}
	name, known := f.accept[h.PayloadType]
	if !known || len(payload) > maxPayload {
		return
	}
	if s.service == Echo {
		s.returned(f, &h, payload)
		return
	}
	s.listen(name, payload)
}

// maxPayload is 100 ms of G.711; nobody sends more in one packet.
const maxPayload = 800

// current is the flow in force. When the peer moves, where it was last seen is
// no guide any more.
func (s *Session) current() *flow {
	f := s.flow.Load()
	if f != s.agreed {
		if s.agreed != nil && s.agreed.remote != f.remote {
			s.source = netip.AddrPort{}
		}
		s.agreed = f
	}
	return f
}

// admit tells whether a packet comes from the peer: from where the session
// description says, or, once that has proved steady, from elsewhere.
func (s *Session) admit(f *flow, from netip.AddrPort) bool {
	if !s.reachable(from) {
		return false
	}
	if from != s.source && from != f.remote {
		if s.strange++; s.strange < followAfter {
			return false
		}
	}
	s.source, s.strange = from, 0
	return true
}

// listen looks for digits in the voice.
func (s *Session) listen(name codec.Name, payload []byte) {
	if s.byEvent || !s.service.listens() {
		return
	}
	pcm, err := s.codecs[name].Decode(s.pcm[:0], payload)
	if err != nil {
		return
	}
	s.pcm = pcm
	s.float = s.float[:0]
	for _, v := range pcm {
		s.float = append(s.float, float32(v)/32768)
	}
	s.detector.Write(s.float, func(key byte) { s.digit(key, "tone") })
}

func (s *Session) digit(key byte, method string) {
	if s.OnDigit != nil {
		s.OnDigit(Digit{Key: key, Method: method, Service: s.service})
	}
	s.act.digit(key)
}

// tick sends what is due every 20 ms.
func (s *Session) tick(now time.Time) {
	select {
	case key := <-s.pressed:
		s.digit(key, "info")
	default:
	}
	f := s.current()
	if f == nil || s.ended {
		return
	}
	if now.After(s.report) {
		s.report = now.Add(reportTime)
		s.sendReport(f, now)
	}
	if !f.receives {
		s.last = now // on hold
	} else if now.Sub(s.last) > maxSilence {
		s.finish(Done)
	}
	s.stamp += frameSamples
	if s.service == Echo {
		return // what comes is returned at once
	}
	if cap(s.pcm) < frameSamples {
		s.pcm = make([]int16, frameSamples)
	}
	frame := s.pcm[:frameSamples]
	clear(frame)
	s.act.frame(frame)
	if !f.sends {
		s.marker = true
		return
	}
	s.payload = s.codecs[f.send.codec].Encode(s.payload[:0], frame)
	s.sequence++
	s.send(f, &rtp.Header{Version: 2, Marker: s.marker, PayloadType: f.send.payloadType, SequenceNumber: s.sequence, Timestamp: s.stamp * ticks(f.send.codec), SSRC: s.ssrc}, s.payload)
	s.marker = false
}

// send writes a packet.
func (s *Session) send(f *flow, h *rtp.Header, payload []byte) {
	to := s.destination(f)
	if !to.IsValid() {
		return
	}
	size := h.MarshalSize()
	s.packet = append(s.packet[:0], make([]byte, size)...)
	if _, err := h.MarshalTo(s.packet); err != nil {
		return
	}
	s.packet = append(s.packet, payload...)
	if _, err := s.rtp.WriteToUDPAddrPort(f.sealed(s.packet), to); err == nil {
		s.sent.packets++
		s.sent.octets += uint32(len(payload))
		s.sent.stamp, s.sent.at = h.Timestamp, time.Now()
	}
}

// destination is where the peer's packets come from, or are said to.
func (s *Session) destination(f *flow) netip.AddrPort {
	if s.source.IsValid() {
		return s.source
	}
	return f.remote
}

// finish ends the call from the service's side.
func (s *Session) finish(o Outcome) {
	if s.ended {
		return
	}
	s.ended = true
	if s.OnEnd != nil {
		s.OnEnd(o)
	}
}
