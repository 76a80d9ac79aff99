// Package record keeps a call in a file: the person left, the far side right, in
// step with each other.
//
//	r := record.New(record.Options{Folder: dir, Name: record.Name(now, "Bob", false), Format: record.WAV})
//	go r.Run()             // writes until Stop
//	engine.Tape(stream, r) // Take, from the callback of a sound card
//	r.Stop()
//
// [Recorder.Take] neither waits nor allocates: it puts blocks into a ring. Run
// empties it ten times a second on a goroutine of its own, so that a disk that
// stalls, is full or gone costs the recording and not the call. What the ring had
// no room for becomes silence of the same length.
//
// WAV is 16-bit PCM at 16 kHz; its header is written anew each second, so that a
// program that dies leaves a file that plays. Opus is Ogg/Opus (RFC 7845), two
// streams of one channel each, which share nothing: what one says is never heard
// faintly in the other's channel.
package record
