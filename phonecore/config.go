package phonecore

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/netip"
	"time"

	"deskset/audio"
	"deskset/phonecore/boot"
	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/phonecore/services"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/provisioning/netstat"
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
	// Network serves the start-up, Beyond what this machine can beyond it.
	Network boot.Network
	Beyond  boot.Beyond
	// Images are the two image slots; nil without.
	Images image.Slots
	// Audio makes the voice; notify may be called from any goroutine.
	Audio func(notify func(audio.Notice)) (audio.Engine, error)
	// Web makes the client for services and the external directory; nil is
	// services.NewClient.
	Web func(services.Options) Web
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
	// Recordings is the folder for recorded calls where record_folder names none.
	Recordings string
	// Language is what the computer speaks, as a tag or a locale: "de_DE.UTF-8".
	// A person's choice and the parameter language come before it.
	Language string
	// FirstRun says when a person is led through the first steps.
	FirstRun FirstRun
	// StartLab starts the embedded lab on request and gives what changes in
	// this Config by it; nil where there is no lab. It runs beside the loop.
	StartLab func(context.Context) (func(*Config), error)
	// Certificate is shown to SIP servers that ask for one; nil is none.
	Certificate *tls.Certificate
	// Authorities is the file of tls_ca_file where that is one of this computer.
	Authorities []byte
	// Resolver finds SIP servers by name; nil asks DNS.
	Resolver sipua.Resolver
	// IdleHint is a line for the idle screen, e.g. what the lab offers; it is
	// said in the language of the display, which is chosen later.
	IdleHint text.ID
	// Watch calls tell when the host has another network, or has slept, until
	// ctx ends; nil is a host to which nothing happens. See hostwatch.
	Watch func(ctx context.Context, tell func())
	// NetStat reads the counters of an interface, beside the loop; nil is
	// netstat.Read.
	NetStat func(name string) (netstat.Reading, error)
	// Trace sees every SIP message, with credentials masked; see sipua.Options.
	Trace func(direction, network string, local, remote netip.AddrPort, message []byte)
	// Log gets one record per event; nil discards.
	Log *slog.Logger

	// rand gives the numbers for jitter, so that a test can have the same ones
	// again; nil is sipua's default.
	rand func() float64
}

// FirstRun says when the guided first run is shown.
type FirstRun uint8

// Never, on a phone that nobody has set up and no server serves, or at each
// start.
const (
	FirstRunNever FirstRun = iota
	FirstRunIfEmpty
	FirstRunAlways
)

// TransportConfig tells what the SIP transports listen on.
type TransportConfig struct {
	// Local is Config.Bind.
	Local netip.Addr
	// Port is voip_control_port.
	Port uint16
	// Trust checks the certificates of servers.
	Trust *sipua.Trust
	Log   *slog.Logger
}
