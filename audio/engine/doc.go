// Package engine is the voice of one phone: it implements audio.Engine with
// sound cards (audio/device), streams (audio/stream) and tones (audio/tone).
//
// The card asks, nothing pushes. When the playback device wants a block, its
// callback adds up what the streams and tones give, sets the volume, limits and
// measures; when the capture device has a block, its callback passes it through
// mute to every stream, which encodes and sends it. Neither allocates, blocks
// or logs.
//
//	stream.Read ─┐
//	stream.Read ─┼─> volume ─> side tone ─> limiter ─┬─> card
//	tone, keys ──┘                                   └─> reference
//
//	                                              ┌─> stream.Write
//	card ─> echo ─> noise ─> level ─> gain, mute ─┼─> stream.Write
//	                                              └─> side tone
//
// In a conference what a stream says goes through a mix.Crossing to the other
// ones, as the two cards need not run by the same clock.
//
// Control is a goroutine of its own. Every method of [Engine] puts a command
// into its queue and returns; it opens and closes devices through device.Port
// and publishes what the callbacks shall do as an immutable graph that they
// pick up with one atomic load.
//
// While no path is selected the same callbacks serve a trial of devices: the
// microphone's level, and a recording that is played back. The ringer has a
// device of its own and rings beside a call, if that is not the ear's.
//
// A call never ends for want of a card. A missing half is clocked by the other
// one, and where there is neither, or the phone is on hook with calls on hold,
// a timer keeps streams and their packets going.
package engine
