package main

import (
	"context"
	"log/slog"
	"testing"

	"deskset/phonecore"
	"deskset/phonecore/view"
)

func TestLocaleInTheOrderOfPOSIX(t *testing.T) {
	for _, c := range []struct {
		environ []string
		want    string
	}{
		{nil, ""},
		{[]string{"LANG=de_DE.UTF-8"}, "de_DE.UTF-8"},
		{[]string{"LANG=de_DE.UTF-8", "LC_MESSAGES=es_ES"}, "es_ES"},
		{[]string{"LC_ALL=C", "LANG=de_DE.UTF-8", "LC_MESSAGES=es_ES"}, "C"},
		{[]string{"LC_ALL=", "LANG=de"}, "de"},
	} {
		if got := locale(c.environ); got != c.want {
			t.Errorf("%q: %q, want %q", c.environ, got, c.want)
		}
	}
}

func TestFirstStepsAreForAPersonWhoCanAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		o    options
		want phonecore.FirstRun
	}{
		"window":       {options{}, phonecore.FirstRunIfEmpty},
		"script":       {options{terminal: true}, phonecore.FirstRunNever},
		"once":         {options{terminal: true, once: true}, phonecore.FirstRunNever},
		"lab":          {options{lab: true}, phonecore.FirstRunNever},
		"account":      {options{account: true}, phonecore.FirstRunNever},
		"asked for it": {options{lab: true, firstRun: true}, phonecore.FirstRunAlways},
	} {
		if got := c.o.firstSteps(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestTheLabIsTriedFromTheFirstPage goes from an empty phone to one that has
// registered with the lab, by one key.
func TestTheLabIsTriedFromTheFirstPage(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	o := &options{firstRun: true, fast: true, audioNull: true}
	d, err := build(t.Context(), o, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.phone.Run(ctx) }()
	views := d.phone.Subscribe()
	for v := range views {
		if v.Screen.Name == "firstrun" {
			break
		}
	}
	d.phone.Press(view.Key1)
	d.phone.Release(view.Key1)
	for v := range views {
		if v.Screen.Name == "firstrun" {
			d.phone.Press(view.Key4) // -first-run asks at each start
		}
		if v.Screen.Name == "idle" && v.Screen.Lines[0].Icon == view.IconOnHook {
			break
		}
		if v.Screen.Name == "firstrun.trouble" {
			t.Errorf("%q", v.Screen.Text)
			break
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if stored, err := d.flash.Load(); err != nil || len(stored) > 0 {
		t.Errorf("the lab changed the flash: %v %v", stored, err)
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
}
