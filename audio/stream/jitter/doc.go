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
// Playout delay ([delays]): nearly all packets of the last 5 s must have arrived
// in time, and 3 ms are kept above that. The delay follows by taking out or
// repeating pitch periods ([Buffer.stretch]) and, more freely, wherever there is
// silence or a gap.
//
// A gap ([gap]) is filled by the codec, if it can recover a packet from the next or
// make comfort noise; else by going on with what excited the voice last, through
// the filter that made it ([concealer]), which fades within 60 ms and is better
// than ITU-T G.711 Appendix I as spandsp has it, and than what G.729 and Opus make
// up themselves. Sequence numbers
// tell whether a gap was a loss or silence that nobody sent, and keep duplicates
// from being taken for late packets ([arrived]).
//
// A buffer belongs to the playback callback. Everything is allocated by [New].
package jitter
