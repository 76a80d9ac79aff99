package main

import "testing"

func TestDisplayNamesAreTakenApart(t *testing.T) {
	for display, want := range map[string]string{
		":0":               "unix /tmp/.X11-unix/X0",
		":99.1":            "unix /tmp/.X11-unix/X99",
		"unix:3":           "unix /tmp/.X11-unix/X3",
		"desk.example:10":  "tcp desk.example:6010",
		"":                 "",
		":":                "",
		":x":               "",
		"host:99999999999": "",
	} {
		network, address, ok := x11Address(display)
		got := network + " " + address
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("x11Address(%q) = %q, want %q", display, got, want)
		}
	}
}

func TestNoDisplayMeansNoWindow(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if displayAnswers() {
		t.Error("a display answers that is not there")
	}
	t.Setenv("DISPLAY", ":64999")
	if displayAnswers() {
		t.Error("a dead display answers")
	}
}
