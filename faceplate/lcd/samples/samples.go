// Package samples holds views of every kind of screen, made by hand: for the
// golden tests of the LCD, for screenshots of a face without a phone and for
// the pictures in the README. What a real phone publishes is the business of
// phonecore; these only look like it, and hold no secret.
package samples

import "deskset/phonecore/view"

// A Sample is one view with a name that serves as a file name.
type Sample struct {
	Name string
	View view.View
}

// Get finds a sample by its name.
func Get(name string) (view.View, bool) {
	for _, s := range All() {
		if s.Name == name {
			return s.View, true
		}
	}
	return view.View{}, false
}

// All makes every sample. The caller owns what it gets.
func All() []Sample {
	var out []Sample
	for _, group := range [][]Sample{startUp(), timeline(), calls(), menus(), pages(), limits(), icons()} {
		out = append(out, group...)
	}
	return out
}

// contrast is the middle of its range, at which phones leave the factory.
const contrast = 10

func sample(name string, screen view.Screen) Sample {
	screen.Name = name
	return Sample{Name: name, View: view.View{
		Screen: screen, BlinkOn: true, Contrast: contrast, Title: "Deskset",
	}}
}

// off is the same sample in the other half of the blinking period.
func off(s Sample) Sample {
	s.Name += "-off"
	s.View.BlinkOn = false
	return s
}

func soft(labels ...string) (out [view.NumSoftKeys]string) {
	copy(out[:], labels)
	return out
}
