package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"deskset/app/instance"
)

func TestWhoHandsOver(t *testing.T) {
	home := noSettings(t)
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, test := range []struct {
		args []string
		key  string // of the phone that runs; empty for the default
		want bool
	}{
		{[]string{}, "", true},
		{[]string{"tel:1"}, "", true},
		{[]string{"SIP:ada@example.com"}, "", true},
		{[]string{"-verbose"}, "", false},
		{[]string{"-terminal"}, "", false},
		{[]string{"-flash", home + "/other"}, "", false},
		{[]string{"-flash", home + "/other", "tel:1"}, home + "/other", true},
		{[]string{"-lab"}, labKey, false},
		{[]string{"-lab", "tel:1"}, labKey, true},
		{[]string{"-lab", "tel:1"}, "", false},
	} {
		o, err := parseOptions(t.Context(), test.args, devNull(t), io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		key := test.key
		if key == "" {
			if key, err = (&options{}).phoneKey(); err != nil {
				t.Fatal(err)
			}
		}
		l, err := instance.Listen(key, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		if got := o.handOver(); got != test.want {
			t.Errorf("%q hands over to %s: %v, want %v", test.args, key, got, test.want)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestArgumentsThatAreNoLinks(t *testing.T) {
	noSettings(t)
	for _, args := range [][]string{{"hello"}, {"mailto:x@y"}, {"tel:1", "tel:2"}, {"tel:"}} {
		if _, err := parseOptions(t.Context(), args, devNull(t), io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

// TestDesktopHandsOverTheLinksThatTheProgramTakes: what a click on a link
// starts, the program understands.
func TestDesktopHandsOverTheLinksThatTheProgramTakes(t *testing.T) {
	entry, err := os.ReadFile("../packaging/linux/" + appID + ".desktop")
	if err != nil {
		t.Fatal(err)
	}
	want := "\nMimeType="
	for _, scheme := range linkSchemes {
		want += "x-scheme-handler/" + strings.TrimSuffix(scheme, ":") + ";"
	}
	if !strings.Contains(string(entry), want+"\n") {
		t.Errorf("the desktop entry has not the line %s", want[1:])
	}
}
