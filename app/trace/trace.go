// Package trace writes down what the phone sends and receives, for people who
// look for a fault or learn how a phone starts up: as a pcapng file for
// Wireshark, or SIP alone as text.
//
//	t, err := trace.Open("out.pcapng", trace.Options{Program: "Deskset"})
//	defer t.Close()
//	config.Trace = t.SIP()
//
// Nothing is captured: each part of the phone that has a socket tells what
// passes through it, by a hook that stands in the file named after it here
// (sip.go, tftp.go, http.go, voice.go, link.go). Hence a trace needs no rights,
// holds nobody else's packets, and shows SIP inside TLS and files inside HTTPS
// in clear; on the other hand it has no TCP, no ARP of the host and no DNS, and
// the headers of IP and UDP are made up from what the socket knows.
//
// The hooks hide secrets (mask.go) before anything is queued. A goroutine puts
// what was queued in the order of time and writes it (capture.go): as datagrams,
// Ethernet frames or exported PDUs (packet.go) in blocks (pcapng.go). No hook
// waits for the file. What it cannot keep up with is lost, and the file says so.
package trace

import (
	"cmp"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
)

// Options of a trace.
type Options struct {
	// Program that writes it, for the file's header.
	Program string
	// Digits leaves in clear the digits that are dialled during a call, which
	// may be PINs: telephone-events (RFC 4733) and the bodies of SIP INFO. Digits
	// that are sent as tones can be heard in the voice in any case.
	Digits bool
	// Log gets errors of the file; nil discards.
	Log *slog.Logger

	max int // bytes, for tests
}

// Trace is an open trace. Its methods give the hooks for the parts of the phone;
// one that the trace has no use for is nil. A nil Trace has none.
type Trace struct {
	capture *capture
	text    *textFile
}

// Open begins a trace: a new file for Wireshark if the name ends in ".pcapng",
// else SIP as text, appended to what is there. Either has 64 MiB at most.
func Open(path string, o Options) (*Trace, error) {
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	t := &Trace{}
	var err error
	if strings.EqualFold(filepath.Ext(path), ".pcapng") {
		t.capture, err = openCapture(path, o)
	} else {
		t.text, err = openText(path, o)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Close writes what is left and tells whether all could be written. Hooks may
// still be called, to no effect.
func (t *Trace) Close() error {
	if t.text != nil {
		return t.text.Close()
	}
	return t.capture.Close()
}

// SIP is the hook of phonecore.Config.Trace.
func (t *Trace) SIP() func(direction, network string, local, remote netip.AddrPort, message []byte) {
	switch {
	case t == nil:
		return nil
	case t.text != nil:
		return t.text.message
	}
	return t.capture.sip
}

// file is nil where there is no pcapng file.
func (t *Trace) file() *capture {
	if t == nil {
		return nil
	}
	return t.capture
}
