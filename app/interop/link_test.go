//go:build linux

package interop_test

import (
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/phonecore/view"
)

// TestLinkIsHandedToTheRunningPhone: a click on a link, and on the icon, while
// the phone runs. The number is on the display, not dialled; Dial dials it.
func TestLinkIsHandedToTheRunningPhone(t *testing.T) {
	x := interop.StartXvfb(t)
	phone, window := interop.StartDesksetWindow(t, interop.DesksetConfig{Args: []string{"-lab"}}, x)
	interop.WaitFor(t, 30*time.Second, "the start-up to end", func() bool { return strings.Contains(phone.Journal(), "Started in") })
	waitTitle(t, window, "Deskset: ")
	window.WaitStill()
	for _, args := range [][]string{nil, {"tel:1"}} {
		if !phone.Again(t, x, args...) {
			t.Fatalf("the second start with %q did not end well", args)
		}
	}
	interop.WaitFor(t, 5*time.Second, "the link to arrive", func() bool { return strings.Contains(phone.Journal(), "a link was handed over") })
	if strings.Contains(phone.Trace(), "INVITE sip:") {
		t.Error("it was dialled")
	}
	faceOf(window).press(view.KeySoft1)
	interop.WaitFor(t, 10*time.Second, "the call", func() bool { return strings.Contains(phone.Trace(), "INVITE sip:1@") })
	waitTitle(t, window, "Connected")
}
