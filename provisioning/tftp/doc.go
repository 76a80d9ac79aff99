// Package tftp fetches files by TFTP: RFC 1350 with the option extension of
// RFC 2347, blksize of RFC 2348 and tsize of RFC 2349. It reads only, in octet
// mode, which is all that the phone does (guide 2-4):
//
//	var c tftp.Client
//	data, err := c.Fetch(ctx, netip.MustParseAddrPort("192.0.2.1:69"), "SIPDefault.cnf")
//
// The receiving side is our own. github.com/pin/tftp, which serves the lab and
// is the oracle of the tests here, cannot be wrapped to be safe as a client:
// it cuts oversize packets and calls that success, takes block sizes that
// nobody asked for, ignores the options that it cannot use and with them the
// data, and gives no access to its socket, so that neither can be noticed from
// outside.
//
// What a server may do is bounded here: time without progress, the rate below
// which a transfer ends, the size of a file, what its options may say, and the
// text of its errors.
package tftp
