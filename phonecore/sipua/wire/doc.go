// Package wire is the text of SIP: messages, header fields, addresses and URIs
// (RFC 3261 sections 7, 19, 20 and 25), read leniently and written strictly.
//
//	m, err := wire.Parse(datagram)       // sipgo's parser beneath
//	from := wire.ParseAddress(m.Header.Get("From"))
//	bytes := m.Encode()
//
// Header values stay text until somebody asks for their meaning, so that what
// is not understood passes through unharmed: white space around ";" and "=",
// parameters without a value, schemes that nobody knows. Peers of the RFC 2543
// era send all of that.
package wire
