package audio

import (
	"net/netip"
	"time"

	"deskset/audio/codec"
	"deskset/audio/tone"
)

// Path is where the call is heard and spoken.
type Path uint8

// The three transducers of the instrument, and none: on hook.
const (
	PathNone Path = iota
	PathHandset
	PathHeadset
	PathSpeaker
)

// String names the path as the LCD and the settings do.
func (p Path) String() string {
	switch p {
	case PathHandset:
		return "handset"
	case PathHeadset:
		return "headset"
	case PathSpeaker:
		return "speaker"
	}
	return "none"
}

// Role is what a sound device is used for; each has a device and a volume of
// its own.
type Role uint8

// The roles. The first three follow Path.
const (
	RoleHandset Role = iota
	RoleHeadset
	RoleSpeaker
	RoleRinger
	NumRoles
)

// String names the role as the settings do.
func (r Role) String() string {
	switch r {
	case RoleHandset:
		return "handset"
	case RoleHeadset:
		return "headset"
	case RoleSpeaker:
		return "speaker"
	case RoleRinger:
		return "ringer"
	}
	return "none"
}

// MaxVolume is the highest step of every volume; 0 is the lowest, which is
// silent for the ringer only.
const MaxVolume = 15

// Direction is the way media flows, from our point of view (RFC 3264 section 5.1).
type Direction uint8

// The directions. The zero value is the SDP default.
const (
	SendRecv Direction = iota
	SendOnly
	RecvOnly
	Inactive
)

// Sends tells whether we may send media.
func (d Direction) Sends() bool { return d == SendRecv || d == SendOnly }

// Receives tells whether we play what arrives.
func (d Direction) Receives() bool { return d == SendRecv || d == RecvOnly }

// Format is a codec with the payload type agreed for it.
type Format struct {
	Codec       codec.Name
	PayloadType uint8
	// Fmtp is what the peer said of the format that it receives.
	Fmtp codec.Fmtp
}

// Params is what an offer and an answer agreed on for one stream.
type Params struct {
	// Remote is where RTP goes. Packets that arrive from elsewhere are
	// followed (symmetric RTP) after they prove steady.
	Remote netip.AddrPort
	// RemoteControl is where RTCP goes; an invalid one means the port above that
	// of RTP (RFC 3550 section 11).
	RemoteControl netip.AddrPort
	// Send is the format that we send.
	Send Format
	// Receive lists every format that may arrive.
	Receive []Format
	// PacketTime of what we send; 0 means 20 ms.
	PacketTime time.Duration
	Direction  Direction
	// EventSend and EventReceive are the payload types of telephone-event
	// (RFC 4733) towards and from the peer; 0 means none was agreed. They count
	// 8000 Hz, EventReceiveWide, and EventSend if EventSendWide, 48000 (an event's
	// clock is that of the voice beside it, section 2.1).
	EventSend, EventReceive, EventReceiveWide uint8
	EventSendWide                             bool
	// Silence lets nothing be sent in silence (enable_vad).
	Silence bool
	// NoiseSend and NoiseReceive are the payload types of comfort noise (RFC 3389)
	// towards and from the peer; 0 means none was agreed.
	NoiseSend, NoiseReceive uint8
	// Inband lets digits be sent as tones in the voice.
	Inband bool
	// HearTones looks for digits in the peer's voice, until it sends events.
	HearTones bool
	// InbandLevel in dB relative to nominal, -6 to +6 (dtmf_db_level).
	InbandLevel int
	// DSCP marks the packets, 0 to 63 (tos_media).
	DSCP uint8
	// Crypto encrypts the stream; nil is plain RTP.
	Crypto *Crypto
	// Mux puts RTCP on the port of RTP, both ways (RFC 5761).
	Mux bool
	// VoiceMetrics lets our reports tell the peer how we hear it (RFC 3611 section
	// 4.7), as it has asked.
	VoiceMetrics bool
}

// StreamConfig is what is known of a stream before the peer has answered.
type StreamConfig struct {
	// Local is the address to bind; an invalid address means all.
	Local netip.Addr
	// PortLow and PortHigh bound the RTP port, both inclusive; RTP takes even
	// ports, RTCP the next. Zero means 16384 to 32766.
	PortLow, PortHigh uint16
	// Digit is called for each digit that the peer sends by telephone-event or,
	// with Params.HearTones, in its voice, once, when it begins. It is called on
	// the way of the voice: it must not block or allocate.
	Digit func(digit byte)
	// Other is called for each datagram on the RTP port that can be neither RTP
	// nor RTCP. It must not block or keep the datagram. Nil is none.
	Other func(from netip.AddrPort, datagram []byte)
	// Tap is shown every packet that was sent or has arrived, for a trace. It
	// is called on the way of the voice: it must not block, allocate or keep
	// the packet's data. Nil is none.
	Tap func(Packet)
}

// Packet is one datagram of a stream.
type Packet struct {
	Out bool
	// Control is RTCP, otherwise RTP.
	Control bool
	// Event is the payload type of telephone-event in this direction; 0 is none.
	Event uint8
	// DSCP that it was sent with; 0 if it has arrived.
	DSCP uint8
	// Local may have an unspecified address: that of a socket bound to all.
	Local, Remote netip.AddrPort
	Data          []byte
}

// Stats of a stream, all counted from its start.
type Stats struct {
	PacketsSent, PacketsReceived uint64
	PacketsLost, PacketsLate     uint64
	BytesSent, BytesReceived     uint64
	Concealed                    uint64 // milliseconds of made-up voice
	Jitter                       time.Duration
	BufferDepth                  time.Duration
	LevelIn, LevelOut            int // dBm0 of the last 100 ms; -127 is silence
	PeakIn, PeakOut              int // dBm0 of the loudest 100 ms of the last second
	RoundTrip                    time.Duration
	Send                         Format
	Receive                      Format
	Remote                       netip.AddrPort
	LastReceived                 time.Duration // since the last packet; 0 if none yet
	Duplicates                   uint64
	// OctetsSent and OctetsReceived count payload only, Sending and Receiving how
	// long it is since the first packet.
	OctetsSent, OctetsReceived uint64
	Sending, Receiving         time.Duration
	// JitterTicks is Jitter in units of RTP timestamps.
	JitterTicks uint32
	Quality     Quality
	Far         Far
	Heard       HeardDigits // the last that the peer has sent
}

// Stream is the media of one call. Methods return at once and are called from
// the phone's event loop only.
type Stream interface {
	// LocalPort is the bound RTP port.
	LocalPort() uint16
	// Start begins media, or changes what was agreed in mid-call.
	Start(Params) error
	// DigitDown begins a digit '0'-'9', '*', '#', 'A'-'D' by the agreed
	// method; DigitUp ends it. A digit lasts at least 100 ms.
	DigitDown(digit byte)
	DigitUp()
	Stats() Stats
	// Close ends the stream and frees its ports.
	Close() error
}

// OtherSender is what a Stream may be besides: one that sends what is no RTP from
// its RTP port, as finding out its address beyond a router takes (RFC 8489).
type OtherSender interface {
	SendOther(to netip.AddrPort, datagram []byte) error
}

// Engine is the voice of one phone. Methods return at once: what takes time
// (opening a device) happens behind them and is told through Notify.
type Engine interface {
	// NewStream binds a port; it sounds once started, on the current path.
	NewStream(StreamConfig) (Stream, error)
	// Bridge makes a conference of these streams and of no others: each hears the
	// rest beside the person, whatever their codecs. With none it ends.
	Bridge(...Stream)
	// Route selects the transducer. PathNone closes the microphone.
	Route(Path)
	// Mute stops the microphone: silence is sent.
	Mute(bool)
	// Tone plays a call-progress tone on the current path until it is
	// replaced; tone.None stops it.
	Tone(tone.Name)
	// Key plays a dial-pad tone to the local ear until KeyUp; digit as in
	// Stream.DigitDown.
	KeyDown(digit byte)
	KeyUp()
	// Ring plays a ring by name on the ringer device until StopRing.
	Ring(name string)
	StopRing()
	// SetVolume of a role, 0 to MaxVolume.
	SetVolume(Role, int)
	Close() error
}

// RingTaker is what an Engine may be besides: one that knows rings from files
// (guide 2-22) beside those that are built in.
type RingTaker interface {
	// SetRings replaces them, tone.MaxRings at most; Ring plays them by name.
	// The one that rings rings on.
	SetRings([]tone.Ring) error
}

// CountryTaker is what an Engine may be besides: one that plays the tones of
// several countries.
type CountryTaker interface {
	// SetCountry counts from the next Tone on.
	SetCountry(tone.Country)
}

// Hop is where the voice leaves or enters the machine: the microphone or the
// ear of the path in use.
type Hop struct {
	// Device in use now; empty if there is none.
	Device string
	// Err says what is wrong with it; nil if all is well or none is wanted.
	Err error
	// Samples that the device has moved so far: they stand still when it does.
	Samples uint64
	// Underruns counts the holes since a path was chosen: the device did without
	// us, or we without it.
	Underruns uint64
	// Level and Peak in dBm0, as in Stats: the microphone's ahead of mute, the
	// ear's behind the volume.
	Level, Peak int
}

// Hops are both of them.
type Hops struct{ Microphone, Ear Hop }

// Prober is what an Engine may be besides: one that knows its hops. Hops
// returns at once.
type Prober interface{ Hops() Hops }

// Device is a sound device as a person chooses it.
type Device struct {
	// Name is what a person reads, and opens the device unless others share it;
	// ID does always.
	Name, ID string
	// Capture marks a microphone; the others are loudspeakers.
	Capture bool
}

// DeviceChooser is what an Engine may be besides: one whose devices can be
// chosen while it runs.
type DeviceChooser interface {
	// ListDevices may take two seconds: it is not for an event loop.
	ListDevices() ([]Device, error)
	// ChooseDevices binds a role to devices by their names or IDs, at once if it
	// is in use; empty is the system's.
	ChooseDevices(r Role, playback, capture string)
}

// Where tells on which paths something is done to the voice. The zero value is
// nowhere.
type Where uint8

// The choices.
const (
	Nowhere Where = iota
	OnSpeaker
	Everywhere
)

// On tells whether it is done on the speaker's path, or on another one.
func (w Where) On(speaker bool) bool { return w == Everywhere || w == OnSpeaker && speaker }

// Processing is what is done to the voice between microphone and network.
type Processing struct {
	// Echo takes out of the microphone what the loudspeaker says, Noise what the
	// room hums, Gain brings a voice to its level.
	Echo, Noise, Gain Where
	// SideTone is the level in dB, below zero, at which a person hears himself,
	// by role; 0 is not at all. It is left out where the role's device is the
	// speaker's.
	SideTone [NumRoles]int
}

// VoiceProcessor is what an Engine may be besides: one that processes the voice.
type VoiceProcessor interface {
	// Process counts at once, and also in a call.
	Process(Processing)
}

// Notice is something the engine tells the phone: a device lost, another used
// instead, no device at all.
type Notice struct {
	Role Role
	// Capture tells that it is about the microphone, else the loudspeaker.
	Capture bool
	// Device in use now; empty if there is none.
	Device string
	// Err says what is wrong; nil when all is well, again or with another device
	// that the system has made its default.
	Err error
}
