package main

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"deskset/faceplate"
	"deskset/phonecore/flash"
	"deskset/phonecore/text"
)

// appID names the program to the desktop; FyneApp.toml says the same.
const appID = "io.github.deskset.Deskset"

// runWindow shows the phone in a window until it is closed or ctx ends.
func (d *deskset) runWindow(ctx context.Context, o *options) error {
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: text.Get(text.Product), Migrations: map[string]bool{"fyneDo": true}})
	a := app.NewWithID(appID)
	w := faceplate.NewWindow(a, d.phone, faceplate.Options{
		Title: text.Get(text.Product), Compact: o.compact, OnTop: o.onTop,
		Store: flashStore{d.flash},
	})
	phoneCtx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	var runErr error
	workers.Go(func() { runErr = d.phone.Run(phoneCtx) })
	views := d.phone.Subscribe()
	workers.Go(func() {
		for v := range views {
			w.Show(v)
		}
	})
	closed := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	w.ShowAndRun()
	closed()
	stop()
	workers.Wait()
	return runErr
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
