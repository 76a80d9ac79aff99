// Package transport carries SIP messages: UDP, TCP and TLS by RFC 3261
// section 18, with the limits that keep a hostile network from growing or
// stopping the program, and the way from a name to addresses (RFC 3263).
//
// Messages are parsed by sipgo's package sip (through package wire). The
// sockets are our own: sipgo's transport layer drops what it cannot parse
// without an answer, remembers every source address for ever, refuses
// datagrams over a limit that is global to the process, writes to streams
// without a deadline, and does not tell when a connection breaks, which a
// registered phone must know because it is unreachable from then on.
package transport
