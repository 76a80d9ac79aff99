// Package jitter is the playout buffer of one stream: packets go in as the
// network delivers them, an even flow of samples comes out, as late as needed
// and no later.
//
//	b := jitter.New(8000, 8000)
//	b.SetDecoders(&decoders)
//	b.Put(packet)   // what has arrived since the last Pull
//	b.Pull(samples) // what the sound card wants now
//
// The buffer has no clock: time is the number of samples pulled. A packet's
// arrival is the pull before which it was put, and that is exactly when it can
// be played first, so the coarseness of a sound card's periods costs nothing.
// For the same reason a sender's clock that runs fast or slow against the card
// shows as a slow drift of arrivals, and is followed like any other change of
// delay.
//
// Playout delay ([delays]): nearly all of the last 256 packets must have
// arrived in time. The delay follows by taking out or repeating pitch periods
// ([Buffer.stretch]) and, more freely, wherever there is silence or a gap. What
// is missing is made up by going on with what excited the voice last, through
// the filter that made it, and fades within 60 ms ([concealer]): better than
// ITU-T G.711 Appendix I, as spandsp has it.
//
// A buffer belongs to the playback callback. Everything is allocated by [New].
package jitter
