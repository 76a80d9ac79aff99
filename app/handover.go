package main

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"deskset/app/instance"
	"deskset/faceplate"
	"deskset/phonecore/flash"
)

// linkSchemes are the links that the program is started with when somebody
// clicks on one (packaging/linux: MimeType).
var linkSchemes = []string{"tel:", "sip:", "sips:", "callto:"}

func isLink(s string) bool {
	for _, scheme := range linkSchemes {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}

// labKey names phones with a flash in memory.
const labKey = "lab"

// phoneKey names this phone among those that a person may run: by its flash.
func (o *options) phoneKey() (string, error) {
	if o.lab && o.flashDir == "" {
		return labKey, nil
	}
	if o.flashDir == "" {
		return flash.DefaultDir()
	}
	return filepath.Abs(o.flashDir)
}

// handOver lets the phone that runs already take the link, or show its window,
// and tells whether there was one. Whoever asks for anything else by flags wants
// another phone, and so does who starts a second lab.
func (o *options) handOver() bool {
	key, err := o.phoneKey()
	if err != nil || !o.plain || o.terminal || key == labKey && o.link == "" {
		return false
	}
	return instance.Hand(key, o.link)
}

// takeOver waits for what later starts hand over.
func (d *deskset) takeOver(o *options, w *faceplate.Window) (stop func()) {
	key, err := o.phoneKey()
	var listener *instance.Listener
	if err == nil {
		listener, err = instance.Listen(key, func(link string) {
			if link != "" {
				d.phone.Link(link)
			}
			fyne.Do(func() {
				w.Window().Show()
				w.Window().RequestFocus()
			})
		})
	}
	if err != nil {
		d.log.Info("links will open a phone of their own", "cause", err)
		return func() {}
	}
	return func() { _ = listener.Close() }
}
