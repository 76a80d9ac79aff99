package main

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/lab"
	"deskset/app/play"
	"deskset/app/terminal"
	"deskset/faceplate/lcd"
	"deskset/phonecore/view"
)

// testTempo is that of a quick person.
var testTempo = terminal.Tempo{Hold: 20 * time.Millisecond, Gap: 40 * time.Millisecond}

// alone are the demos that change what all phones of a process share: the
// language.
var alone = []string{"language"}

// TestDemos plays every demo on a phone and a lab of its own, all at the same
// time: they mostly wait.
func TestDemos(t *testing.T) {
	noSettings(t)
	demos, err := play.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(demos) < 25 {
		t.Errorf("%d demos, want 25", len(demos))
	}
	var together []*player
	for _, demo := range demos {
		if slices.Contains(alone, demo.Name) {
			continue
		}
		// Made one after the other: each sets the process's name servers.
		together = append(together, demoPlayer(t, demo))
	}
	var players sync.WaitGroup
	for _, p := range together {
		players.Go(func() { t.Run(p.demo.Name, func(t *testing.T) { playDemo(t, p) }) })
	}
	players.Wait()
	for _, demo := range demos {
		if slices.Contains(alone, demo.Name) {
			t.Run(demo.Name, func(t *testing.T) { playDemo(t, demoPlayer(t, demo)) })
		}
	}
}

// demoPlayer makes the phone and the lab of a demo.
func demoPlayer(t *testing.T, demo play.Demo) *player {
	t.Helper()
	serving, stop, err := serveDemo(demo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	o, err := demoOptions(t.Context(), demo, append(serving, "-audio-none"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := build(t.Context(), o, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	return &player{deskset: d, demo: demo, tempo: testTempo, patience: 30 * time.Second}
}

func playDemo(t *testing.T, p *player) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	p.look = func(v view.View) { checkView(t, v, p.secrets()) }
	var screens bytes.Buffer
	if err := p.run(ctx, &screens); err != nil {
		t.Error(err)
	}
	if !strings.Contains(screens.String(), "» ") {
		t.Error("the demo has no captions")
	}
}

// secrets are the passwords that no screen may show.
func (d *deskset) secrets() (all []string) {
	if d.lab == nil {
		return nil
	}
	for _, a := range d.lab.Accounts() {
		all = append(all, a.Password)
	}
	return all
}

// checkView is what must hold for each view: nothing is cut off but the names and
// messages of the idle and call screens, which stand in full elsewhere, and no
// password shows.
func checkView(t *testing.T, v view.View, secrets []string) {
	for _, cut := range lcd.Shortened(&v) {
		if !slices.ContainsFunc(v.Screen.Rows, func(r view.Row) bool { return r.Text == cut }) {
			t.Errorf("%q: %q is cut off", v.Screen.Name, cut)
		}
	}
	words := strings.Join(terminal.Text(v, 200, false), "\n")
	for _, s := range secrets {
		if strings.Contains(words, s) {
			t.Errorf("%q shows a password", v.Screen.Name)
		}
	}
}

func TestPlaySaysHowItIsUsed(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "usage: deskset play"},
		{[]string{"-speed", "0", "unlock"}, 2, "usage: deskset play"},
		{[]string{"-nonsense"}, 2, "usage: deskset play"},
		{[]string{"-list"}, 0, "unlock "},
		{[]string{"no-such-demo"}, 1, `no demo is called "no-such-demo"`},
		{[]string{"unlock", "-nonsense"}, 1, "-nonsense"},
	} {
		var out bytes.Buffer
		if code := played(t.Context(), c.args, &out, &out); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%v: exit %d, %s", c.args, code, &out)
		}
	}
}

// TestDemoTellsTheLab proves that a demo can make the lab fail, call and
// notify, and what it hears if it cannot.
func TestDemoTellsTheLab(t *testing.T) {
	none := (&player{deskset: &deskset{}}).labCommands(t.Context())["lab"]
	if err := none.Run("call"); err == nil {
		t.Error("there is no lab, and it calls")
	}
	l, err := lab.Start(t.Context(), lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tell := (&player{deskset: &deskset{lab: l}}).labCommands(t.Context())["lab"]
	for args, want := range map[string]string{
		"fault no-switch": "", "fault none": "", "call": "",
		"fault nonsense": "nonsense", "notify": "", "notify check-sync": "registered", "sing": "sing", "": "knows",
	} {
		err := tell.Run(args)
		if (err == nil) != (want == "" && args != "notify") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("lab %s: %v", args, err)
		}
	}
}
