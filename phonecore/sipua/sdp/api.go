package sdp

import (
	"net/netip"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

// Local is what we can do in one call.
type Local struct {
	// Addr and Port where we receive RTP.
	Addr netip.Addr
	Port uint16
	// Codecs in order of preference.
	Codecs []codec.Name
	// EventPayloadType offers telephone-event (RFC 4733) with this dynamic
	// payload type, 96 to 127; 0 offers none.
	EventPayloadType uint8
	// PacketTime that we like to receive; 0 means 20 ms.
	PacketTime time.Duration
	// Silence says that silence need not be sent, and offers comfort noise.
	Silence   bool
	Direction audio.Direction
	// ZeroHold asks for hold by c=0.0.0.0 (RFC 2543) beside the direction.
	ZeroHold bool
	// VoiceMetrics asks for reports on how the peer hears us (RFC 3611 section 5).
	VoiceMetrics bool
	// Encryption of the media.
	Encryption Encryption
}

// Agreed is what offer and answer fixed, from our side.
type Agreed struct {
	// Remote is where the peer receives; it is invalid while the peer holds
	// by c=0.0.0.0 or has switched the stream off.
	Remote netip.AddrPort
	// RemoteControl is where the peer wants RTCP (RFC 3605); invalid if it does
	// not say.
	RemoteControl netip.AddrPort
	// Mux puts RTCP on the port of RTP (RFC 5761); VoiceMetrics is what the peer
	// asks of our reports (RFC 3611 section 5).
	Mux, VoiceMetrics bool
	// Send is the format to send, Receive all that may arrive.
	Send    audio.Format
	Receive []audio.Format
	// The types of events and of comfort noise are those of audio.Params.
	EventSend, EventReceive, EventReceiveWide uint8
	EventSendWide                             bool
	NoiseSend, NoiseReceive                   uint8
	// PacketTime the peer asked for; 0 if it did not say.
	PacketTime time.Duration
	Direction  audio.Direction
	// RemoteHold is true when the peer has put us on hold.
	RemoteHold bool
	// Crypto holds the keys of encrypted media; nil is plain RTP.
	Crypto *audio.Crypto
}
