package faceplate

import "deskset/phonecore/view"

// Phone is what a face works. Its methods are called from the window's
// goroutine and must not block; the phone posts them into its event loop.
type Phone interface {
	// Press and Release are the two ends of one key stroke. The face sends
	// exactly one Release for each Press, also when the pointer leaves the
	// key or the window loses the keyboard.
	Press(view.Key)
	Release(view.Key)
	// Type delivers text typed, pasted or dropped: runes for the screen's
	// editor, a number or a SIP URI, "\r" for Enter, "\b" for Backspace and
	// "\x1b" for Escape. The phone decides what they mean on its screen.
	Type(text string)
	// Control is a wish about the start-up, from the panel beside the face.
	Control(view.Control)
}

// Store keeps a few bytes for the face between runs: the window's size and
// place. Get returns nil when nothing was kept.
type Store interface {
	Get() []byte
	Put([]byte)
}

// Options of a window. The zero value is a whole face of the usual size.
type Options struct {
	// Title is shown until the first view brings its own.
	Title string
	// Compact starts with LCD, soft keys and line keys alone.
	Compact bool
	// OnTop asks for a window that stays above others.
	OnTop bool
	// StartUpPanel opens the panel beside the face from the beginning.
	StartUpPanel bool
	// Width of the face at start, in device-independent pixels, 480 to 2560;
	// 0 means the remembered size or 1060. The panel adds to it.
	Width float32
	// OnClosed runs after the window has closed.
	OnClosed func()
	// Store remembers size, place and compact mode; nil forgets them.
	Store Store
}
