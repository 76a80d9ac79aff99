// Package port lets a phone without any right have an Ethernet port of its own:
// a small helper with the rights (CAP_NET_RAW, CAP_NET_ADMIN; Linux) owns the
// port and serves it over a Unix socket. The window never runs with privileges.
//
//	sudo deskset port -interface eth1 &
//	deskset -port /run/deskset-port.sock
//
// What the phone can do that way is what a link.Port offers, on that one
// interface, and less: it can send only CDP, LLDP, ARP and DHCP requests from
// the port's own hardware address. The socket is its owner's alone, and each
// connection is asked who it is. There is one phone at a time; when it goes,
// all that it set is undone.
//
// On the socket go messages: four bytes of length, a byte that says which kind,
// then for control a JSON object, for a frame four bytes with the number of its
// wire and the frame, for the carrier one byte. All numbers are big-endian.
package port
