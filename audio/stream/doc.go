// Package stream is the media of one call: RTP and RTCP (RFC 3550, profile
// RFC 3551), the playout buffer, digits (RFC 4733 and in-band) and statistics.
//
//	s, err := stream.New(audio.StreamConfig{})  // binds the ports
//	offer.Port = s.LocalPort()
//	err = s.Start(params)                       // the answer is there
//	s.Write(captured)                           // capture callback
//	s.Read(playing)                             // playback callback
//	err = s.Close()
//
// Who owns what:
//
//   - The event loop calls the methods of audio.Stream. [Stream.Start] hands
//     over an immutable session by an atomic pointer.
//   - The capture callback calls [Stream.Write]: digits and resampling. Voice
//     goes packet by packet, by a lock-free ring, to the sending goroutine,
//     because a socket may block, and some encoders allocate; a callback must not.
//   - The sending goroutine owns encoders, silence, sequence numbers, headers and
//     RTCP reports.
//   - The receiving goroutines read the sockets, judge sources, find digits and
//     pass voice by another ring to the playback callback.
//   - The playback callback calls [Stream.Read], which owns the playout buffer.
//
// Neither callback allocates, blocks, or takes a lock.
package stream
