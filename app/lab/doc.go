// Package lab is a telephone network in one process: with it the first
// double-click works, with no server, no network and no settings. It is the
// tests' network too.
//
// What it holds, all on loopback and on free ports:
//
//   - a TFTP server (RFC 1350, 2347-2349) whose root is made in memory: the
//     files that the guide's chapter 2 says a phone asks for;
//   - a registrar and stateful proxy (RFC 3261 sections 10 and 16) over UDP
//     and TCP with digest authentication, MD5 and SHA-256 (RFC 8760);
//   - talking extensions, see [Extensions]: echo, read-back of digits,
//     milliwatt, music, busy, no answer, redirection, call-back, a spoken menu.
//
// Faults may be switched on by name, see [Faults].
//
// Main use:
//
//	l, err := lab.Start(ctx, lab.Options{Log: log})
//	defer l.Close()
//	fmt.Println(l.TFTP(), l.MAC()) // give these to the phone
package lab
