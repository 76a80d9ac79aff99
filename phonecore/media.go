package phonecore

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
)

// leg ties a call to its signalling and its voice.
type leg struct {
	sip    *sipua.Call
	stream audio.Stream
	// outside is how a router writes the stream's port, as far as that is known.
	outside netip.AddrPort
	local   sdp.Local
	agreed  *sdp.Agreed
	// encrypted: the stream runs with keys.
	encrypted bool
	// leaving: the far side has handed us on and is about to hang up.
	leaving bool
	legDigits
	t *timer
}

var errNoVoice = errors.New("the voice engine did not start; see the messages before this one")

// newLeg binds an RTP port for a call and fills in what we can do.
func (p *Phone) newLeg(c *call.Call) (*leg, error) {
	l := &leg{}
	p.legs[c] = l
	if p.voice == nil {
		return l, errNoVoice
	}
	var err error
	if l.stream, l.outside = p.takeSpare(); l.stream == nil {
		l.stream, err = p.voice.NewStream(p.streamConfig(nil))
	}
	if err != nil {
		l.stream = nil
		return l, err
	}
	l.local = p.media()
	l.place(p.agent.LocalAddr(c.Line))
	return l, nil
}

// media is what we can do in any call.
func (p *Phone) media() sdp.Local {
	l := sdp.Local{Codecs: p.codecs(), PacketTime: p.packetTime(), Silence: p.params.Bool("enable_vad")}
	l.VoiceMetrics = p.params.Bool("rtcp_xr")
	if p.params.Text("dtmf_outofband") != "none" {
		l.EventPayloadType = uint8(p.params.Int("dtmf_avt_payload"))
	}
	return l
}

// streamConfig is what is known of a call's voice before there is a call.
func (p *Phone) streamConfig(other func(netip.AddrPort, []byte)) audio.StreamConfig {
	return audio.StreamConfig{
		Local:    p.bind(),
		PortLow:  uint16(p.params.Int("start_media_port")),
		PortHigh: uint16(p.params.Int("end_media_port")),
		Other:    other,
	}
}

// direct makes the description that a leg offers say whether its call is on
// hold, as RFC 3264 section 8.4 has it or, for peers of the guide's time, by
// c=0.0.0.0 as well (guide B-17, RFC 2543 appendix B.5).
func (p *Phone) direct(l *leg, c *call.Call) {
	l.local.Direction = directionOf(c)
	l.local.ZeroHold = c.State == call.Held && p.params.Text("sip_profile") == "rfc2543"
}

// packetTime is what we send and like to receive.
func (p *Phone) packetTime() time.Duration {
	return time.Duration(p.params.Int("packet_time")) * time.Millisecond
}

// A peer that asks for shorter or longer packets gets these.
const (
	shortestPacket = 10 * time.Millisecond
	longestPacket  = 60 * time.Millisecond
)

// sentTime is the time of the packets that a call sends: what the peer asked
// for, as far as the codec can.
func (p *Phone) sentTime(a *sdp.Agreed) time.Duration {
	wanted := p.packetTime()
	if a == nil {
		return wanted
	}
	if a.PacketTime > 0 {
		wanted = min(max(a.PacketTime, shortestPacket), longestPacket)
	}
	if info, ok := codec.Lookup(a.Send.Codec); ok {
		return info.PacketTime(wanted)
	}
	return wanted
}

// codecNames maps preferred_codec and codecs to the names of SDP.
var codecNames = map[string]codec.Name{
	"g711ulaw": codec.PCMU,
	"g711alaw": codec.PCMA,
	"g729a":    codec.G729,
	"g722":     codec.G722,
	"opus":     codec.Opus,
}

// codecs are those that a call may have and that are built in, the preferred
// one first whether or not the list names it.
func (p *Phone) codecs() (list []codec.Name) {
	for _, name := range append([]string{p.params.Text("preferred_codec")}, strings.Fields(p.params.Text("codecs"))...) {
		n := codecNames[name]
		if _, ok := codec.Lookup(n); ok && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// directionOf is the direction that we want for a call.
func directionOf(c *call.Call) audio.Direction {
	if c.State == call.Held {
		return audio.SendOnly
	}
	return audio.SendRecv
}

// applyMedia starts the stream with what offer and answer agreed on, or
// changes it. A call that we hold is silent in both directions at once,
// whatever the peer has agreed to so far.
func (p *Phone) applyMedia(c *call.Call) {
	l := p.legs[c]
	if l == nil || l.stream == nil || l.agreed == nil {
		return
	}
	a := l.agreed
	params := audio.Params{
		Remote:        a.Remote,
		RemoteControl: a.RemoteControl,
		Mux:           a.Mux,
		VoiceMetrics:  a.VoiceMetrics,
		Send:          a.Send,
		Receive:       a.Receive,
		PacketTime:    p.sentTime(a),
		Direction:     a.Direction,
		EventSend:     a.EventSend,
		EventReceive:  a.EventReceive,
		DSCP:          uint8(p.params.Int("tos_media")) << 3, // IP precedence as class selector, RFC 2474 section 4.2.2
		Crypto:        a.Crypto,

		EventSendWide:    a.EventSendWide,
		EventReceiveWide: a.EventReceiveWide,
		Silence:          l.local.Silence,
		NoiseSend:        a.NoiseSend,
		NoiseReceive:     a.NoiseReceive,
	}
	p.chooseDTMF(l, c, &params)
	switch {
	case c.State == call.Held, c.Background:
		params.Direction = audio.Inactive
	case c.State != call.Connected: // early media is heard, not answered
		params.Direction = audio.RecvOnly
	}
	if l.sip != nil {
		l.sip.Farewell = p.farewell(l)
	}
	err := l.stream.Start(params)
	if err != nil {
		(*signals)(p).Trouble(err)
	}
	l.encrypted = err == nil && a.Crypto != nil
	p.recordIfAll(c)
}

func (p *Phone) closeLeg(l *leg) {
	l.t.stop()
	if l.stream != nil {
		p.keepStatistics(l)
		if err := l.stream.Close(); err != nil {
			p.log.Warn("closing a stream", "cause", err)
		}
		l.stream = nil
	}
}
