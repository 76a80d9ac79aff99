package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"deskset/app/lab"
	"deskset/app/trace"
	"deskset/audio"
	"deskset/faceplate/lcd"
	"deskset/phonecore"
	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/provisioning/link"
	"deskset/provisioning/param"
)

// pace is how long each stage of the start-up stays readable.
const pace = 600 * time.Millisecond

// deskset is the program's parts: the phone and what it stands on.
type deskset struct {
	phone *phonecore.Phone
	flash *flash.Flash
	// recordings is the folder for them where none is set.
	recordings string
	lab        *lab.Lab  // nil without
	port       link.Port // the phone's own, nil without
	trace      *trace.Trace
	closers    closers
	log        *slog.Logger
}

// build opens flash, lab and trace, and makes the phone; it does not run yet.
func build(ctx context.Context, o *options, log *slog.Logger) (*deskset, error) {
	if err := checkSoundFiles(o); err != nil {
		return nil, err
	}
	d := &deskset{log: log}
	if err := d.openFlash(o, log); err != nil {
		return nil, err
	}
	config := phonecore.Config{Flash: d.flash, Recordings: d.recordings, Local: o.local, Pace: pace, Wrap: lcd.Wrap, Language: o.language, FirstRun: o.firstSteps(), Log: log}
	if o.fast {
		config.Pace = 0
	}
	if o.lab {
		point, err := d.startLab(ctx, o, log)
		if err != nil {
			return nil, errors.Join(err, d.close())
		}
		point(&config)
	}
	if o.trace != "" {
		if err := d.openTrace(o, log); err != nil {
			return nil, errors.Join(err, d.close())
		}
		config.Trace = d.trace.SIP()
	}
	if err := d.openImages(&config, log); err != nil {
		return nil, errors.Join(err, d.close())
	}
	set, _ := param.Merge(param.ProfileGuide, config.Local...)
	d.openNetwork(&config, set, log)
	var err error
	if config.Certificate, err = certificate(set); err != nil {
		return nil, errors.Join(err, d.close())
	}
	if config.Authorities, err = authorities(set); err != nil {
		return nil, errors.Join(err, d.close())
	}
	if d.lab == nil {
		config.StartLab = func(ctx context.Context) (func(*phonecore.Config), error) { return d.labOnRequest(ctx, o, log) }
	}
	d.tracePort(&config)
	config.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
		return newEngine(o, set, d.trace.Voice(), notify, log)
	}
	config.Transport = func(t phonecore.TransportConfig) (sipua.Transport, error) {
		return sipua.NewTransport(sipua.TransportOptions{Local: t.Local, Port: t.Port, Trust: t.Trust, Log: t.Log})
	}
	d.phone = phonecore.New(config)
	return d, nil
}

func (d *deskset) close() error {
	err := d.closers.close()
	if d.port != nil {
		err = errors.Join(err, d.port.Close())
	}
	return err
}

// openFlash opens the phone's memory. The lab's phone has one of its own that
// is gone afterwards, so that trying things out changes nothing.
func (d *deskset) openFlash(o *options, log *slog.Logger) error {
	if o.lab && o.flashDir == "" {
		d.flash = flash.Memory()
		return d.labRecordings()
	}
	dir := o.flashDir
	if dir == "" {
		var err error
		if dir, err = flash.DefaultDir(); err != nil {
			return err
		}
	}
	f, err := flash.Open(dir, log)
	if err != nil {
		return err
	}
	d.flash = f
	d.recordings = filepath.Join(dir, "recordings")
	d.closers = append(d.closers, f)
	return nil
}

// labRecordings keeps the lab's recordings until it ends.
func (d *deskset) labRecordings() (err error) {
	if d.recordings, err = os.MkdirTemp("", "deskset-recordings-"); err == nil {
		d.closers = append(d.closers, folder(d.recordings))
	}
	return err
}

// folder is removed when it is closed.
type folder string

func (f folder) Close() error { return os.RemoveAll(string(f)) }

// openImages opens the image slots. Their first image is this program.
func (d *deskset) openImages(config *phonecore.Config, log *slog.Logger) error {
	store, err := image.Open(d.flash, image.Info{Name: phonecore.Load}, log)
	if err != nil {
		return err
	}
	config.Images = store
	return nil
}

// startLab starts the embedded network and gives what points the phone at it.
// What the user says by flag still wins.
func (d *deskset) startLab(ctx context.Context, o *options, log *slog.Logger) (point func(*phonecore.Config), err error) {
	// The lab outlives ctx: the phone still has to say goodbye to it.
	l, err := lab.Start(context.WithoutCancel(ctx), lab.Options{
		Log: log, Image: phonecore.Load, Fault: o.labFault, Root: o.labRoot, Upgrade: o.labUpgrade, Backup: o.labBackup,
	})
	if err != nil {
		return nil, err
	}
	d.lab = l
	d.closers = append(d.closers, l)
	own := param.Layer{Origin: param.FromSettings, Name: "lab", Entries: []param.Entry{
		{Name: "mac", Text: l.MAC()},
	}}
	return func(config *phonecore.Config) {
		config.Local = append([]param.Layer{own}, config.Local...)
		if !o.account {
			config.Bind = l.Proxy().Addr()
		}
		config.IdleHint = text.PlugHint
	}, nil
}
