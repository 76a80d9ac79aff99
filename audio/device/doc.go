// Package device is the sound cards: it lists them, opens them by name or as
// the system's default, and keeps one open for as long as somebody wants it,
// through unplugging, servers that die and callbacks that silently stop
// (issue "Voice", item 5).
//
// A [Backend] is a way to sound: [NewMalgo] for real cards (the only importer
// of malgo in the project), [Null] that keeps time and has no sound, [NewFile]
// that plays and writes WAV files, [NewManual] whose clock a test turns.
//
// A [Device] runs in one direction. Capture and playback are always two
// devices: one duplex device costs 18 ms from click to click where two cost 3
// (design/dependencies.md). Every device works at 48 kHz, mono, float32, full
// scale ±1.0, and calls its owner back from a thread of its own; the callback
// must neither allocate nor block, and blocks vary in length.
//
// A [Port] is what an engine holds: one direction of one role, with watchdog,
// fall-back and return.
//
//	port := device.NewPort(device.PortConfig{Backend: b, Kind: device.Playback, Data: render, Notify: tell})
//	port.Want("USB Headset") // returns at once
//	port.Release()           // closes the device, returns at once
//	port.Close()             // ends the port and waits
package device
