package terminal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"deskset/phonecore/view"
)

// commands are what a script can say.
var commands = map[string]command{
	"title":       {"title TEXT", (*script).title},
	"start":       {"start FLAGS", nothing},
	"serve":       {"serve services", nothing},
	"say":         {"say TEXT", (*script).say},
	"press":       {"press KEY... | press DIGITS", (*script).press},
	"hold":        {"hold KEY DURATION", (*script).hold},
	"soft":        {"soft LABEL", (*script).soft},
	"highlight":   {"highlight ITEM", (*script).highlight},
	"type":        {"type TEXT", (*script).typeText},
	"expect":      {"expect TEXT", (*script).expect},
	"absent":      {"absent TEXT", (*script).absent},
	"highlighted": {"highlighted TEXT", (*script).highlighted},
	"padlock":     {"padlock locked|unlocked|none", (*script).padlock},
	"contrast":    {"contrast NUMBER", (*script).contrast},
	"screen":      {"screen NAME", (*script).screen},
	"passed":      {"passed NAME", (*script).passed},
	"lamp":        {"lamp message|headset|mute|speaker on|off|blinking", (*script).lamp},
	"icon":        {"icon LINE on-hook|off-hook|ringing|speed-dial", (*script).icon},
	"wait":        {"wait DURATION", (*script).wait},
	"timeout":     {"timeout DURATION", (*script).setTimeout},
	"show":        {"show", (*script).show},
	"echo":        {"echo TEXT", (*script).echo},
	"usage":       {"usage [goroutines]", (*script).usage},
	"startup":     {"startup", (*script).showTimeline},
	"stage":       {"stage pending|running|done|failed|skipped NAME", (*script).stage},
	"pause":       {"pause", control(view.ControlPause)},
	"step":        {"step", control(view.ControlStep)},
	"continue":    {"continue", control(view.ControlContinue)},
	"replay":      {"replay", control(view.ControlReplay)},
	"restart":     {"restart", control(view.ControlRestart)},
	"quit":        {"quit", func(*script, string) error { return errQuit }},
}

// nothing: the line is for the program that starts the phone.
func nothing(*script, string) error { return nil }

// keyGap is the time from a key's release to the next.
const keyGap = 20 * time.Millisecond

func (s *script) show(string) error {
	return printLines(s.out, s.style.lines(s.view, s.style.width))
}

// echo marks a place in the output, for programs that read it.
func (s *script) echo(text string) error {
	return printLines(s.out, []string{clean(text)})
}

func (s *script) press(args string) error {
	keys, err := parseKeys(args)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := s.stroke(k, s.opts.Tempo.Hold); err != nil {
			return err
		}
	}
	return nil
}

// stroke presses a key for a time and lets the gap between keys pass.
func (s *script) stroke(k view.Key, hold time.Duration) error {
	clear(s.past)
	s.keys.stroke(k, hold)
	return s.pass(hold + s.opts.Tempo.Gap)
}

// parseKeys reads key names, or digits written together.
func parseKeys(args string) ([]view.Key, error) {
	var keys []view.Key
	for _, word := range strings.Fields(args) {
		if k, err := view.ParseKey(word); err == nil {
			keys = append(keys, k)
			continue
		}
		for _, r := range word {
			k := view.DigitKey(r)
			if k == view.KeyNone {
				return nil, fmt.Errorf("no key is named %q: want digits or one of %s", clean(word), strings.Join(KeyNames(), ", "))
			}
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("press: want names of keys, or digits")
	}
	return keys, nil
}

// KeyNames are the keys as scripts name them, without the digits.
func KeyNames() (names []string) {
	for _, k := range view.Keys() {
		if d := k.Digit(); d < '0' || d > '9' {
			names = append(names, k.String())
		}
	}
	return names
}

func (s *script) hold(args string) error {
	name, length, _ := strings.Cut(args, " ")
	k, err := view.ParseKey(name)
	if err != nil {
		return err
	}
	d, err := duration(length)
	if err != nil {
		return err
	}
	return s.stroke(k, d)
}

// typeText sends text rune by rune, as a keyboard does; text with an @ is an
// address and goes as a whole, as pasted.
func (s *script) typeText(text string) error {
	if utf8.RuneCountInString(text) > 1 && strings.Contains(text, "@") {
		s.phone.Type(text)
		return s.typed()
	}
	for _, r := range text {
		s.phone.Type(string(r))
		if err := s.typed(); err != nil {
			return err
		}
	}
	return nil
}

// typed lets people see what was typed, where they are to.
func (s *script) typed() error {
	if s.opts.Tempo.Gap <= keyGap {
		return nil
	}
	return s.pass(s.opts.Tempo.Gap)
}

func (s *script) expect(text string) error {
	return s.until(func() bool { return strings.Contains(content(s.view), text) }, "%q on the screen", text)
}

func (s *script) absent(text string) error {
	return s.until(func() bool { return !strings.Contains(content(s.view), text) }, "no %q on the screen", text)
}

func (s *script) screen(name string) error {
	return s.until(func() bool { return s.view.Screen.Name == name }, "screen %s", name)
}

// passed waits for a screen that may have gone again: the start-up is fast.
func (s *script) passed(name string) error {
	return s.until(func() bool { return s.past[name] }, "screen %s to have been there", name)
}

func (s *script) lamp(args string) error {
	name, want, _ := strings.Cut(args, " ")
	for i, lamp := range lampNames {
		if lamp.name != name {
			continue
		}
		state := slices.Index(lampStates, want)
		if state < 0 {
			return fmt.Errorf("a lamp is on, off or blinking, not %q", clean(want))
		}
		return s.until(func() bool { return s.view.Lamps[i] == view.LampState(state) }, "lamp %s %s", name, want)
	}
	return fmt.Errorf("no lamp is named %q: want message, headset, mute or speaker", clean(name))
}

var lampStates = []string{view.LampOff: "off", view.LampOn: "on", view.LampBlinking: "blinking"}

func (s *script) wait(args string) error {
	d, err := duration(args)
	if err != nil {
		return err
	}
	return s.pass(d)
}

func (s *script) setTimeout(args string) (err error) {
	d, err := duration(args)
	if err == nil {
		s.timeout = d
	}
	return err
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%q is no time like 500ms or 2s", clean(text))
	}
	return d, nil
}

// content is all text of a screen, uncut, one piece a line: what expect
// searches.
func content(v view.View) string {
	s := v.Screen
	pieces := []string{s.Status.Left, s.Status.Right, s.Title, s.Message, s.Prompt, s.Edit.Text, v.Title}
	pieces = append(pieces, s.Text...)
	pieces = append(pieces, strings.Join(s.Text, " ")) // a sentence over several lines
	pieces = append(pieces, s.Soft[:]...)
	for _, r := range s.Rows {
		pieces = append(pieces, r.Text, r.Right)
	}
	for _, l := range s.Lines {
		pieces = append(pieces, l.Text)
	}
	for _, item := range s.Items {
		pieces = append(pieces, item.Label+" "+item.Value)
	}
	for i := range pieces {
		pieces[i] = clean(pieces[i])
	}
	return strings.Join(pieces, "\n")
}
