package phonecore

import (
	"log/slog"
	"net/netip"
	"time"

	"deskset/audio"
	"deskset/phonecore/boot"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua"
	"deskset/provisioning/param"
)

// Load is the name of this program as an image: what Firmware Versions shows
// as Application Load ID and image_version is compared with.
const Load = "DS79-0-1-0"

// BootLoad is the Boot Load ID; it never changes.
const BootLoad = "DSBOOT-1"

// Config is what a phone is made of. Everything that touches the world is
// given to it, so that a test can give it another world.
type Config struct {
	// Flash keeps what survives a restart; see flash.Memory for none.
	Flash *flash.Flash
	// Local are the layers above the configuration files: settings file,
	// environment, flags, weakest first.
	Local []param.Layer
	// Network serves the start-up.
	Network boot.Network
	// Audio makes the voice; notify may be called from any goroutine.
	Audio func(notify func(audio.Notice)) (audio.Engine, error)
	// Transport opens the SIP transports on a local port.
	Transport func(TransportConfig) (sipua.Transport, error)
	// Bind is the address to listen on for SIP and RTP; an invalid one means
	// all. The lab's phone listens on loopback only.
	Bind netip.Addr
	// Now is the wall clock of the status row; nil is time.Now. Timers always
	// follow package time, which testing/synctest makes virtual.
	Now func() time.Time
	// Pace is how long each step of the start-up stays readable; 0 is as fast
	// as it goes, without the lamp show.
	Pace time.Duration
	// Wrap breaks text into the lines of the LCD, so that scrolling knows
	// where a text ends; nil leaves it as it is.
	Wrap func([]string) []string
	// IdleHint is a line for the idle screen, e.g. what the lab offers.
	IdleHint string
	// Trace sees every SIP message, with credentials masked.
	Trace func(direction, network string, remote netip.AddrPort, message []byte)
	// Log gets one record per event; nil discards.
	Log *slog.Logger
}

// TransportConfig tells what the SIP transports listen on.
type TransportConfig struct {
	// Local is Config.Bind.
	Local netip.Addr
	// Port is voip_control_port.
	Port uint16
	Log  *slog.Logger
}
