// Package terminal is the phone's face in a terminal, for machines without a
// display, for scripts and for tests of a PBX: the LCD in a box, the lamps,
// and the keys on the keyboard (design/screens.md).
//
// On a terminal [Run] draws each view in place and turns key strokes into
// presses. With anything else for standard input it reads commands, one a
// line, and prints each changed screen:
//
//	screen idle
//	type 1
//	press soft1
//	expect Connected
//	wait 2s
//	press handset
//	quit
//
// The start-up is followed and controlled by the commands startup, pause, step,
// continue, replay and restart; on a terminal they are typed behind ":", which
// a script may write as well.
//
// [Text] is the drawing alone, a pure function from a view to lines.
package terminal
