// Package tftp fetches files by TFTP: RFC 1350 with the option extension of
// RFC 2347, blksize of RFC 2348 and tsize of RFC 2349. It reads only, in octet
// mode, which is all that the phone does (guide 2-4):
//
//	var c tftp.Client
//	data, err := c.Fetch(ctx, netip.MustParseAddrPort("192.0.2.1:69"), "SIPDefault.cnf")
//
// Download does the same for what is too large to stand in memory.
//
// The transfer is carried out by the client of github.com/pin/tftp: requests,
// acknowledgements, repetition and the counting of blocks are its. It cannot be
// trusted with a server, though. It cuts oversize packets and calls that
// success, takes block sizes that nobody asked for, loses the data of those
// below 512, knows option names in small letters only, ignores ICMP, and has
// neither limits nor a context. It gives no access to its socket either, so it
// is given the address of a guard on the loopback interface, which passes the
// packets of both sides on and lets none through that the client would not
// digest:
//
//	pin's client  <->  127.0.0.1 [guard] own port  <->  server
//
// What a server may do is bounded by the guard: time without progress, the
// rate below which a transfer ends, the size of a file, what its options may
// say, and the text of its errors. Whatever breaks a bound ends the transfer at
// once; options that cannot be used have it repeated without any (RFC 2347).
// On the side of the client the guard hears one address only, and makes sure
// that the client hears only the guard, so that neither parallel transfers nor
// other programs on this machine can interfere.
package tftp
