// Package call is the state of a phone's calls and lines, whatever protocol
// carries them, and the one table of soft keys: which keys stand under the
// LCD in which state (design/screens.md). It holds no timers and no I/O; the
// phone's event loop owns every value.
package call
