package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/play"
	"deskset/app/terminal"
	"deskset/phonecore/sipua/siptest/flow"
)

// flowPatience is for a loaded machine.
const flowPatience = 60 * time.Second

// labFlows are call flows of the guide's Appendix B as a person finds them in
// the lab: the part that the phone has, and what is done with it. "settled"
// waits until no request is under way.
var labFlows = []struct{ figure, title, role, script string }{
	{"B-1", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft EndCall"},
	{"B-2", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft Hold; screen held; settled; soft Resume; screen connected; settled; soft EndCall"},
	{"B-3", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft BlndXfr; expect Transfer to; press 31; expect Transferred"},
	{"B-4", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft Hold; screen held; settled; soft Resume; screen connected; settled; soft EndCall"},
	{"B-5", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft Hold; screen held; settled; " +
		"soft NewCall; press 1; screen connected; settled; soft EndCall; expect From; settled; soft EndCall"},
	{"B-6", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; lab call; expect Call waiting; press scroll.down; soft Answer; screen connected; settled; " +
		"press scroll.up; soft Resume; settled; press speaker; screen held; settled; press speaker; screen connected; settled; soft EndCall"},
	{"B-7", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft BlndXfr; expect Transfer to; press 31; expect Transferred"},
	{"B-8", "", "B", "lab call; screen incoming; soft Answer; screen connected; settled; soft Trnsfer; expect Transfer to; press 31; expect Trnsfer puts them through; settled; " +
		"soft Trnsfer; expect Transferred"},
	{"B-9", "", "A", "press 1; soft Dial; screen connected; settled; soft EndCall"},
	{"B-9", "Phone-to-phone: call forwarding by a redirect", "A", "press 6; soft Dial; screen connected; settled; soft EndCall"},
	{"B-10", "", "B", "soft DND; lab call; settled 1"},
	{"B-11", "", "B", "lab call; screen incoming; lab give-up"},
	{"B-12", "", "B", "soft DND; lab call; settled 1"},
	{"B-13", "", "B", "lab call; screen incoming; lab give-up; screen idle; expect 1 missed call"},
	{"B-14", "Phone-to-gateway", "A", "press 44; soft Dial; screen failed; expect Not found; settled; soft EndCall; " +
		"press 46; soft Dial; screen failed; expect Server trouble; settled; soft EndCall; press 47; soft Dial; screen failed; settled; soft EndCall"},
	{"B-15", "", "A", "press 4; soft Dial; screen failed; expect Busy; settled; soft EndCall"},
	{"B-15", "", "B", "soft DND; lab call; settled 1"},
	{"B-16", "", "A", "press 5; soft Dial; screen ringout; soft EndCall"},
	{"B-16", "", "B", "lab call; screen incoming; lab give-up; screen idle; expect 1 missed call"},
	{"B-17", "", "A", "press 1; soft Dial; screen connected; settled; soft EndCall"},
}

// TestAppendixBInTheLab works a phone in the lab and compares its trace with
// the tables of Appendix B, call by call, message by message.
func TestAppendixBInTheLab(t *testing.T) {
	noSettings(t)
	var prepared []func() // made one after the other: each phone sets the process's name servers
	for _, f := range labFlows {
		trace := filepath.Join(t.TempDir(), "trace")
		p := demoPlayer(t, play.Demo{
			Name: f.figure, Start: []string{"-lab", "-fast", "-trace", trace},
			Text: "screen idle\nregistered\n" + strings.ReplaceAll(f.script, "; ", "\n") + "\nscreen idle\nsettled\n",
		})
		prepared = append(prepared, func() {
			t.Run(f.figure+" as "+f.role+" "+f.title, func(t *testing.T) {
				if err := p.play(t.Context(), trace); err != nil {
					t.Fatal(err)
				}
				if d := flow.Difference(flow.Titled(f.figure, f.title).Seen(f.role, flow.Modern), calls(trace)); d != "" {
					t.Error(d)
				}
				if text, _ := os.ReadFile(trace); f.figure == "B-17" && !strings.Contains(string(text), "SIP/2.0 407 ") {
					t.Error("the call was not challenged")
				}
			})
		})
	}
	var players sync.WaitGroup
	for _, p := range prepared {
		players.Go(p)
	}
	players.Wait()
}

// play is run with a command that waits for the trace.
func (p *player) play(ctx context.Context, trace string) error {
	phoneCtx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.phone.Run(phoneCtx) }()
	commands := p.labCommands(ctx)
	commands["settled"] = terminal.Command{Usage: "settled [CALLS]", Run: func(least string) error {
		return eventually(func() bool {
			all := calls(trace)
			return flow.Quiet(all) && len(all) >= len(least)
		})
	}}
	commands["registered"] = terminal.Command{Usage: "registered", Run: func(string) error {
		return eventually(func() bool { return len(p.lab.Registrations()) == len(p.lab.Accounts()) })
	}}
	s := terminal.Script{Name: p.demo.Name, Tempo: testTempo, Commands: commands, NoScreens: true}
	err := terminal.RunScript(ctx, p.phone, p.phone.Follow(viewsHeld), strings.NewReader(p.demo.Text), io.Discard, terminal.Options{Script: s, ExpectWait: flowPatience})
	stop()
	return errors.Join(err, <-ended)
}

// calls are those of a trace so far.
func calls(trace string) []flow.Conversation {
	text, err := os.ReadFile(trace)
	if err != nil {
		return nil // not begun
	}
	return flow.Conversations(string(text))
}

// eventually waits for a condition.
func eventually(met func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(flowPatience)
	for !met() {
		select {
		case <-tick.C:
		case <-late:
			return errors.New("requests are under way still, or nothing is registered")
		}
	}
	return nil
}
