package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"deskset/app/lab"
	"deskset/audio"
	"deskset/faceplate/lcd"
	"deskset/phonecore"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
	"deskset/provisioning/tftp"
)

// pace is how long each stage of the start-up stays readable.
const pace = 600 * time.Millisecond

// maxProvisioned bounds each file of the start-up; the largest seen in the
// wild has 25 kB.
const maxProvisioned = 1 << 20

// deskset is the program's parts: the phone and what it stands on.
type deskset struct {
	phone   *phonecore.Phone
	flash   *flash.Flash
	closers closers
}

// build opens flash, lab and trace, and makes the phone; it does not run yet.
func build(ctx context.Context, o *options, log *slog.Logger) (*deskset, error) {
	if err := checkSoundFiles(o); err != nil {
		return nil, err
	}
	d := &deskset{}
	if err := d.openFlash(o, log); err != nil {
		return nil, err
	}
	config := phonecore.Config{Flash: d.flash, Local: o.local, Pace: pace, Wrap: lcd.Wrap, Log: log}
	if o.fast {
		config.Pace = 0
	}
	if o.lab {
		if err := d.startLab(ctx, o, log, &config); err != nil {
			return nil, errors.Join(err, d.close())
		}
	}
	if o.trace != "" {
		t, err := openTrace(o.trace)
		if err != nil {
			return nil, errors.Join(err, d.close())
		}
		d.closers = append(d.closers, t)
		config.Trace = t.message
	}
	set, _ := param.Merge(param.ProfileGuide, config.Local...)
	config.Network = &hostNetwork{name: set.Text("network_interface"), client: tftp.Client{MaxSize: maxProvisioned, Log: log}}
	config.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
		return newEngine(o, set, notify, log)
	}
	config.Transport = func(t phonecore.TransportConfig) (sipua.Transport, error) {
		return sipua.NewTransport(sipua.TransportOptions{Local: t.Local, Port: t.Port, Log: t.Log})
	}
	d.phone = phonecore.New(config)
	return d, nil
}

func (d *deskset) close() error { return d.closers.close() }

// openFlash opens the phone's memory. The lab's phone has one of its own that
// is gone afterwards, so that trying things out changes nothing.
func (d *deskset) openFlash(o *options, log *slog.Logger) error {
	if o.lab && o.flashDir == "" {
		d.flash = flash.Memory()
		return nil
	}
	dir := o.flashDir
	if dir == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return fmt.Errorf("no place for the phone's flash (%w); name one with -flash", err)
		}
		dir = filepath.Join(config, "deskset", "flash")
	}
	f, err := flash.Open(dir, log)
	if err != nil {
		return err
	}
	d.flash = f
	d.closers = append(d.closers, f)
	return nil
}

// startLab starts the embedded network and points the phone at it. What the
// user says by flag still wins.
func (d *deskset) startLab(ctx context.Context, o *options, log *slog.Logger, config *phonecore.Config) error {
	// The lab outlives ctx: the phone still has to say goodbye to it.
	l, err := lab.Start(context.WithoutCancel(ctx), lab.Options{Log: log, Image: phonecore.Load, Fault: o.labFault})
	if err != nil {
		return err
	}
	d.closers = append(d.closers, l)
	own := param.Layer{Origin: param.FromSettings, Name: "lab", Entries: []param.Entry{
		{Name: "tftp_server", Text: l.TFTP().String()},
		{Name: "mac", Text: l.MAC()},
	}}
	config.Local = append([]param.Layer{own}, config.Local...)
	if !o.account {
		config.Bind = l.Proxy().Addr()
	}
	config.IdleHint = text.Get(text.PlugHint)
	return nil
}
