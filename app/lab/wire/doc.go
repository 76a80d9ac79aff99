// Package wire reads and writes SIP messages for the lab (RFC 3261 section 7
// and 25).
//
// It is not the reader that the phone uses, on purpose. Two ends that share a
// parser agree on its errors; a lab that reads messages in its own way finds
// them. And a proxy must hand on what it does not understand exactly as it
// came: a Message keeps header values as text, in order, and parses only what
// is asked for.
//
// It is lenient in what it reads: lines that end in LF only, folded lines,
// compact names, white space around ";" "=" and "/" as peers of the RFC 2543
// era send it. It is strict about size.
//
//	m, err := wire.Parse(datagram)
//	via, err := m.TopVia()
package wire
