// Package lab is a telephone network in one process: with it the first
// double-click works, with no server, no network and no settings. It is the
// tests' network and the trainer's, too.
//
// What it holds, all on loopback and on free ports:
//
//   - an Ethernet port for the phone, [Lab.Port], on a segment in memory, where
//     a switch announces the voice VLAN and a DHCP server gives addresses
//     (network.go);
//   - a TFTP server (package tftpd) and, on demand, an HTTP server that show
//     one tree of files (package tree): those that the guide's chapter 2 says a
//     phone asks for, made in memory, under those of a directory of the user's
//     (files.go, files_xml.go, image.go, ring.go);
//   - a registrar and stateful proxy (RFC 3261 sections 10 and 16) over UDP
//     and TCP with digest authentication, MD5 and SHA-256 (RFC 8760), and a
//     second one on demand (package exchange);
//   - talking extensions, see [Extensions]: echo, read-back of digits,
//     milliwatt, music, busy, no answer, redirection, call-back, a spoken menu.
//
// Faults may be switched on by name, alone and together, at the start and while
// the lab runs: see [Scenarios], whose one table is in scenarios.go.
//
// Main use:
//
//	l, err := lab.Start(ctx, lab.Options{Log: log})
//	defer l.Close()
//	fmt.Println(l.TFTP(), l.MAC()) // give these to the phone
//
// A phone that starts from the cable has its address and that of the TFTP
// server from the simulated network; what it sends there goes to where
// [Lab.Translate] says.
package lab
