// Package edit is the model of the editing panel (guide 2-21, "Using the Cisco
// SIP IP Phone Menu Interface"): one line of text that the twelve keys of the
// dial pad write, with a mode for numbers and one for letters, in which a key
// pressed again within [TapTime] goes on to its next character.
//
//	f := edit.New("192.0.2.44", edit.Address())
//	f.Press('1')    // replaces the old value
//	f.Press('*')    // a dot
//	f.Insert("68")  // from a keyboard or the clipboard
//	text, changed := f.Value()
//
// The package has no clock: the caller calls [Field.Settle] when TapTime has
// passed since the last key. A secret leaves a Field through [Field.Value]
// only; [Field.View] shows stars.
package edit
