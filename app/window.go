package main

import (
	"context"
	"path/filepath"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"deskset/faceplate"
	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// appID names the program to the desktop; FyneApp.toml says the same.
const appID = "io.github.deskset.Deskset"

// runWindow shows the phone in a window until it is closed or ctx ends. feed
// gives the window what it is to show; nil is all that the phone shows.
func (d *deskset) runWindow(ctx context.Context, o *options, feed func(ctx context.Context, show func(view.View))) error {
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: text.Get(text.Product), Migrations: map[string]bool{"fyneDo": true}})
	a := app.NewWithID(appID)
	w := faceplate.NewWindow(a, d.phone, faceplate.Options{
		Title: o.title(), Compact: o.compact, OnTop: o.onTop, StartUpPanel: o.panel,
		Store: flashStore{d.flash},
	})
	phoneCtx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	var runErr error
	workers.Go(func() { runErr = d.phone.Run(phoneCtx) })
	if feed == nil {
		feed = d.showAll
		defer d.takeOver(o, w)()
	}
	workers.Go(func() { feed(phoneCtx, w.Show) })
	closed := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	w.ShowAndRun()
	closed()
	stop()
	workers.Wait()
	return runErr
}

// title is the window's: who is being traced sees it.
func (o *options) title() string {
	if o.trace != "" {
		return text.Get(text.Product) + ": " + filepath.Base(o.trace)
	}
	return text.Get(text.Product)
}

// showAll shows what the phone shows, until it ends.
func (d *deskset) showAll(_ context.Context, show func(view.View)) {
	for v := range d.phone.Subscribe() {
		show(v)
	}
}

// flashStore keeps the window's size and place in the phone's flash.
type flashStore struct{ flash *flash.Flash }

const blobWindow = "window"

// Get implements faceplate.Store.
func (s flashStore) Get() []byte {
	data, err := s.flash.Get(blobWindow)
	if err != nil {
		return nil // a window of the usual size is no harm
	}
	return data
}

// Put implements faceplate.Store.
func (s flashStore) Put(data []byte) {
	// A place that could not be kept is forgotten, which harms nobody.
	_ = s.flash.Put(blobWindow, data)
}
