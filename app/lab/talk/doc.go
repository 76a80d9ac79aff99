// Package talk is the far end's voice of the lab: one Session for each call
// that a number of the lab has answered. It negotiates SDP (RFC 3264, RFC 4566
// as far as a phone needs it), sends and receives RTP (RFC 3550, G.711 of RFC
// 3551, telephone-events of RFC 4733), reports by RTCP, and does what the
// number's service does.
//
// The exchange calls New, Answer or Offer/Accept, Start and Close, and never
// waits. One goroutine owns a session's media: it reads packets until the next
// 20 ms tick is due, then sends a frame.
//
// Its SDP reader is its own, as the lab's SIP reader is: see package wire.
package talk
