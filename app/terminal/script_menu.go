package terminal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"deskset/phonecore/view"
)

// Commands that name what a person sees, not where it is: a script reads as the
// guide does ("Highlight Network Configuration. Press the Select soft key").

// say shows a caption, and gives people the time to read it.
func (s *script) say(text string) error {
	text = clean(text)
	if s.opts.Caption != nil {
		s.opts.Caption(text)
	} else if err := printLines(s.out, []string{"» " + text}); err != nil {
		return err
	}
	if s.opts.Tempo.Letter <= 0 {
		return nil
	}
	return s.pass(s.opts.Tempo.Caption + time.Duration(utf8.RuneCountInString(text))*s.opts.Tempo.Letter)
}

func (s *script) title(text string) error { return s.say(text) }

// soft presses the soft key with a label, behind "more" if need be.
func (s *script) soft(label string) error {
	if label == "" {
		return errors.New("soft: want the word above a soft key")
	}
	for range 3 {
		at, more := -1, false
		err := s.until(func() bool {
			soft := s.view.Screen.Soft[:]
			at, more = slices.Index(soft, label), soft[view.NumSoftKeys-1] == moreLabel
			return at >= 0 || more
		}, "soft key %q", label)
		if err != nil {
			return err
		}
		if at >= 0 {
			return s.stroke(view.SoftKey(at+1), s.opts.Tempo.Hold)
		}
		if err := s.stroke(view.KeySoft4, s.opts.Tempo.Hold); err != nil {
			return err
		}
	}
	return fmt.Errorf("no soft key %q, behind %s neither", clean(label), moreLabel)
}

// moreLabel is what the phone's last soft key says when there are more of them.
const moreLabel = "more"

// highlight moves the bar to the item whose label begins with a text, by the
// scroll key.
func (s *script) highlight(label string) error {
	to := func() int {
		return slices.IndexFunc(s.view.Screen.Items, func(i view.Item) bool { return strings.HasPrefix(i.Label, label) })
	}
	if err := s.until(func() bool { return to() >= 0 }, "item %q", label); err != nil {
		return err
	}
	for range len(s.view.Screen.Items) {
		from := s.view.Screen.Selected
		key := view.KeyScrollDown
		switch at := to(); {
		case at == from:
			return nil
		case at < from:
			key = view.KeyScrollUp
		}
		if err := s.stroke(key, s.opts.Tempo.Hold); err != nil {
			return err
		}
		if err := s.until(func() bool { return s.view.Screen.Selected != from }, "the bar to move to %q", label); err != nil {
			return err
		}
	}
	return s.highlighted(label)
}

// highlighted waits until the bar is on an item that has a text.
func (s *script) highlighted(text string) error {
	return s.until(func() bool {
		items, at := s.view.Screen.Items, s.view.Screen.Selected
		return at >= 0 && at < len(items) && strings.Contains(items[at].Label+" "+items[at].Value, text)
	}, "%q highlighted", text)
}

var padlocks = map[string]view.Icon{"locked": view.IconLocked, "unlocked": view.IconUnlocked, "none": view.IconNone}

func (s *script) padlock(state string) error {
	icon, ok := padlocks[state]
	if !ok {
		return fmt.Errorf("a padlock is locked, unlocked or none, not %q", clean(state))
	}
	return s.until(func() bool { return s.view.Screen.Status.Icon == icon }, "padlock %s", state)
}

var lineIcons = map[string]view.Icon{
	"on-hook": view.IconOnHook, "off-hook": view.IconOffHook, "ringing": view.IconRinging, "speed-dial": view.IconSpeedDial,
}

// icon waits for the icon beside a line key.
func (s *script) icon(args string) error {
	key, name, _ := strings.Cut(args, " ")
	icon, ok := lineIcons[name]
	n, err := strconv.Atoi(key)
	if !ok || err != nil || n < 1 || n > view.NumLines {
		return fmt.Errorf("icon %q: want the number of a line key and on-hook, off-hook, ringing or speed-dial", clean(args))
	}
	return s.until(func() bool { return s.view.Screen.Lines[n-1].Icon == icon }, "icon %d %s", n, name)
}

func (s *script) contrast(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("contrast %q: want a number", clean(number))
	}
	return s.until(func() bool { return s.view.Contrast == n }, "contrast %d", n)
}
