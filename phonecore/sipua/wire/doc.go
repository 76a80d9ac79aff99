// Package wire is the text of SIP: messages, header fields, addresses and URIs
// (RFC 3261 sections 7, 19, 20 and 25), read leniently and written strictly.
package wire
