// Package tftpd is the lab's TFTP server: RFC 1350 with the options of RFC 2347
// to 2349 (blksize, tsize, timeout), read only, files out of memory. It is the
// lab's own, and not the library that the phone's client is made of, so that
// the two do not share their errors, and because a server that can be ill on
// demand must have each packet in its hands; see [Fault].
//
//	s, err := tftpd.Start(tftpd.Options{Listen: addr, Open: tree.Open})
//	defer s.Close()
//
// One goroutine takes the requests; each transfer has a socket (its transfer
// identifier, RFC 1350 section 4) and a goroutine of its own. Nothing a client
// sends makes it hold more than so many transfers, for longer than a client
// that says nothing is waited for.
package tftpd
